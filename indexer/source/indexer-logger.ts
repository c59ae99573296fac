/** What the indexer writes its progress to; a pino logger is one. */
export interface IndexerLogger {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

const nothing = (): void => undefined

/** Writes nothing. */
export const silentLogger: IndexerLogger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
}
