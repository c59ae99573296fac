import type { ProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'

/** Where all the fees went, in base units; `charged = claimed + platform + dust`. */
export interface MoneyFigures {
  readonly charged: bigint
  readonly claimed: bigint
  /** Earned by the platform and left in the distributor. */
  readonly platform: bigint
  /** Funded, but in nobody's leaf. */
  readonly dust: bigint
  readonly balanced: boolean
}

/** Adds up the chain's own events against the last epoch's leaves: two sources that must agree. */
export function accountMoney(
  facts: readonly ChainFact[],
  { manifest, leaves }: Pick<ProvenEpoch, 'manifest' | 'leaves'>,
): MoneyFigures {
  let charged = 0n
  let funded = 0n
  let claimed = 0n
  for (const { type, data } of facts) {
    if (type === 'EscrowCharged') charged += BigInt(data.amount)
    if (type === 'RewardsFunded') funded += BigInt(data.amount)
    if (type === 'RewardClaimed') claimed += BigInt(data.amount)
  }
  const platform = leaves.rewards
    .filter(({ account }) => account === manifest.payees.platform)
    .reduce((sum, { cumulative }) => sum + cumulative, 0n)
  const dust = funded - BigInt(manifest.totalEarned)
  return {
    ...{ charged, claimed, platform, dust },
    balanced: charged === claimed + platform + dust && funded === charged && dust >= 0n,
  }
}
