import type { EpochProposed } from '../../schema/events/epoch.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { EpochProposal } from '../../schema/manifests/epoch-proposal.ts'
import { proposalOf } from '../epoch/proposal-of.ts'
import { type Difference, firstDifference } from './first-difference.ts'

/** Compares what was proposed on-chain with what a manifest has to be proposed as. */
export function proposalDifference(
  manifest: EpochManifest,
  manifestHash: Hex,
  proposed: EpochProposed['data'] | EpochProposal,
): Difference | undefined {
  const expected = Object.entries(proposalOf(manifest, manifestHash))
  const found: Readonly<Record<string, unknown>> = { ...proposed }
  return firstDifference(
    Object.fromEntries(expected.map(([key, value]) => [key, String(value)])),
    Object.fromEntries(expected.map(([key]) => [key, String(found[key])])),
    'proposal',
  )
}
