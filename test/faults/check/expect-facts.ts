import { type Abi, decodeEventLog } from 'viem'
import { datanetRegistryAbi } from '../../../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../../../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../../../contracts/abi/inference-ledger.ts'
import { modelRegistryAbi } from '../../../contracts/abi/model-registry.ts'
import { rewardsDistributorAbi } from '../../../contracts/abi/rewards-distributor.ts'
import { contracts } from '../chain/contracts.ts'
import type { ChainFact, NodeLog } from './chain-fact.ts'
import { type Meaning, unpackRecords } from './unpack-records.ts'

type Arguments = Readonly<Record<string, unknown>>

const abis: Readonly<Record<string, Abi>> = {
  [contracts.datanets]: datanetRegistryAbi,
  [contracts.models]: modelRegistryAbi,
  [contracts.escrow]: inferenceEscrowAbi,
  [contracts.ledger]: inferenceLedgerAbi,
  [contracts.rewards]: rewardsDistributorAbi,
}

/** Names of the domain where they are not the contract's. */
const types: Readonly<Record<string, string>> = {
  Deposited: 'EscrowDeposited',
  ThawStarted: 'EscrowThawStarted',
  Withdrawn: 'EscrowWithdrawn',
  PausedSet: 'EscrowPausedSet',
  Funded: 'RewardsFunded',
  Claimed: 'RewardClaimed',
  LaneSkipped: 'BatchLaneSkipped',
}

const fields: Readonly<Record<string, string>> = {
  oldRecipient: 'previous',
  newRecipient: 'recipient',
}

/**
 * Says what facts the chain's logs are, with viem and nothing of the indexer: the product decodes
 * with other code, so that the same mistake cannot be on both sides.
 */
export function expectFacts(chainId: number, logs: readonly NodeLog[]): readonly ChainFact[] {
  return logs.flatMap((log) => {
    const meanings = meaningOf(chainId, log, logs)
    const place = {
      height: Number(log.blockNumber),
      blockHash: log.blockHash,
      logIndex: Number(log.logIndex),
    }
    return meanings.map((meaning, part) => ({
      key: `${place.blockHash}:${place.logIndex}:${part}`,
      ...meaning,
      ...place,
    }))
  })
}

function meaningOf(chainId: number, log: NodeLog, logs: readonly NodeLog[]): readonly Meaning[] {
  const { address, topics, data } = log
  const unreadable = { type: 'UndecodableLog', data: { address, topics, data } }
  const decoded = decode(log)
  if (decoded === undefined) return [unreadable]
  if (decoded.name !== 'BatchPacked') {
    const type = types[decoded.name] ?? decoded.name
    return [{ type, data: plain(decoded.args) }]
  }
  const skipped = logs
    .filter((other) => other.transactionHash === log.transactionHash)
    .map(decode)
    .filter((other) => other?.name === 'LaneSkipped')
    .filter((other) => other?.args['batchId'] === decoded.args['batchId'])
    .map((other) => Number(other?.args['lane']))
  return unpackRecords(chainId, address, decoded.args, new Set(skipped)) ?? [unreadable]
}

function decode({ address, topics, data }: NodeLog) {
  try {
    const abi = abis[address]
    if (abi === undefined) return undefined
    const decoded: unknown = decodeEventLog({ abi, topics: [...topics] as never, data })
    const { eventName, args } = decoded as { eventName: string; args: Arguments }
    return { name: eventName, args }
  } catch {
    return undefined
  }
}

/** Wide numbers and ids as decimal text, addresses in lower case. */
function plain(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [fields[name] ?? name, plainValue(name, value)]),
  )
}

function plainValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => plainValue(name, one))
  if (typeof value === 'bigint' || name.endsWith('Id')) return String(value)
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value)
    ? value.toLowerCase()
    : value
}
