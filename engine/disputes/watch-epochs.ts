import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError as ViemError } from 'viem'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { BaseError } from '../../schema/errors.ts'
import { epochStatus } from '../publish/epoch-status.ts'
import type { ChainState } from '../state/chain-state.ts'
import type { FinalBlock } from '../state/read-chain-facts.ts'
import { type ChallengeResult, challengeEpoch } from './challenge-epoch.ts'
import type { DisputesClient } from './disputes-client.ts'
import { type EpochVerdict, judgeEpoch } from './judge-epoch.ts'
import { type OpenedDispute, openDispute } from './open-dispute.ts'
import type { KnownEpoch } from './open-epoch.ts'
import { putDisputeEvidence } from './put-dispute-evidence.ts'
import { readAccusedEpoch } from './read-accused-epoch.ts'

/** A proposed epoch that was judged, and what was done about it. */
export interface WatchReport {
  readonly judged: EpochVerdict
  readonly challenged?: ChallengeResult
  readonly disputed?: OpenedDispute
}

export interface WatchOptions {
  readonly artifacts: ArtifactStore
  readonly backend: ScoreBackend
  /** Final facts of the chain, folded. */
  readonly readState: () => Promise<
    { readonly state: ChainState; readonly final: FinalBlock } | undefined
  >
  /** The epoch that our own engine closed over the same blocks, if there is one. */
  readonly findKnown?: (judged: { readonly toBlock: bigint }) => Promise<KnownEpoch | undefined>
  /** Ends after the epoch in flight was judged; otherwise runs until aborted. */
  readonly once?: boolean
  /** Judges and sends nothing. */
  readonly dryRun?: boolean
  /** Opens a dispute, with a bond, where nothing can be proven. */
  readonly dispute?: boolean
  readonly pollMs: number
  readonly signal?: AbortSignal
  readonly onReport: (report: WatchReport) => void
  /** Called with a failure that a later round may not have. */
  readonly onProblem?: (problem: BaseError) => void
}

/**
 * Judges every proposed epoch and challenges the wrong ones; each is reported once, and again when the
 * verdict changes.
 */
export async function watchEpochs(client: DisputesClient, options: WatchOptions): Promise<void> {
  const { signal, pollMs, once = false } = options
  const seen = new Map<bigint, string>()
  const aborted = () => signal?.aborted === true
  while (!aborted()) {
    try {
      await watchRound(client, options, seen)
    } catch (error) {
      if (aborted()) return
      if (once) throw error
      options.onProblem?.(problemOf(error))
    }
    if (once) return
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
}

async function watchRound(
  client: DisputesClient,
  options: WatchOptions,
  seen: Map<bigint, string>,
): Promise<void> {
  const inFlight = await epochInFlight(client)
  if (inFlight === undefined || seen.get(inFlight.epoch) === 'honest') return
  const { epoch, disputed } = inFlight
  const accused = await readAccusedEpoch(client, epoch)
  const read = await options.readState()
  const { toBlock } = accused.proposal
  // Facts of the epoch's blocks may still be on their way: nothing can be said yet.
  if (read === undefined || BigInt(read.final.height) < toBlock) {
    if (options.once !== true) return
    throw new BaseError('INDEX_EMPTY', { facts: { final: read?.final.height, toBlock } })
  }
  const { artifacts, backend, signal } = options
  const judged = await judgeEpoch(client, accused, {
    ...{ artifacts, backend, state: read.state },
    known: await options.findKnown?.({ toBlock }),
    ...(signal === undefined ? {} : { signal }),
  })
  if (seen.get(epoch) === judged.verdict) return
  const dispute = options.dispute === true && !disputed
  options.onReport({ judged, ...(await act(client, judged, { ...options, dispute })) })
  seen.set(epoch, judged.verdict)
}

async function act(client: DisputesClient, judged: EpochVerdict, options: WatchOptions) {
  if (options.dryRun === true || judged.verdict === 'honest') return {}
  if (judged.verdict === 'faulty') {
    return { challenged: await challengeEpoch(client, judged.faults) }
  }
  if (options.dispute !== true) return {}
  const evidence = await putDisputeEvidence(options.artifacts, judged)
  return { disputed: await openDispute(client, judged.accused, evidence) }
}

/** At most one epoch is in flight, and it is the last one. */
async function epochInFlight({
  publicClient,
  rewards: address,
}: DisputesClient): Promise<{ readonly epoch: bigint; readonly disputed: boolean } | undefined> {
  const contract = { address, abi: rewardsDistributorAbi } as const
  const epoch = await publicClient.readContract({ ...contract, functionName: 'epochCount' })
  const { status } = await publicClient.readContract({
    ...contract,
    functionName: 'epochOf',
    args: [epoch],
  })
  const disputed = status === epochStatus.disputed
  return disputed || status === epochStatus.proposed ? { epoch, disputed } : undefined
}

/** Whatever one epoch or one answer of the node does, the next one is still to be judged. */
function problemOf(error: unknown): BaseError {
  if (error instanceof BaseError) return error
  const code = error instanceof ViemError ? 'NODE_UNAVAILABLE' : 'INTERNAL'
  return new BaseError(code, { cause: error })
}
