import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import { BaseError } from '../../schema/errors.ts'
import { readClosedEpochs } from '../epochs/read-closed-epochs.ts'
import type { RunningStack } from '../stack/connect-stack.ts'
import type { ReplayResult } from './replay-everything.ts'

/**
 * Reads the roots of all closed epochs in the order in which they were proposed.
 *
 * @throws `EPOCH_NOT_PROPOSED` when the chain does not know one of them, so that it cannot be
 * replayed from there.
 */
export async function readProposedRoots({
  eventLog,
  chain,
}: RunningStack): Promise<ReplayResult['roots']> {
  const read = await readChainFacts(eventLog, chain.chainId)
  const proposed = foldChainFacts(read?.facts ?? []).epochs.map(({ data }) => data)
  const closed = await readClosedEpochs(eventLog, chain.chainId)
  const missing = closed.find(
    ({ manifestHash }) => !proposed.some(({ dataHash }) => dataHash === manifestHash),
  )
  if (missing !== undefined)
    throw new BaseError('EPOCH_NOT_PROPOSED', { facts: { closedAs: missing.epoch } })
  return proposed.map(({ epoch, root }) => ({ epoch, root }))
}
