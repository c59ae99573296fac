import type { Deployment } from '../schema/deployment.ts'
import type { DeploySettings } from './deploy/deploy-settings.ts'
import { planDeployment } from './deploy/plan-deployment.ts'
import { runDeployment } from './deploy/run-deployment.ts'
import type { RunPlanOptions } from './deploy/run-plan.ts'

/** `walletClient` pays and holds no role, unless the settings name its account. */
export type DeployOptions = DeploySettings & Omit<RunPlanOptions, 'located'>

/**
 * Deploys what is missing of the contract set, gives each role to its account and checks the result on
 * the chain. Running it again, or from another account, does nothing to what is there.
 *
 * @throws `WRONG_CHAIN_ID` before the first transaction when the node serves another chain than
 * the wallet is for, `ROLES_NOT_SEPARATE`, `DEPLOY_SETTINGS_INVALID`, `DEPLOYMENT_FAILED`,
 * `DEPLOYMENT_UNSOUND`.
 */
export async function deployContracts(options: DeployOptions): Promise<Deployment> {
  const { walletClient, publicClient, onStep, maxBytes, ...settings } = options
  const { deployment } = await runDeployment(planDeployment(settings), options)
  return deployment
}
