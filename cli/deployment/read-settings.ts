import { readFile } from 'node:fs/promises'
import type { DeploySettings } from '../../contracts/deploy/deploy-settings.ts'
import { parseSettings } from '../../contracts/deploy/parse-settings.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { readConfig } from '../config/read-config.ts'
import { roleKeys } from '../stack/role-keys.ts'
import { developmentSettings } from './development-settings.ts'

/**
 * Reads the settings of a deployment from a file; without one, an anvil node gets those of `up`.
 *
 * @throws `DEPLOY_SETTINGS_INVALID`, also without a file on a chain where the development accounts
 * would be open to everyone.
 */
export async function readSettings(
  { publicClient }: ChainConnection,
  file: string | undefined,
): Promise<DeploySettings> {
  if (file !== undefined) return parseSettings(await readJson(file))
  const request = publicClient.request as (call: { method: string }) => Promise<unknown>
  const version = await request({ method: 'web3_clientVersion' }).catch(() => undefined)
  if (typeof version !== 'string' || !version.startsWith('anvil/'))
    throw new BaseError('DEPLOY_SETTINGS_INVALID', {
      facts: { field: '--config', problem: 'needed on every chain but anvil' },
    })
  return developmentSettings(roleKeys(readConfig(process.env).seed))
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown
  } catch (cause) {
    throw new BaseError('DEPLOY_SETTINGS_INVALID', { facts: { path }, cause })
  }
}
