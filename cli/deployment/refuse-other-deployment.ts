import { readFile } from 'node:fs/promises'
import type { PublicClient } from 'viem'
import { type Deployment, parseDeployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'

/**
 * Keeps the file of a deployment that is alive from being overwritten by one with other settings.
 *
 * @throws `DEPLOYMENT_DIFFERS`, and `DEPLOYMENT_INVALID` when the file is not a deployment.
 */
export async function refuseOtherDeployment(
  path: string,
  publicClient: PublicClient,
  addresses: Deployment['addresses'],
): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const kept = parseDeployment(parseJson(path, text))
  if (kept.addresses.access === addresses.access) return
  // A development chain that was started anew has nothing at the old addresses.
  const code = await publicClient.getCode({ address: kept.addresses.access })
  if (code === undefined) return
  throw new BaseError('DEPLOYMENT_DIFFERS', {
    facts: { path, deployed: kept.addresses.access, planned: addresses.access },
  })
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new BaseError('DEPLOYMENT_INVALID', { facts: { path }, cause })
  }
}
