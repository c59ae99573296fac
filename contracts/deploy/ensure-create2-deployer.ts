import { BaseError } from '../../schema/errors.ts'
import {
  create2Deployer,
  create2DeployerCode,
  create2DeployerTransaction,
} from './create2-deployer.ts'
import { type Sender, sendTransaction, waitForSuccess } from './send-transaction.ts'

/**
 * Creates the CREATE2 deployer on a chain that lacks it, by its presigned transaction.
 *
 * @returns Whether it was missing.
 * @throws `DEPLOYMENT_FAILED` when the chain refuses a transaction without chain id, and
 * `DEPLOYMENT_UNSOUND` when other code is at its address.
 */
export async function ensureCreate2Deployer(sender: Sender): Promise<boolean> {
  const { publicClient } = sender
  const code = await publicClient.getCode({ address: create2Deployer })
  if (code === create2DeployerCode) return false
  if (code !== undefined)
    throw new BaseError('DEPLOYMENT_UNSOUND', {
      facts: { check: `other code is at the CREATE2 deployer's address ${create2Deployer}` },
    })
  const { sender: keyless, cost, signed } = create2DeployerTransaction
  const step = 'CREATE2 deployer'
  const balance = await publicClient.getBalance({ address: keyless })
  if (balance < cost) await sendTransaction(sender, step, { to: keyless, value: cost - balance })
  try {
    const hash = await publicClient.sendRawTransaction({ serializedTransaction: signed })
    await waitForSuccess(publicClient, step, hash)
  } catch (cause) {
    // Somebody else may have sent it in the same moment.
    if ((await publicClient.getCode({ address: create2Deployer })) === create2DeployerCode)
      return true
    if (cause instanceof BaseError) throw cause
    throw new BaseError('DEPLOYMENT_FAILED', { facts: { step }, cause })
  }
  return true
}
