import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import { verifyDeployment } from '../verify-deployment.ts'
import type { PlannedDeployment } from './plan-deployment.ts'
import { type RunPlanOptions, runPlan } from './run-plan.ts'

export interface DeploymentOutcome {
  readonly deployment: Deployment
  /** 0 when everything was there before. */
  readonly stepsRun: number
  /** What is no longer as deployed, e.g. roles that changed hands; empty after a new deployment. */
  readonly differences: readonly string[]
}

/**
 * Deploys what is missing of a planned contract set and checks the result on the chain.
 *
 * @throws `WRONG_CHAIN_ID` before the first transaction when the node serves another chain than
 * the wallet is for, `DEPLOYMENT_FAILED`, `DEPLOYMENT_UNSOUND`.
 */
export async function runDeployment(
  planned: PlannedDeployment,
  options: Omit<RunPlanOptions, 'located'>,
): Promise<DeploymentOutcome> {
  const { walletClient, publicClient } = options
  const { settings, located, addresses } = planned
  const chainId = await publicClient.getChainId()
  const expected = walletClient.chain.id
  if (chainId !== expected)
    throw new BaseError('WRONG_CHAIN_ID', { facts: { expected, actual: chainId } })
  const { stepsRun, createdAt } = await runPlan({ ...options, located })
  const outsiders = [located.genesis, ...(stepsRun === 0 ? [] : [walletClient.account.address])]
  const differences = await verifyDeployment({ publicClient, settings, addresses, outsiders })
  // Roles change hands in the life of a deployment; only a new one must be exactly as planned.
  if (stepsRun > 0 && differences.length > 0)
    throw new BaseError('DEPLOYMENT_UNSOUND', { facts: { checks: differences.join('; ') } })
  return { deployment: { chainId, blockNumber: createdAt, addresses }, stepsRun, differences }
}
