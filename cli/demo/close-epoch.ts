import type { EngineProgress } from '../../engine/epoch/engine-context.ts'
import { activateEpoch } from '../../engine/publish/activate-epoch.ts'
import { proposeEpoch } from '../../engine/publish/propose-epoch.ts'
import type { RewardsClient } from '../../engine/publish/rewards-client.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { epochStream } from '../../schema/events/streams.ts'
import { finalise } from '../stack/finalise.ts'
import { disputeWindow, type Stack } from '../stack/start-stack.ts'

/** Attributes all final calls, proposes the epoch, lets the dispute window pass and activates it. */
export async function closeDemoEpoch(options: {
  stack: Stack
  finality: number
  signal: AbortSignal
  onProgress: (progress: EngineProgress) => void
}): Promise<EpochClosed['data']> {
  const { stack, finality, signal, onProgress } = options
  await finalise(stack, finality, signal)
  const closed = await stack.engine.closeEpoch({ signal, onProgress })
  if (closed.status === 'idle') throw new BaseError('EPOCH_EMPTY', { facts: {} })
  const { manifestHash } = closed.epoch
  const poster = rewardsClient(stack, stack.keys.epochPoster.privateKey)
  const { epoch } = await proposeEpoch(poster, stack.artifacts, manifestHash)
  await stack.services.dev?.increaseTime(Number(disputeWindow) + 1)
  await stack.services.dev?.mine(1)
  await activateEpoch(poster, epoch)
  await finalise(stack, finality, signal)
  const log = await stack.eventLog.readLast(epochStream(stack.services.chain.chainId))
  if (log !== undefined)
    await stack.projector.waitFor({ stream: log.stream, revision: log.revision }, signal)
  return closed.epoch
}

/** Opens the rewards distributor with one of the accounts. */
export function rewardsClient(stack: Stack, privateKey: `0x${string}`): RewardsClient {
  const { chain } = stack.services
  return {
    rewards: stack.deployment.addresses.rewards,
    publicClient: chain.publicClient,
    walletClient: chain.wallet(privateKey),
  }
}
