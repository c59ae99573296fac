import type { Deployment } from '../schema/deployment.ts'
import { BaseError } from '../schema/errors.ts'
import type { DeploySettings } from './deploy/deploy-settings.ts'
import { planDeployment } from './deploy/plan-deployment.ts'
import { type RunPlanOptions, runPlan } from './deploy/run-plan.ts'
import { verifyDeployment } from './verify-deployment.ts'

/** `walletClient` pays and holds no role, unless the settings name its account. */
export type DeployOptions = DeploySettings & Omit<RunPlanOptions, 'located'>

/**
 * Deploys what is missing of the contract set, gives each role to its account and checks the result on
 * the chain. Running it again, or from another account, does nothing to what is there.
 *
 * @throws `WRONG_CHAIN_ID` before the first transaction when the node serves another chain than
 * the wallet is for, `ROLES_NOT_SEPARATE`, `DEPLOYMENT_FAILED`, `DEPLOYMENT_UNSOUND`.
 */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const { walletClient, publicClient, onStep, maxBytes, ...given } = options
  const chainId = await publicClient.getChainId()
  const expected = walletClient.chain.id
  if (chainId !== expected)
    throw new BaseError('WRONG_CHAIN_ID', { facts: { expected, actual: chainId } })

  const { settings, located, addresses } = planDeployment(given)
  const { stepsRun, createdAt } = await runPlan({ ...options, located })
  const outsiders = [located.genesis, ...(stepsRun === 0 ? [] : [walletClient.account.address])]
  const failed = await verifyDeployment({ publicClient, settings, addresses, outsiders })
  // Roles change hands in the life of a deployment; only a new one must be exactly as planned.
  if (stepsRun > 0 && failed.length > 0)
    throw new BaseError('DEPLOYMENT_UNSOUND', { facts: { checks: failed.join('; ') } })
  return { chainId, blockNumber: createdAt, addresses }
}
