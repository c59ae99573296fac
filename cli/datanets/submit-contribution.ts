import { parseEventLogs } from 'viem'
import type { RowVault } from '../../artifacts/row-vault.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import type { Row } from '../../schema/codec/row.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'

/** Puts rows into the vault and their Merkle root on-chain; returns the contribution's id. */
export async function submitContribution(options: {
  chain: ChainConnection
  deployment: Deployment
  contributor: Wallet
  datanetId: bigint
  rows: readonly Row[]
  salts: readonly Hex[]
  rowVault: RowVault
}): Promise<bigint> {
  const sealed = await options.rowVault.put({ rows: options.rows, salts: options.salts })
  const receipt = await transact(options.chain, options.contributor, {
    address: options.deployment.addresses.datanets,
    abi: datanetRegistryAbi,
    functionName: 'submitContribution',
    args: [options.datanetId, sealed.root, options.rows.length, sealed.byteSize, sealed.dataHash],
  })
  const [submitted] = parseEventLogs({
    abi: datanetRegistryAbi,
    eventName: 'ContributionSubmitted',
    logs: receipt.logs,
  })
  if (submitted === undefined)
    throw new BaseError('TRANSACTION_FAILED', { facts: { event: 'ContributionSubmitted' } })
  return submitted.args.contributionId
}
