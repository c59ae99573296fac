/** What the server needs of a logger; a pino logger fits. */
export interface ServerLogger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
