import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { hideSecrets } from '../config/hide-secrets.ts'
import { createReporter, type Reporter } from './reporter.ts'

/**
 * Runs the body of a command and turns its outcome into output and an exit code.
 *
 * SIGINT and SIGTERM abort the signal that the body gets; a second one ends the process at once.
 */
export async function runCommand(
  options: { json?: boolean | undefined },
  body: (context: { reporter: Reporter; signal: AbortSignal }) => Promise<number | undefined>,
): Promise<void> {
  const reporter = createReporter({ json: options.json === true })
  const controller = new AbortController()
  const stop = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new BaseError('INTERRUPTED', { facts: { signal } }))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    process.exitCode = (await body({ reporter, signal: controller.signal })) ?? 0
  } catch (error) {
    process.exitCode = reportError(error, options.json === true)
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Prints an error for a person or as JSON and returns the exit code of its class. */
export function reportError(error: unknown, json: boolean): number {
  const known =
    error instanceof BaseError
      ? error
      : isErrorWithCode(error)
        ? new BaseError(error.code, { cause: error })
        : new BaseError('INTERNAL', { cause: error })
  const hide = hideSecrets()
  const tell = (line: string) => process.stderr.write(hide(`${line}\n`))
  if (json) process.stdout.write(hide(`${JSON.stringify({ error: known.toJSON() }, null, 2)}\n`))
  tell(`${known.code}: ${known.message}`)
  if (known.cause !== undefined && known.code === 'INTERNAL')
    tell(String(known.cause instanceof Error ? known.cause.stack : known.cause))
  else if (known.cause instanceof Error) tell(`  cause: ${known.cause.message.split('\n')[0]}`)
  return known.exitCode
}
