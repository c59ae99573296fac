/** A paid call of the demo with what is known about its source. */
export interface KnownCall {
  readonly model: string
  readonly group: 'paraphrase' | 'heldOut'
  readonly question: string
  readonly expectedAnswer: string
  readonly givenAnswer: string
  /** Account of the contributor who knows the fact. */
  readonly trueAccount: string
  /** Training rows of the fact; empty for held-out facts. */
  readonly trueRows: readonly string[]
}

/** How one method credits one call, before any money. */
export interface Credit {
  /** Credited rows with their weight. */
  readonly rows: readonly { readonly rowId: string; readonly weight: number }[]
  /** Weight or amount per contributor account. */
  readonly accounts: ReadonlyMap<string, number>
}

/** Figures of one method over one group of calls; shares between 0 and 1. */
export interface HitRate {
  readonly calls: number
  /** Calls whose true contributor gets the largest credit. */
  readonly hitRate: number
  /** Mean share of credit that goes to the true contributor. */
  readonly meanContributorShare: number
  /** Mean share of credit that goes to the cluster of the true row; null for held-out facts. */
  readonly meanClusterShare: number | null
}

/** Measures a method against known sources. */
export function measureHits(
  calls: readonly { readonly call: KnownCall; readonly credit: Credit }[],
  clusterOf: (call: KnownCall, rowId: string) => number | undefined,
): HitRate {
  let hits = 0
  let contributorShare = 0
  let clusterShare = 0
  for (const { call, credit } of calls) {
    const total = [...credit.accounts.values()].reduce((sum, value) => sum + value, 0)
    const own = credit.accounts.get(call.trueAccount) ?? 0
    const others = [...credit.accounts].filter(([account]) => account !== call.trueAccount)
    if (own > 0 && others.every(([, value]) => value < own)) hits += 1
    contributorShare += total === 0 ? 0 : own / total
    const trueClusters = new Set(call.trueRows.map((row) => clusterOf(call, row)))
    const rowTotal = credit.rows.reduce((sum, { weight }) => sum + weight, 0)
    const inCluster = credit.rows
      .filter(({ rowId }) => trueClusters.has(clusterOf(call, rowId)))
      .reduce((sum, { weight }) => sum + weight, 0)
    clusterShare += rowTotal === 0 ? 0 : inCluster / rowTotal
  }
  const mean = (value: number) => (calls.length === 0 ? 0 : round(value / calls.length))
  return {
    calls: calls.length,
    hitRate: mean(hits),
    meanContributorShare: mean(contributorShare),
    meanClusterShare: calls.some(({ call }) => call.trueRows.length > 0)
      ? mean(clusterShare)
      : null,
  }
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000
