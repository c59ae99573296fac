import { readConfig } from '../config/read-config.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { readRunState } from '../stack/run-state.ts'

/**
 * Reads the database that the environment names, or else that of the Provenant that runs in `dir`.
 *
 * @throws `CONFIG_INVALID`, `STACK_NOT_RUNNING`
 */
export async function readDatabaseUrl(
  environment: NodeJS.ProcessEnv,
  dir: string | undefined,
): Promise<string> {
  const { databaseUrl } = readConfig(environment)
  if (databaseUrl !== undefined) return databaseUrl
  return (await readRunState(readStackConfig(environment, dir).dir)).databaseUrl
}
