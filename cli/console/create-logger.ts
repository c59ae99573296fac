import { type Logger, pino } from 'pino'

/** Creates the log of a process; it goes to stderr, because stdout is for results. */
export const createLogger = (level: string): Logger => pino({ level }, pino.destination(2))
