import { type Config, readConfig } from './read-config.ts'

/** Folder of `up` and of the commands that talk to it, if none is named. */
export const defaultDir = '.provenant'

/**
 * Reads the configuration of a command that belongs to a data folder.
 *
 * @param dir Value of `--dir`; `PROVENANT_DIR` and then `.provenant` in the working directory stand in.
 * @throws `CONFIG_INVALID`
 */
export function readStackConfig(
  environment: Readonly<Record<string, string | undefined>>,
  dir: string | undefined,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Config {
  const chosen = dir ?? (environment['PROVENANT_DIR'] || defaultDir)
  return readConfig(environment, { ...overrides, PROVENANT_DIR: chosen })
}
