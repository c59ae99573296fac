import { proposalDifference } from '../../engine/audit/proposal-difference.ts'
import { epochManifest } from '../../engine/epoch/manifest-schemas.ts'
import { readJsonArtifact } from '../../engine/epoch/read-json-artifact.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { readClosedEpochs } from '../epochs/read-closed-epochs.ts'
import type { ReplaySources } from './open-replay-sources.ts'
import type { ReplayResult } from './replay-everything.ts'

/**
 * Reads the roots of all closed epochs in the order in which they were proposed; a rejected proposal
 * counts if it is one of ours.
 *
 * @throws `EPOCH_NOT_PROPOSED` when the chain does not know one of them, so that it cannot be
 * replayed from there.
 */
export async function readProposedRoots({
  eventLog,
  chain,
  artifacts,
}: Pick<ReplaySources, 'eventLog' | 'chain' | 'artifacts'>): Promise<ReplayResult['roots']> {
  const read = await readChainFacts(eventLog, chain.chainId, { artifacts })
  const proposed = foldChainFacts(read?.facts ?? []).epochs
  const closed = await readClosedEpochs(eventLog, chain.chainId)
  const missing = closed.find(
    ({ manifestHash }) => !proposed.some(({ data }) => data.dataHash === manifestHash),
  )
  if (missing !== undefined)
    throw new BaseError('EPOCH_NOT_PROPOSED', { facts: { closedAs: missing.epoch } })
  const roots: { epoch: string; root: Hex }[] = []
  for (const { data, status } of proposed) {
    const ours = closed.find(({ manifestHash }) => manifestHash === data.dataHash)
    if (status === 'rejected' && ours === undefined) continue
    if (status === 'rejected') {
      const manifest = await readJsonArtifact(artifacts, data.dataHash, epochManifest)
      if (proposalDifference(manifest, data.dataHash, data) !== undefined) continue
    }
    roots.push({ epoch: data.epoch, root: data.root })
  }
  return roots
}
