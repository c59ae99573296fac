import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { decodeAgentStaking } from './agent-staking.ts'
import type { ChainLog } from './chain-log.ts'
import type { ContractAddresses } from './contract-addresses.ts'
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
 * A log that no decoder understands becomes an `UndecodableLog` with its raw bytes; logs of other
 * contracts are left out.
 */
export function decodeBlock(
  chainId: number,
  contracts: ContractAddresses,
  logs: readonly ChainLog[],
): readonly ChainFact[] {
  return logs.flatMap((log) => {
    const { address, topics, data, ...metadata } = log
    const skipped = (batchId: bigint) => skippedLanes(logs, log, batchId)
    const decode = decoderOf(chainId, contracts, address, skipped)
    if (decode === undefined) return []
    return decodeOrKeep(decode, log).map((body) => ({ ...body, metadata }) as ChainFact)
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
  contracts: ContractAddresses,
  address: Hex,
  skipped: (batchId: bigint) => ReadonlySet<number>,
): LogDecoder | undefined {
  switch (address) {
    case contracts.access:
      return decodeProvenantAccess
    case contracts.datanets:
      return decodeDatanetRegistry
    case contracts.disputes:
      return decodeEpochDisputes
    case contracts.models:
      return decodeModelRegistry
    case contracts.escrow:
      return decodeInferenceEscrow
    case contracts.ledger:
      return inferenceLedgerDecoder(chainId, contracts.ledger, skipped)
    case contracts.proposals:
      return decodeModelProposals
    case contracts.rewards:
      return decodeRewardsDistributor
    case contracts.staking:
      return decodeAgentStaking
    case contracts.timelock:
      return decodeTimelockController
    case contracts.governor:
      return decodeProvenantGovernor
    case contracts.votes:
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
