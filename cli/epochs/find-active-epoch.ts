import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { readClosedEpochs } from './read-closed-epochs.ts'

/**
 * Finds the closed epoch whose root is the active one on the chain.
 *
 * @throws `EPOCH_NOT_CLAIMABLE` while no epoch is active, or none of ours.
 */
export async function findActiveEpoch(
  chain: ChainConnection,
  deployment: Deployment,
  eventLog: EventLog,
): Promise<EpochClosed['data']> {
  const contract = { address: deployment.addresses.rewards, abi: rewardsDistributorAbi } as const
  const epoch = await chain.publicClient.readContract({ ...contract, functionName: 'activeEpoch' })
  const { root } = await chain.publicClient.readContract({
    ...contract,
    functionName: 'epochOf',
    args: [epoch],
  })
  const closed = await readClosedEpochs(eventLog, chain.chainId)
  const found = epoch === 0n ? undefined : closed.findLast((candidate) => candidate.root === root)
  if (found !== undefined) return found
  throw new BaseError('EPOCH_NOT_CLAIMABLE', { facts: { activeEpoch: epoch } })
}
