import type { RowVault, VaultedContribution } from '../../artifacts/row-vault.ts'
import type { UsedCitation } from '../../schema/events/attribution.ts'
import type { Citation } from '../../schema/manifests/batch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { isCitationUsed } from '../attribution/is-citation-used.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { wasAccepted } from '../state/was-accepted.ts'

/**
 * Selects the citations that an answer used, at most one per near-duplicate cluster, best first.
 *
 * A cited copy of a training row credits the contributor whose row represents its cluster. Rows that
 * were not accepted when the call was recorded, or were erased, earn nothing.
 */
export async function findUsedCitations(
  call: Pick<RecordedCall, 'acceptedBefore'>,
  citations: readonly Citation[],
  output: string,
  sources: {
    readonly state: ChainState
    readonly rowVault: RowVault
    readonly rows: GradientRows
  },
): Promise<readonly UsedCitation[]> {
  const { state, rowVault, rows } = sources
  const trained = new Map(rows.rows.map((row) => [row.rowId, row]))
  const vaulted = new Map<string, VaultedContribution>()
  const best = new Map<string, UsedCitation>()
  const ordered = [...citations].sort(
    (a, b) => b.scoreMicros - a.scoreMicros || (a.rowId < b.rowId ? -1 : 1),
  )
  for (const { rowId, scoreMicros } of ordered) {
    const [contributionId, index] = rowId.split(':') as [string, string]
    const contribution = state.contributions.get(contributionId)
    if (contribution === undefined || !wasAccepted(contribution, call)) continue
    const held = vaulted.get(contributionId) ?? (await rowVault.get(contribution.dataHash))
    vaulted.set(contributionId, held)
    const answer = held.rows[Number(index)]?.row.answer
    if (answer === undefined || !isCitationUsed(answer, output)) continue
    const row = trained.get(rowId)
    const group = row === undefined ? rowId : `cluster ${row.cluster}`
    if (best.has(group)) continue
    const representative = row && rows.rows[rows.representatives[row.cluster]!]
    const contributor = representative?.contributor ?? contribution.contributor
    best.set(group, { rowId, contributor, scoreMicros })
  }
  return [...best.values()]
}
