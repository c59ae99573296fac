import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import type { DisputesClient } from '../../engine/disputes/disputes-client.ts'
import { type WatchReport, watchEpochs } from '../../engine/disputes/watch-epochs.ts'
import { loadProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import { sendProposal } from '../../engine/publish/send-proposal.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { openBackend } from '../audit/open-backend.ts'
import type { KeyPair } from '../chain/derive-key.ts'
import { transact } from '../chain/transact.ts'
import { readFinalState } from '../epochs/read-final-state.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { readBalance } from '../money/read-balance.ts'
import type { Stack } from '../stack/start-stack.ts'
import { forgeEpoch } from './forge-epoch.ts'

/** How a wrong root was caught. */
export interface DisputedEpoch {
  /** The chain's number of the wrong proposal. */
  readonly epoch: string
  readonly root: Hex
  readonly poster: Hex
  readonly challenger: Hex
  /** Number and name of the fault that was proven, and what it is about. */
  readonly kind: number
  readonly name: string
  readonly about: string
  readonly transaction: Hex
  /** Taken from the poster's stake, base units. */
  readonly slashed: bigint
  /** Arrived on the challenger's account. */
  readonly reward: bigint
  readonly stakeBefore: bigint
  readonly stakeAfter: bigint
}

/**
 * Proposes a wrong root for a closed epoch and lets a watcher find the fault, prove it and take its
 * reward.
 *
 * @throws what proposing and proving throw; `FAULT_NOT_PROVEN` if the watcher lets it pass.
 */
export async function disputeWrongEpoch(options: {
  readonly stack: Stack
  readonly manifestHash: Hex
  readonly watcher: KeyPair
  readonly thief: Hex
  readonly signal: AbortSignal
}): Promise<DisputedEpoch> {
  const { stack, watcher, signal } = options
  const { chain } = stack.services
  const { deployment, artifacts, keys } = stack
  const poster = keys.epochPoster.address
  const proven = await loadProvenEpoch(artifacts, options.manifestHash)
  const forged = await forgeEpoch(artifacts, proven, options.thief)
  const stakeBefore = await readStake(stack, poster)
  const { epoch } = await sendProposal(
    rewardsClientOf(chain, deployment, keys.epochPoster.privateKey),
    forged,
  )
  const { challenged } = await watchOnce(stack, watcher, signal)
  if (challenged === undefined) throw new BaseError('FAULT_NOT_PROVEN', { facts: { epoch } })
  const { fault, transaction, slashed } = challenged
  const before = await readBalance(chain, deployment, watcher.address)
  await transact(chain, chain.wallet(watcher.privateKey), {
    address: deployment.addresses.staking,
    abi: agentStakingAbi,
    functionName: 'withdrawReward',
    args: [],
  })
  return {
    epoch: epoch.toString(),
    root: forged.root,
    poster,
    challenger: watcher.address,
    ...{ kind: fault.kind, name: fault.name, about: fault.about, transaction, slashed },
    reward: (await readBalance(chain, deployment, watcher.address)) - before,
    stakeBefore,
    stakeAfter: await readStake(stack, poster),
  }
}

async function watchOnce(
  stack: Stack,
  watcher: KeyPair,
  signal: AbortSignal,
): Promise<WatchReport> {
  const { chain } = stack.services
  const { addresses, blockNumber } = stack.deployment
  const client: DisputesClient = {
    ...{ rewards: addresses.rewards, disputes: addresses.disputes, ledger: addresses.ledger },
    since: BigInt(blockNumber),
    publicClient: chain.publicClient,
    walletClient: chain.wallet(watcher.privateKey),
  }
  const backend = await openBackend('onnx')
  try {
    const reports: WatchReport[] = []
    await watchEpochs(client, {
      ...{ artifacts: stack.artifacts, backend, once: true, pollMs: 0, signal },
      readState: () => readFinalState(stack.eventLog, chain.chainId, stack.artifacts),
      onReport: (report) => reports.push(report),
    })
    const [report] = reports
    if (report === undefined) throw new BaseError('FAULT_NOT_PROVEN', { facts: { judged: 0 } })
    return report
  } finally {
    await backend.close()
  }
}

const readStake = (stack: Stack, agent: Hex): Promise<bigint> =>
  stack.services.chain.publicClient.readContract({
    address: stack.deployment.addresses.staking,
    abi: agentStakingAbi,
    functionName: 'activeOf',
    args: [agent],
  })
