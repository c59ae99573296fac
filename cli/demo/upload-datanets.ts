import { drawSalts } from '../../artifacts/draw-salts.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'
import { acceptContribution } from '../datanets/accept-contribution.ts'
import { createDatanet, licences } from '../datanets/create-datanet.ts'
import { submitContribution } from '../datanets/submit-contribution.ts'
import type { DemoAccounts } from './demo-accounts.ts'
import type { DemoDatanet } from './rows/row-types.ts'
import { seededBytes } from './seeded-bytes.ts'

export interface UploadedDatanet {
  readonly datanetId: bigint
  readonly source: DemoDatanet
  /** Contribution id by contributor name. */
  readonly contributions: ReadonlyMap<string, bigint>
}

/** Creates the Datanets, lets every contributor upload, and the owner accept. */
export async function uploadDatanets(options: {
  chain: ChainConnection
  deployment: Deployment
  rowVault: RowVault
  accounts: DemoAccounts
  datanets: readonly DemoDatanet[]
  seed: number
  onProgress: (done: number, total: number) => void
}): Promise<readonly UploadedDatanet[]> {
  const { chain, deployment, accounts } = options
  const owner = chain.wallet(accounts.datanetOwner.privateKey)
  const salts = seededBytes(options.seed, 'salts')
  const total = options.datanets.reduce((sum, { contributors }) => sum + contributors.length, 0)
  const uploaded: UploadedDatanet[] = []
  let done = 0
  for (const source of options.datanets) {
    const { name, summary } = source
    const datanetId = await createDatanet({
      ...{ chain, deployment, owner, name, summary, licence: licences.mit },
    })
    const contributions = new Map<string, bigint>()
    for (const { name: contributor, rows } of source.contributors) {
      const key = accounts.contributors.get(contributor)
      if (key === undefined) throw new TypeError(`no account for ${contributor}`)
      const id = await submitContribution({
        ...{ chain, deployment, datanetId, rows, rowVault: options.rowVault },
        contributor: chain.wallet(key.privateKey),
        salts: drawSalts(rows.length, salts),
      })
      await acceptContribution({ chain, deployment, owner, contributionId: id })
      contributions.set(contributor, id)
      done += 1
      options.onProgress(done, total)
    }
    uploaded.push({ datanetId, source, contributions })
  }
  return uploaded
}
