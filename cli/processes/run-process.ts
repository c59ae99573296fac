import type { Logger } from 'pino'
import { isErrorWithCode } from '../../schema/errors.ts'
import type { Config } from '../config/read-config.ts'
import { createLogger } from '../console/create-logger.ts'
import type { Reporter } from '../console/reporter.ts'
import { runCommand } from '../console/run-command.ts'
import { version } from '../version.ts'
import { describeConfig } from './describe-config.ts'

/** Supervisors wait longer before they kill, and everything that lasts survives a kill. */
const patienceMs = 4_700
const lingerMs = 200

export interface ProcessContext<C extends Config> {
  readonly config: C
  readonly logger: Logger
  readonly reporter: Reporter
  /** Aborts at SIGTERM and SIGINT. */
  readonly signal: AbortSignal
}

/**
 * Runs a lasting process: one line in its log when it starts and one that says why it stopped.
 *
 * After SIGTERM or SIGINT it ends with exit code 0 within 5 s, whatever still hangs.
 *
 * @param options.quiet logs warnings only, if nothing is configured: a person started it.
 * @param read reads and checks the configuration; its errors end the process.
 */
export async function runProcess<C extends Config>(
  name: string,
  options: { readonly json?: boolean | undefined; readonly quiet?: boolean },
  read: () => C,
  body: (context: ProcessContext<C>) => Promise<void>,
): Promise<void> {
  await runCommand(options, async ({ reporter, signal }) => {
    const config = read()
    const logger = createLogger(
      options.quiet === true ? config.logLevel : config.processLogLevel,
    ).child({ process: name })
    const began = performance.now()
    const seconds = () => Math.round(performance.now() - began) / 1000
    logger.info({ version, node: process.version, config: describeConfig(config) }, 'starts')
    let over = false
    signal.addEventListener('abort', () => endInTime(logger, () => over), { once: true })
    try {
      await body({ config, logger, reporter, signal })
    } catch (error) {
      if (!signal.aborted || !isInterruption(error)) {
        const reason = isErrorWithCode(error) ? error.code : 'INTERNAL'
        logger.error({ reason, seconds: seconds(), err: error }, 'stopped')
        throw error
      }
    }
    over = true
    logger.info({ reason: reasonOf(signal), seconds: seconds() }, 'stopped')
    // Nothing is left to do; what still keeps the process alive is an idle socket or a timer.
    if (signal.aborted) setTimeout(() => process.exit(0), lingerMs).unref()
    return 0
  })
}

/** Ends the process when it has not stopped in the time that a supervisor grants. */
function endInTime(logger: Logger, isOver: () => boolean): void {
  setTimeout(() => {
    if (!isOver()) logger.warn({ patienceMs }, 'ended before everything had stopped')
    process.exit(0)
  }, patienceMs).unref()
}

const isInterruption = (error: unknown) =>
  isErrorWithCode(error, 'INTERRUPTED') || (error instanceof Error && error.name === 'AbortError')

function reasonOf({ aborted, reason }: AbortSignal): string {
  if (!aborted) return 'ended'
  const facts = (reason as { facts?: { signal?: unknown } } | undefined)?.facts
  return String(facts?.signal ?? 'aborted')
}
