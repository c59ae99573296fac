import { concat, encodeFunctionData, size } from 'viem'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { genesisAbi } from '../abi/genesis.ts'
import { create2Deployer } from './create2-deployer.ts'
import { ensureCreate2Deployer } from './ensure-create2-deployer.ts'
import type { LocatedPlan } from './locate-plan.ts'
import type { PlanStep } from './plan.ts'
import { readProgress } from './read-progress.ts'
import { type Sender, sendTransaction } from './send-transaction.ts'

export interface RunPlanOptions extends Sender {
  readonly located: LocatedPlan
  /** Told before each transaction. */
  readonly onStep?: (label: string) => void
  /**
   * Data of the steps of one transaction. The default costs about 11 million gas: below the limit of
   * EIP-7825, and in any block.
   */
  readonly maxBytes?: number
}

/**
 * Does what a plan still lacks on one chain; what is done already is kept, whoever did it.
 *
 * @returns Steps that this call did, and the block in which Genesis was created.
 * @throws `DEPLOYMENT_FAILED` with the first step that did not succeed, `DEPLOYMENT_UNSOUND`.
 */
export async function runPlan(
  options: RunPlanOptions,
): Promise<{ readonly stepsRun: number; readonly createdAt: number }> {
  const { located, publicClient, onStep = () => undefined } = options
  const { steps } = located.plan
  let progress = await readProgress(publicClient, located)
  if (progress.createdAt === undefined) {
    await ensureCreate2Deployer(options)
    onStep('genesis')
    await createGenesis(options)
    progress = await readProgress(publicClient, located)
  }
  let stepsRun = 0
  while (progress.done < steps.length) {
    const { done } = progress
    const end = endOfChunk(steps, done, options.maxBytes ?? 48_000)
    const label = steps
      .slice(done, end)
      .map((step) => step.label)
      .join(', ')
    onStep(label)
    const failure = await attempt(() =>
      sendTransaction(options, label, {
        to: located.genesis,
        data: encodeFunctionData({
          abi: genesisAbi,
          functionName: 'run',
          args: [steps.slice(done, end), located.hashes[end] as Hex],
        }),
      }),
    )
    progress = await readProgress(publicClient, located)
    if (failure === undefined) stepsRun += end - done
    // Somebody else may have done the same steps a moment before: then there is progress after all.
    else if (progress.done <= done) throw failure
  }
  if (progress.createdAt === undefined)
    throw new BaseError('DEPLOYMENT_FAILED', { facts: { step: 'genesis' } })
  return { stepsRun, createdAt: progress.createdAt }
}

async function createGenesis(options: RunPlanOptions): Promise<void> {
  const { genesis, genesisInitCode, salt } = options.located
  const failure = await attempt(() =>
    sendTransaction(options, 'genesis', {
      to: create2Deployer,
      data: concat([salt, genesisInitCode]),
    }),
  )
  const code = await options.publicClient.getCode({ address: genesis })
  if (code !== undefined) return
  throw failure ?? new BaseError('DEPLOYMENT_FAILED', { facts: { step: 'genesis' } })
}

async function attempt(action: () => Promise<void>): Promise<unknown> {
  try {
    await action()
    return undefined
  } catch (error) {
    return error
  }
}

function endOfChunk(steps: readonly PlanStep[], start: number, maxBytes: number): number {
  let bytes = 0
  for (let end = start; end < steps.length; end++) {
    bytes += size((steps[end] as PlanStep).data)
    if (bytes > maxBytes && end > start) return end
  }
  return steps.length
}
