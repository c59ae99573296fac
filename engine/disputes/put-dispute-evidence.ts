import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Hex } from '../../schema/events/event.ts'
import { putJsonArtifact } from '../epoch/put-json-artifact.ts'
import type { EpochVerdict } from './judge-epoch.ts'

/** Stores why an epoch is doubted, for the attesters, and returns the address of it. */
export function putDisputeEvidence(
  artifacts: ArtifactStore,
  { accused, withheld, difference, problem }: EpochVerdict,
): Promise<Hex> {
  const { epoch, proposal, poster } = accused
  const { root, creditsRoot, callsRoot, dataHash } = proposal
  return putJsonArtifact(artifacts, {
    ...{ kind: 'dispute-evidence', version: 1 },
    ...{ epoch: String(epoch), poster, root, creditsRoot, callsRoot, dataHash },
    ...{ withheld, difference, problem },
  })
}
