import type { EngineProgress } from '../../engine/epoch/engine-context.ts'
import { activateEpoch } from '../../engine/publish/activate-epoch.ts'
import { proposeEpoch } from '../../engine/publish/propose-epoch.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import { epochStream } from '../../schema/events/streams.ts'
import { disputeWindow } from '../deployment/development-settings.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { finalise } from '../stack/finalise.ts'
import type { Stack } from '../stack/start-stack.ts'

/**
 * Attributes all final calls, proposes the epoch, lets the dispute window pass and activates it.
 *
 * @param options.beforeProposal gets the closed epoch before anything of it is proposed.
 */
export async function closeDemoEpoch(options: {
  stack: Stack
  finality: number
  signal: AbortSignal
  onProgress: (progress: EngineProgress) => void
  beforeProposal?: (closed: EpochClosed['data']) => Promise<void>
}): Promise<EpochClosed['data']> {
  const { stack, finality, signal, onProgress } = options
  await finalise(stack, finality, signal)
  const closed = await stack.engine.closeEpoch({ signal, onProgress })
  if (closed.status === 'idle') throw new BaseError('EPOCH_EMPTY', { facts: {} })
  const { manifestHash } = closed.epoch
  await options.beforeProposal?.(closed.epoch)
  const poster = rewardsClientOf(
    stack.services.chain,
    stack.deployment,
    stack.keys.epochPoster.privateKey,
  )
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
