import { BaseError } from '../../schema/errors.ts'
import type { UsedCitation } from '../../schema/events/attribution.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import { decideCall } from '../epoch/decide-call.ts'
import type { CitationReader } from '../epoch/read-citations.ts'
import { recordHash } from '../epoch/record-hash.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { termsOf } from '../state/terms-of.ts'
import { wasAccepted } from '../state/was-accepted.ts'
import type { RebuildSources } from './rebuild-manifest.ts'

/**
 * Decides a call again from its scores.
 *
 * Which cited rows the answer used is taken from `claimed`, because only payer and operator can read
 * the answer; that they were cited, with which score and for whom, is checked.
 */
export async function redecideCall(
  manifest: EpochManifest,
  call: RecordedCall,
  claimed: AttributedCall,
  scores: readonly Int32Array[],
  rows: GradientRows,
  sources: RebuildSources,
  readCitations: CitationReader,
): Promise<AttributedCall> {
  const { state } = sources
  const terms = termsOf(state, call)
  const owner = state.models.get(call.modelId)?.owner
  if (terms === undefined || owner === undefined) {
    throw new BaseError('CALL_UNATTRIBUTABLE', { facts: { callId: call.callId } })
  }
  const cited = new Map((await readCitations(call)).map((citation) => [citation.rowId, citation]))
  const used: UsedCitation[] = []
  for (const { rowId } of claimed.used) {
    const citation = cited.get(rowId)
    const contributor = creditedContributor(rowId, call, rows, state)
    if (citation === undefined || contributor === undefined) continue
    used.push({ rowId, contributor, scoreMicros: citation.scoreMicros })
  }
  const decision = decideCall({
    scores,
    rows,
    used,
    fee: BigInt(call.fee),
    terms,
    accounts: { ...manifest.payees, owner },
  })
  const { callId, batchId, index, modelId, modelVersion: version, fee } = call
  return {
    ...{ callId, batchId, index, recordHash: recordHash(call), modelId, version, fee },
    queryHash: claimed.queryHash,
    ...decision,
    used,
  }
}

function creditedContributor(
  rowId: string,
  call: RecordedCall,
  rows: GradientRows,
  state: ChainState,
) {
  const contribution = state.contributions.get(rowId.split(':')[0] ?? '')
  if (contribution === undefined || !wasAccepted(contribution, call)) return undefined
  const trained = rows.rows.find((row) => row.rowId === rowId)
  const cluster = trained && rows.representatives[trained.cluster]
  return cluster === undefined ? contribution.contributor : rows.rows[cluster]?.contributor
}
