import { encodeFunctionData } from 'viem'
import type { Deployment } from '../schema/deployment.ts'
import type { Hex } from '../schema/events/event.ts'
import { agentStakingAbi } from './abi/agent-staking.ts'
import { provenantTokenAbi } from './abi/provenant-token.ts'
import { type Sender, sendTransaction } from './deploy/send-transaction.ts'

/**
 * Stakes tokens of the sender for an agent, e.g. for the account that proposes epochs, until it has at
 * least `amount` active.
 *
 * @param options `walletClient` holds the tokens; `amount` in base units.
 * @returns What was staked; 0 when the agent had enough.
 * @throws `DEPLOYMENT_FAILED`
 */
export async function stakeFor(
  options: Sender & {
    readonly deployment: Pick<Deployment, 'addresses'>
    readonly agent: Hex
    readonly amount: bigint
  },
): Promise<bigint> {
  const { agent, amount, publicClient } = options
  const { staking, token } = options.deployment.addresses
  const active = await publicClient.readContract({
    address: staking,
    abi: agentStakingAbi,
    functionName: 'activeOf',
    args: [agent],
  })
  const missing = amount - active
  if (missing <= 0n) return 0n
  await sendTransaction(options, 'approve stake', {
    to: token,
    data: encodeFunctionData({
      abi: provenantTokenAbi,
      functionName: 'approve',
      args: [staking, missing],
    }),
  })
  await sendTransaction(options, 'stake', {
    to: staking,
    data: encodeFunctionData({
      abi: agentStakingAbi,
      functionName: 'stake',
      args: [agent, missing],
    }),
  })
  return missing
}
