import type pg from 'pg'
import type { ChainFact } from './chain-fact.ts'

/** Names every contribution and account whose state is not what the last facts about it say. */
export async function compareTotals(
  facts: readonly ChainFact[],
  database: pg.Client,
): Promise<readonly string[]> {
  const ordered = [...facts].sort((a, b) => a.height - b.height || a.logIndex - b.logIndex)
  const expected = new Map<string, string>()
  for (const { type, data } of ordered) {
    const { payer, operator, contributionId } = data
    if (type === 'ContributionAccepted') expected.set(`contribution ${contributionId}`, 'accepted')
    if (type === 'ContributionRejected') expected.set(`contribution ${contributionId}`, 'rejected')
    if (type === 'EscrowDeposited')
      expected.set(`deposited ${payer} ${operator}`, String(data['depositedCumulative']))
    if (type === 'EscrowWithdrawn')
      expected.set(`withdrawn ${payer} ${operator}`, String(data['withdrawnCumulative']))
    if (type === 'RewardClaimed')
      expected.set(`claimed ${data['account']}`, String(data['cumulative']))
  }
  // A decision about a contribution that was never made has no row to show it.
  const made = new Set(
    facts
      .filter(({ type }) => type === 'ContributionSubmitted')
      .map(({ data }) => `contribution ${data['contributionId']}`),
  )
  for (const name of expected.keys())
    if (name.startsWith('contribution') && !made.has(name)) expected.delete(name)
  const { rows } = await database.query<{ name: string; value: string }>(totalsSql)
  const found = new Map(rows.map(({ name, value }) => [name, value]))
  return [...new Set([...expected.keys(), ...found.keys()])]
    .filter((name) => expected.get(name) !== found.get(name))
    .map((name) => `total of ${name} is ${found.get(name)}, not ${expected.get(name)}`)
}

const totalsSql = `
  SELECT 'contribution ' || id AS name, status AS value FROM contribution
    WHERE status <> 'submitted'
  UNION ALL SELECT 'deposited ' || payer || ' ' || operator, deposited::text FROM escrow_account
    WHERE deposited <> 0
  UNION ALL SELECT 'withdrawn ' || payer || ' ' || operator, withdrawn::text FROM escrow_account
    WHERE withdrawn <> 0
  UNION ALL SELECT 'claimed ' || account, claimed::text FROM reward_account WHERE claimed <> 0`
