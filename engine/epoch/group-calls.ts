import type { Decimal } from '../../schema/events/event.ts'
import { type RecordedCall, versionKey } from '../state/chain-state.ts'

/** Calls of one model version, in chain order. */
export interface CallGroup {
  readonly modelId: Decimal
  readonly version: number
  readonly calls: readonly RecordedCall[]
}

/** Groups calls by model version, in the order of model id and version. */
export function groupCalls(calls: readonly RecordedCall[]): readonly CallGroup[] {
  const groups = new Map<string, { modelId: Decimal; version: number; calls: RecordedCall[] }>()
  for (const call of calls) {
    const key = versionKey(call.modelId, call.modelVersion)
    const group = groups.get(key)
    if (group !== undefined) group.calls.push(call)
    else groups.set(key, { modelId: call.modelId, version: call.modelVersion, calls: [call] })
  }
  return [...groups.values()].sort(
    (a, b) => Number(BigInt(a.modelId) - BigInt(b.modelId)) || a.version - b.version,
  )
}
