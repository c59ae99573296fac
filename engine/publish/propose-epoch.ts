import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { Hex } from '../../schema/events/event.ts'
import { loadProvenEpoch } from './load-proven-epoch.ts'
import type { RewardsClient } from './rewards-client.ts'
import { type ProposedResult, sendProposal } from './send-proposal.ts'

/**
 * Proposes a closed epoch on-chain unless it is proposed or active already.
 *
 * @throws ROOT_MISMATCH, SUM_MISMATCH if the manifest contradicts itself: a wrong root costs the bond;
 * what `sendProposal` throws.
 */
export async function proposeEpoch(
  client: RewardsClient,
  artifacts: ArtifactStore,
  manifestHash: Hex,
): Promise<ProposedResult> {
  const { proposal } = await loadProvenEpoch(artifacts, manifestHash)
  return sendProposal(client, proposal)
}
