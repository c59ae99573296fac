import type { ChainFact } from '../../schema/events/chain-event.ts'
import { decodeAgentStaking } from './agent-staking.ts'
import type { ChainLog } from './chain-log.ts'
import type { ContractBook, IndexedContract } from './contract-book.ts'
import { decodeContributionVotes } from './contribution-votes.ts'
import { decodeDatanetRegistry } from './datanet-registry.ts'
import { decodeEpochDisputes } from './epoch-disputes.ts'
import type { FactBody } from './fact-body.ts'
import { decodeInferenceEscrow } from './inference-escrow.ts'
import { inferenceLedgerDecoder, readSkippedLane } from './inference-ledger.ts'
import type { LogDecoder } from './log-decoder.ts'
import { decodeModelProposals } from './model-proposals.ts'
import { decodeModelRegistry } from './model-registry.ts'
import { decodeProvenantAccess } from './provenant-access.ts'
import { decodeProvenantGovernor } from './provenant-governor.ts'
import { decodeRewardsDistributor } from './rewards-distributor.ts'
import { decodeTimelockController } from './timelock-controller.ts'

/**
 * Decodes the logs of one block, in log order, into facts; never throws.
 *
 * A log that no decoder understands, or that is about ids of another contract of its kind, becomes an
 * `UndecodableLog` with its raw bytes; logs of other contracts are left out.
 */
export function decodeBlock(
  chainId: number,
  contracts: ContractBook,
  logs: readonly ChainLog[],
): readonly ChainFact[] {
  return logs.flatMap((log) => {
    const { address, topics, data, ...place } = log
    const contract = contracts.get(address)
    if (contract === undefined || log.blockNumber < contract.fromBlock) return []
    const skipped = (batchId: bigint) => skippedLanes(logs, log, batchId)
    const decode = decoderOf(chainId, contract, skipped)
    if (decode === undefined) return []
    const metadata = contract.added ? { ...place, contract: address } : place
    const bodies = decodeOrKeep(decode, log)
    const foreign = contract.ids.length > 0 && bodies.find((body) => !isOwn(contract, body))
    if (foreign) {
      const why = `an id of another contract in ${foreign.type}`
      return [{ ...undecodable(log, why), metadata } as ChainFact]
    }
    return bodies.map((body) => ({ ...body, metadata }) as ChainFact)
  })
}

/** Two registries count from 1; what one says of ids of the other must not be taken for theirs. */
function isOwn({ ids }: IndexedContract, body: FactBody): boolean {
  const data = body.data as unknown as Readonly<Record<string, unknown>>
  return ids.every(({ name, first, end }) => {
    const value = data[name]
    if (typeof value !== 'string') return true
    const id = BigInt(value)
    return id >= first && (end === undefined || id < end)
  })
}

function decodeOrKeep(decode: LogDecoder, log: ChainLog): readonly FactBody[] {
  try {
    return decode(log) ?? [undecodable(log, 'unknown topic')]
  } catch (error) {
    return [undecodable(log, error instanceof Error ? error.message : String(error))]
  }
}

const undecodable = ({ address, topics, data }: ChainLog, why: string): FactBody => ({
  type: 'UndecodableLog',
  data: { address, topics, data, why },
})

function decoderOf(
  chainId: number,
  { name, address }: IndexedContract,
  skipped: (batchId: bigint) => ReadonlySet<number>,
): LogDecoder | undefined {
  switch (name) {
    case 'access':
      return decodeProvenantAccess
    case 'datanets':
      return decodeDatanetRegistry
    case 'disputes':
      return decodeEpochDisputes
    case 'models':
      return decodeModelRegistry
    case 'escrow':
      return decodeInferenceEscrow
    case 'ledger':
      return inferenceLedgerDecoder(chainId, address, skipped)
    case 'proposals':
      return decodeModelProposals
    case 'rewards':
      return decodeRewardsDistributor
    case 'staking':
      return decodeAgentStaking
    case 'timelock':
      return decodeTimelockController
    case 'governor':
      return decodeProvenantGovernor
    case 'votes':
      return decodeContributionVotes
    default:
      return undefined
  }
}

function skippedLanes(
  logs: readonly ChainLog[],
  batchLog: ChainLog,
  batchId: bigint,
): ReadonlySet<number> {
  const lanes = logs.flatMap((log) => {
    if (log.address !== batchLog.address || log.txHash !== batchLog.txHash) return []
    const skip = readSkippedLane(log)
    return skip?.batchId === batchId ? [skip.lane] : []
  })
  return new Set(lanes)
}
