import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { ChainState } from '../state/chain-state.ts'
import { type Difference, firstDifference } from './first-difference.ts'

/** Compares an epoch with the proposal on-chain that points to its manifest, if there is one. */
export function differsFromProposal(
  manifest: EpochManifest,
  manifestHash: Hex,
  state: Pick<ChainState, 'epochs'>,
): Difference | undefined {
  const proposal = state.epochs.find(({ data }) => data.dataHash === manifestHash)?.data
  if (proposal === undefined) return undefined
  const { root, totalEarned, fromBlock, toBlock, toBlockHash, engineHash } = manifest
  const expected = { root, totalEarned, fromBlock, toBlock, toBlockHash, engineHash }
  const found = Object.fromEntries(
    Object.keys(expected).map((key) => [key, proposal[key as keyof typeof expected]]),
  )
  return firstDifference(expected, found, 'proposal')
}
