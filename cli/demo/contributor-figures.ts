import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { DemoAccounts } from './demo-accounts.ts'
import type { UploadedDatanet } from './upload-datanets.ts'

/** What one contributor gave and earned. */
export interface ContributorFigures {
  readonly name: string
  readonly role: 'author' | 'copier' | 'garbage'
  readonly datanet: string
  readonly account: Hex
  readonly rows: number
  readonly earned: bigint
}

/** Lists every contributor with its earnings as a contributor, best paid first. */
export function contributorFigures(
  uploaded: readonly UploadedDatanet[],
  accounts: DemoAccounts,
  manifests: readonly EpochManifest[],
): readonly ContributorFigures[] {
  const earned = new Map<string, bigint>()
  for (const { calls } of manifests)
    for (const { shares } of calls)
      for (const { account, role, amount } of shares) {
        if (role === 'platform' || role === 'owner' || role === 'stakers') continue
        earned.set(account, (earned.get(account) ?? 0n) + BigInt(amount))
      }
  return uploaded
    .flatMap(({ source }) =>
      source.contributors.map(({ name, role, rows }): ContributorFigures => {
        const account = accounts.contributors.get(name)?.address ?? '0x'
        return {
          ...{ name, role, datanet: source.name, account, rows: rows.length },
          earned: earned.get(account) ?? 0n,
        }
      }),
    )
    .sort((a, b) =>
      a.earned === b.earned ? (a.name < b.name ? -1 : 1) : a.earned > b.earned ? -1 : 1,
    )
}
