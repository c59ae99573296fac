import fc from 'fast-check'
import { type Abi, type AbiEvent, type AbiParameter, checksumAddress, isAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { contributionVotesAbi } from '../../contracts/abi/contribution-votes.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { modelProposalsAbi } from '../../contracts/abi/model-proposals.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import { provenantAccessAbi } from '../../contracts/abi/provenant-access.ts'
import { provenantGovernorAbi } from '../../contracts/abi/provenant-governor.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { timelockControllerAbi } from '../../contracts/abi/timelock-controller.ts'
import { controlEvents } from '../../schema/events/control-events.ts'
import { epochProposalEvents } from '../../schema/events/epoch.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EventShape } from '../../schema/events/event-shape.ts'
import type { ContractAddresses } from './contract-addresses.ts'
import { contractBook } from './contract-book.ts'
import { decodeBlock } from './decode-block.ts'
import { encodeLog } from './log.fixture.ts'

const abis = {
  access: provenantAccessAbi,
  datanets: datanetRegistryAbi,
  disputes: epochDisputesAbi,
  escrow: inferenceEscrowAbi,
  ledger: inferenceLedgerAbi,
  models: modelRegistryAbi,
  proposals: modelProposalsAbi,
  rewards: rewardsDistributorAbi,
  staking: agentStakingAbi,
  governor: provenantGovernorAbi,
  timelock: timelockControllerAbi,
  votes: contributionVotesAbi,
} as const satisfies Partial<Record<keyof ContractAddresses, Abi>>

const names = Object.keys(abis) as (keyof typeof abis)[]
const contracts = Object.fromEntries(
  names.map((name, i) => [name, `0x${String(i + 1).padStart(40, 'c')}`]),
) as unknown as ContractAddresses

/** Events with decoders of their own, tested in decode-block.test.ts. */
const ownDecoders = [
  ...['DatanetCreated', 'ContributionSubmitted', 'ContributionAccepted', 'ContributionRejected'],
  ...['ModelRegistered', 'TrainingRunRecorded', 'ModelVersionPublished', 'TermsSet'],
  ...['Deposited', 'ThawStarted', 'Withdrawn', 'Charged', 'Funded', 'Claimed', 'RecipientSet'],
  ...['CodecRegistered', 'LaneSkipped', 'BatchPacked', 'EpochRejected', 'EpochActivated'],
]
/** Contracts without decoders of their own; some of their events share a name with those above. */
const own = ['staking', 'proposals', 'disputes']
const noFacts = ['AuthorityUpdated', 'EIP712DomainChanged', 'Initialized', 'Upgraded']

function valueFor({
  type,
  components,
}: AbiParameter & { components?: readonly AbiParameter[] }): fc.Arbitrary<unknown> {
  if (type.endsWith('[]'))
    return fc.array(valueFor({ type: type.slice(0, -2), components } as AbiParameter), {
      maxLength: 3,
    })
  if (type === 'tuple')
    return fc.record(
      Object.fromEntries((components ?? []).map((part) => [part.name!, valueFor(part)])),
    )
  if (type === 'bool') return fc.boolean()
  if (type === 'string') return fc.string()
  if (type === 'bytes') return fc.uint8Array({ maxLength: 70 }).map(hex)
  if (type === 'address') return fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hex)
  const size = Number(/\d+$/.exec(type)?.[0])
  if (type.startsWith('bytes')) return fc.uint8Array({ minLength: size, maxLength: size }).map(hex)
  const bits = BigInt(type.startsWith('int') ? size - 1 : size)
  const value = fc.bigInt({
    min: type.startsWith('int') ? -(1n << bits) : 0n,
    max: (1n << bits) - 1n,
  })
  return size <= 48 ? value.map(Number) : value
}

const hex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`

/** What the fact must hold, by the Solidity types alone. */
function expected(parameters: readonly AbiParameter[], values: Record<string, unknown>): object {
  return Object.fromEntries(
    parameters.flatMap((parameter) => {
      const value = values[parameter.name!]
      if (parameter.type === 'tuple' && 'components' in parameter)
        return Object.entries(expected(parameter.components, value as Record<string, unknown>))
      return [[parameter.name, value]]
    }),
  )
}

const same = (shape: EventShape, data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(shape).map(([field, kind]) => {
      const value = data[field]
      if (kind === 'decimal') return [field, String(value)]
      if (kind === 'decimals') return [field, (value as unknown[]).map(String)]
      return [field, value]
    }),
  )

const shapes: Readonly<Record<string, EventShape>> = { ...controlEvents, ...epochProposalEvents }

describe('every event of every contract', () => {
  for (const name of names) {
    const events = (abis[name] as Abi).filter((item): item is AbiEvent => item.type === 'event')
    for (const event of events.filter((e) => !ownDecoders.includes(e.name) || own.includes(name))) {
      test(`${name} ${event.name}`, () => {
        const log = fc.record(
          Object.fromEntries(event.inputs.map((input) => [input.name!, valueFor(input)])),
        )
        fc.assert(
          fc.property(log, (args) => {
            const checksummed = Object.fromEntries(
              Object.entries(args).map(([field, value]) => [
                field,
                typeof value === 'string' && isAddress(value) ? checksumAddress(value) : value,
              ]),
            )
            const encoded = encodeLog(
              contracts[name]!,
              abis[name] as Abi,
              event.name as never,
              checksummed,
            )
            const facts = decodeBlock(31337, contractBook({ addresses: contracts }), [encoded])
            expect(facts).toHaveLength(noFacts.includes(event.name) ? 0 : 1)
            if (facts.length === 0) return
            const { type, data } = facts[0]!
            expect(Object.keys(shapes)).toContain(type)
            expect(data).toEqual(same(shapes[type]!, { ...expected(event.inputs, args) }))
          }),
          { numRuns: 20 },
        )
      })
    }
  }
})
