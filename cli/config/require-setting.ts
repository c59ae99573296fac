import { BaseError } from '../../schema/errors.ts'

/** Gives a setting that the command cannot do without. @throws `CONFIG_INVALID` naming it. */
export function requireSetting<T>(value: T | undefined, variable: string): T {
  if (value !== undefined) return value
  throw new BaseError('CONFIG_INVALID', {
    facts: { variable, problem: 'this command needs it' },
  })
}
