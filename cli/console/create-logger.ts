import { stderr } from 'node:process'
import { type Logger, pino, stdSerializers } from 'pino'
import { hideSecrets } from '../config/hide-secrets.ts'
import { renderLogLine } from './render-log-line.ts'

/**
 * Creates the log of a process: JSON lines on stderr, because stdout is for results, and readable
 * lines in a terminal. What is secret in the environment is blanked in every line.
 */
export function createLogger(level: string): Logger {
  const hide = hideSecrets()
  const write = (line: string) => {
    // A progress line may stand where this one begins.
    stderr.write(hide(stderr.isTTY ? `\r\u001b[2K${renderLogLine(line)}` : line))
  }
  const serializers = { err: stdSerializers.err, error: stdSerializers.err }
  return pino({ level, serializers, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
