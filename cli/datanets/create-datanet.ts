import { parseEventLogs } from 'viem'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'

/** SPDX licences by their number on-chain; 0 is unknown. */
export const licences = { unknown: 0, mit: 1 } as const

/** Creates a Datanet; name and summary are public, so they go on-chain as a URI and a hash. */
export async function createDatanet(options: {
  chain: ChainConnection
  deployment: Deployment
  owner: Wallet
  name: string
  summary: string
  licence: number
}): Promise<bigint> {
  const metaHash = sha256(canonicalJson({ name: options.name, summary: options.summary }))
  const receipt = await transact(options.chain, options.owner, {
    address: options.deployment.addresses.datanets,
    abi: datanetRegistryAbi,
    functionName: 'createDatanet',
    args: [metaHash, `datanet:${options.name}`, options.licence],
  })
  const [created] = parseEventLogs({
    abi: datanetRegistryAbi,
    eventName: 'DatanetCreated',
    logs: receipt.logs,
  })
  if (created === undefined)
    throw new BaseError('TRANSACTION_FAILED', { facts: { event: 'DatanetCreated' } })
  return created.args.datanetId
}
