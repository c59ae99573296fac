import { readFile } from 'node:fs/promises'
import { type Deployment, parseDeployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { deploymentPath } from '../deployment/deployment-path.ts'

/**
 * Reads where the contracts of a chain are.
 *
 * @param file Defaults to `contracts/deployments/<chainId>.json` of this package.
 * @throws `DEPLOYMENT_INVALID`, also when the file is missing or for another chain.
 */
export async function readDeployment(
  chainId: number,
  file: string | undefined,
): Promise<Deployment> {
  const path = file ?? deploymentPath(chainId)
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new BaseError('DEPLOYMENT_INVALID', { facts: { path }, cause })
  }
  const deployment = parseDeployment(value)
  if (deployment.chainId === chainId) return deployment
  throw new BaseError('DEPLOYMENT_INVALID', {
    facts: { path, field: 'chainId', problem: `${deployment.chainId} instead of ${chainId}` },
  })
}
