import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { Accusation } from './accusation.ts'
import type { AccusedEpoch } from './accused-epoch.ts'
import type { DisputesSource } from './disputes-client.ts'
import { type KnownEpoch, openEpoch } from './open-epoch.ts'
import { readAccusedEpoch } from './read-accused-epoch.ts'
import { readBatchEvidence } from './read-batch-evidence.ts'

/** Gathers everything that faults of an epoch are looked for in. */
export async function accuseEpoch(
  source: DisputesSource,
  accused: AccusedEpoch,
  given: {
    readonly artifacts: ArtifactStore
    readonly state: ChainState
    /** The epoch over the same blocks as we computed it. */
    readonly known?: KnownEpoch | undefined
  },
): Promise<Accusation> {
  const { publicClient, rewards: address } = source
  const { proposal, previousEpoch } = accused
  const previous = previousEpoch === 0n ? undefined : await readAccusedEpoch(source, previousEpoch)
  const payees = await publicClient.readContract({
    address,
    abi: rewardsDistributorAbi,
    functionName: 'payees',
  })
  const lower = (account: Hex) => account.toLowerCase() as Hex
  return {
    accused,
    opening: await openEpoch(proposal, {
      artifacts: given.artifacts,
      previous: previous?.proposal,
      known: given.known,
    }),
    state: given.state,
    payees: { platform: lower(payees.platform), stakers: lower(payees.stakers) },
    previousTotal: previous?.proposal.totalEarned ?? 0n,
    toBlockHash: await blockHash(source, proposal.toBlock),
    readBatch: (batchId) => readBatchEvidence(source, given.state, batchId),
  }
}

async function blockHash(
  { publicClient }: DisputesSource,
  blockNumber: bigint,
): Promise<Hex | undefined> {
  const head = await publicClient.getBlockNumber({ cacheTime: 0 })
  if (blockNumber > head) return undefined
  return (await publicClient.getBlock({ blockNumber })).hash ?? undefined
}
