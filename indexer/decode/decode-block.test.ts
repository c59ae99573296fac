import * as fc from 'fast-check'
import { bytesToHex, keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { callId } from '../../schema/codec/leaves.ts'
import { type PackedCall, packCalls } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainLog } from './chain-log.ts'
import type { ContractAddresses } from './contract-addresses.ts'
import { contractBook } from './contract-book.ts'
import { decodeBlock } from './decode-block.ts'
import { encodeLog } from './log.fixture.ts'

const address = (n: number): Hex => `0x${n.toString(16).padStart(40, 'c')}`
const hash = (n: number): Hex => keccak256(toHex(n))
const contracts = {
  datanets: address(1),
  models: address(2),
  escrow: address(3),
  ledger: address(4),
  rewards: address(5),
} as ContractAddresses
const alice = address(0xa)
const bob = address(0xb)
const decode = (...logs: ChainLog[]) =>
  decodeBlock(31337, contractBook({ addresses: contracts }), logs)
const bodies = (...logs: ChainLog[]) => decode(...logs).map(({ type, data }) => ({ type, data }))

const datanet = { datanetId: 7n, owner: alice, metaHash: hash(1), uri: 'ipfs://x', licence: 3 }
const money = { payer: alice, operator: bob, amount: 2n ** 100n }
const moneyData = { payer: alice, operator: bob, amount: `${2n ** 100n}` }
const run = {
  trainer: alice,
  datasetRoot: hash(1),
  configHash: hash(2),
  dataOrderHash: hash(3),
  artefactHash: hash(4),
}
const shares = {
  platformBps: 1000,
  ownerBps: 2000,
  stakersBps: 500,
  contributorsBps: 6500,
  retrievalBps: 1500,
}
/** Every event of every contract: its log and the fact it means. */
const cases: readonly (readonly [ChainLog, type: string, data: object])[] = [
  [
    encodeLog(contracts.datanets, datanetRegistryAbi, 'DatanetCreated', datanet),
    'DatanetCreated',
    { ...datanet, datanetId: '7' },
  ],
  [
    encodeLog(contracts.datanets, datanetRegistryAbi, 'ContributionSubmitted', {
      datanetId: 1n,
      contributionId: 2n ** 70n,
      contributor: alice,
      root: hash(1),
      rows: 500,
      byteSize: 2n ** 60n,
      dataHash: hash(2),
    }),
    'ContributionSubmitted',
    {
      datanetId: '1',
      contributionId: `${2n ** 70n}`,
      contributor: alice,
      root: hash(1),
      rows: 500,
      byteSize: `${2n ** 60n}`,
      dataHash: hash(2),
    },
  ],
  [
    encodeLog(contracts.datanets, datanetRegistryAbi, 'ContributionAccepted', {
      datanetId: 1n,
      contributionId: 2n,
      by: bob,
    }),
    'ContributionAccepted',
    { datanetId: '1', contributionId: '2', by: bob },
  ],
  [
    encodeLog(contracts.datanets, datanetRegistryAbi, 'ContributionRejected', {
      datanetId: 1n,
      contributionId: 2n,
      by: bob,
      reasonCode: 9,
    }),
    'ContributionRejected',
    { datanetId: '1', contributionId: '2', by: bob, reasonCode: 9 },
  ],
  [
    encodeLog(contracts.models, modelRegistryAbi, 'ModelRegistered', {
      modelId: 1n,
      owner: alice,
      name: 'solidity-helper',
      baseModelHash: hash(1),
      datanetIds: [1n, 2n, 3n],
    }),
    'ModelRegistered',
    {
      modelId: '1',
      owner: alice,
      name: 'solidity-helper',
      baseModelHash: hash(1),
      datanetIds: ['1', '2', '3'],
    },
  ],
  [
    encodeLog(contracts.models, modelRegistryAbi, 'TrainingRunRecorded', {
      runId: 4n,
      modelId: 1n,
      ...run,
    }),
    'TrainingRunRecorded',
    { runId: '4', modelId: '1', ...run },
  ],
  [
    encodeLog(contracts.models, modelRegistryAbi, 'ModelVersionPublished', {
      modelId: 1n,
      version: 2,
      runId: 4n,
      artefactHash: hash(4),
    }),
    'ModelVersionPublished',
    { modelId: '1', version: 2, runId: '4', artefactHash: hash(4) },
  ],
  [
    encodeLog(contracts.models, modelRegistryAbi, 'TermsSet', {
      modelId: 1n,
      version: 2,
      pricePer1kIn: 10n ** 15n,
      pricePer1kOut: 10n ** 16n,
      ...shares,
      validFrom: 1_700_000_000n,
    }),
    'TermsSet',
    {
      modelId: '1',
      version: 2,
      pricePer1kIn: `${10n ** 15n}`,
      pricePer1kOut: `${10n ** 16n}`,
      ...shares,
      validFrom: '1700000000',
    },
  ],
  [
    encodeLog(contracts.escrow, inferenceEscrowAbi, 'Deposited', {
      ...money,
      depositedCumulative: 5n,
    }),
    'EscrowDeposited',
    { ...moneyData, depositedCumulative: '5' },
  ],
  [
    encodeLog(contracts.escrow, inferenceEscrowAbi, 'ThawStarted', { ...money, thawEnd: 99n }),
    'EscrowThawStarted',
    { ...moneyData, thawEnd: '99' },
  ],
  [
    encodeLog(contracts.escrow, inferenceEscrowAbi, 'Withdrawn', {
      ...money,
      withdrawnCumulative: 6n,
    }),
    'EscrowWithdrawn',
    { ...moneyData, withdrawnCumulative: '6' },
  ],
  [
    encodeLog(contracts.escrow, inferenceEscrowAbi, 'Charged', {
      ...money,
      batchId: 1n,
      chargedCumulative: 7n,
      calls: 3n,
    }),
    'EscrowCharged',
    { ...moneyData, batchId: '1', chargedCumulative: '7', calls: '3' },
  ],
  [
    encodeLog(contracts.rewards, rewardsDistributorAbi, 'Funded', {
      from: bob,
      amount: 3n,
      fundedCumulative: 9n,
    }),
    'RewardsFunded',
    { from: bob, amount: '3', fundedCumulative: '9' },
  ],
  [
    encodeLog(contracts.rewards, rewardsDistributorAbi, 'EpochRejected', {
      epoch: 1n,
      reasonCode: 2,
    }),
    'EpochRejected',
    { epoch: '1', reasonCode: 2 },
  ],
  [
    encodeLog(contracts.rewards, rewardsDistributorAbi, 'EpochActivated', { epoch: 1n }),
    'EpochActivated',
    { epoch: '1' },
  ],
  [
    encodeLog(contracts.rewards, rewardsDistributorAbi, 'Claimed', {
      account: alice,
      recipient: bob,
      amount: 2n,
      cumulative: 4n,
      epoch: 1n,
    }),
    'RewardClaimed',
    { account: alice, recipient: bob, amount: '2', cumulative: '4', epoch: '1' },
  ],
  [
    encodeLog(contracts.rewards, rewardsDistributorAbi, 'RecipientSet', {
      account: alice,
      oldRecipient: alice,
      newRecipient: bob,
    }),
    'RecipientSet',
    { account: alice, previous: alice, recipient: bob },
  ],
  [
    encodeLog(contracts.ledger, inferenceLedgerAbi, 'CodecRegistered', {
      codec: 1,
      specHash: hash(9),
    }),
    'CodecRegistered',
    { codec: 1, specHash: hash(9) },
  ],
]

describe('decodeBlock', () => {
  for (const [log, type, data] of cases)
    test(`reads ${type}`, () => expect(bodies(log)).toEqual([{ type, data }]))

  test('keeps the place a fact was found at', () => {
    const [fact] = decode(cases[0]?.[0] as ChainLog)
    expect(fact?.metadata).toEqual({
      chainId: 31337,
      blockNumber: 7,
      blockHash: `0x${'b1'.repeat(32)}`,
      txHash: `0x${'71'.repeat(32)}`,
      logIndex: 0,
      timestamp: 1_700_000_000,
    })
  })

  test('leaves out logs of other contracts and events without a fact', () => {
    const [log] = cases[0] as [ChainLog, string, object]
    const authority = { authority: alice }
    expect(
      bodies(
        { ...log, address: address(99) },
        encodeLog(contracts.ledger, inferenceLedgerAbi, 'AuthorityUpdated', authority),
        encodeLog(contracts.ledger, inferenceLedgerAbi, 'EIP712DomainChanged', {}),
        encodeLog(contracts.rewards, rewardsDistributorAbi, 'AuthorityUpdated', authority),
      ),
    ).toEqual([])
  })

  test('replaces NUL in text, which no column can hold', () => {
    const log = encodeLog(contracts.datanets, datanetRegistryAbi, 'DatanetCreated', {
      ...datanet,
      uri: 'a\u0000b',
    })
    expect(bodies(log)[0]?.data).toMatchObject({ uri: 'a\ufffdb' })
  })

  test('keeps a log with an unknown topic, no topic or damaged data', () => {
    const [log] = cases[0] as [ChainLog, string, object]
    const damaged = [
      { ...log, topics: [hash(1)] },
      { ...log, topics: [] },
      { ...log, data: '0x00' as Hex },
      { ...log, topics: log.topics.slice(0, 2) },
    ]
    for (const bad of damaged) {
      const [fact] = bodies(bad)
      const { address, topics, data } = bad
      expect(fact).toMatchObject({ type: 'UndecodableLog', data: { address, topics, data } })
    }
  })

  test('never throws, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => bytesToHex(array))
    const known = cases.map(([log]) => log.topics[0] as Hex)
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(contracts)),
        fc.constantFrom(...known),
        fc.array(fc.constant(hash(3)), { maxLength: 3 }),
        bytes,
        (at, topic, rest, data) => {
          const [log] = cases[0] as [ChainLog, string, object]
          const facts = decode({ ...log, address: at, topics: [topic, ...rest], data })
          expect(facts.length).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})

const call = (payer: Hex, n: number): PackedCall => ({
  payer,
  modelId: 1,
  modelVersion: 2,
  termsVersion: 3,
  fee: 10n ** 18n,
  tokensIn: 10,
  tokensOut: 20,
  calledAt: 1_700_000_000,
  requestHash: hash(n),
  outputHash: hash(n + 100),
})

function batchLog(calls: readonly PackedCall[], recorded: number, overrides: object = {}) {
  const data = packCalls(calls)
  return encodeLog(
    contracts.ledger,
    inferenceLedgerAbi,
    'BatchPacked',
    {
      batchId: 5n,
      operator: bob,
      codec: 1,
      calls: recorded,
      digest: keccak256(data),
      dataHash: hash(8),
      data,
      ...overrides,
    },
    { logIndex: 4 },
  )
}

const skipLog = (lane: number, logIndex: number, txHash?: Hex) =>
  encodeLog(
    contracts.ledger,
    inferenceLedgerAbi,
    'LaneSkipped',
    { batchId: 5n, lane, payer: alice, modelId: 1, termsVersion: 3, reason: 5 },
    { logIndex, ...(txHash === undefined ? {} : { txHash }) },
  )

describe('a packed batch', () => {
  const calls = [call(alice, 1), call(alice, 2), call(bob, 3), call(alice, 4)]

  test('becomes the batch and one fact per call', () => {
    const facts = bodies(batchLog(calls, 4))
    expect(facts[0]).toEqual({
      type: 'BatchCommitted',
      data: {
        batchId: '5',
        operator: bob,
        codec: 1,
        calls: 4,
        digest: keccak256(packCalls(calls)),
        dataHash: hash(8),
      },
    })
    expect(facts.slice(1).map(({ data }) => data)).toMatchObject(
      calls.map(({ payer, requestHash, outputHash }, index) => ({
        callId: callId(31337, contracts.ledger, 5n, index),
        index,
        payer,
        fee: `${10n ** 18n}`,
        requestHash,
        outputHash,
      })),
    )
  })

  test.each([
    ['before', [1, 2]],
    ['after', [8, 9]],
  ])('leaves out the records of lanes that were skipped %s it', (_, [first, second]) => {
    const logs = [skipLog(0, first as number), batchLog(calls, 1), skipLog(2, second as number)]
    const facts = bodies(...logs)
    expect(facts.filter(({ type }) => type === 'InferenceRecorded')).toMatchObject([
      { data: { index: 2, payer: bob, callId: callId(31337, contracts.ledger, 5n, 2) } },
    ])
    expect(facts.filter(({ type }) => type === 'BatchLaneSkipped')).toMatchObject([
      { data: { batchId: '5', lane: 0, payer: alice, modelId: '1', termsVersion: 3, reason: 5 } },
      { data: { lane: 2 } },
    ])
  })

  test('does not listen to skipped lanes of other transactions', () => {
    const facts = bodies(skipLog(0, 1, hash(1)), batchLog(calls, 4))
    expect(facts.filter(({ type }) => type === 'InferenceRecorded')).toHaveLength(4)
  })

  test.each([
    ['an unknown codec', { codec: 2 }],
    ['a cut record', { data: '0x1234' }],
    ['another number of calls', { calls: 3 }],
  ])('with %s is kept as an undecodable log', (_, overrides) => {
    expect(bodies(batchLog(calls, 4, overrides))).toMatchObject([{ type: 'UndecodableLog' }])
  })
})

describe('a second registry', () => {
  const later = address(9)
  const firstIds = { datanetId: '10', contributionId: '20' }
  const added = [{ contract: 'datanets', address: later, fromBlock: 100, firstIds } as const]
  const book = contractBook({ addresses: contracts, added })
  const created = (by: Hex, datanetId: bigint, blockNumber = 100): ChainLog => ({
    ...encodeLog(by, datanetRegistryAbi, 'DatanetCreated', { ...datanet, datanetId }),
    blockNumber,
  })
  const decoded = (log: ChainLog) =>
    decodeBlock(31337, book, [log]).map(({ type, metadata }) => [type, metadata.contract])

  test('has the ids from its first one on, the registry before it those below', () => {
    expect(decoded(created(contracts.datanets, 9n))).toEqual([['DatanetCreated', undefined]])
    expect(decoded(created(later, 10n))).toEqual([['DatanetCreated', later]])
    expect(decoded(created(contracts.datanets, 10n))).toEqual([['UndecodableLog', undefined]])
    expect(decoded(created(later, 9n))).toEqual([['UndecodableLog', later]])
  })

  test('counts from its block on', () => {
    expect(decoded(created(later, 10n, 99))).toEqual([])
  })

  test('leaves the ids of the kinds alone that have one contract', () => {
    const log = encodeLog(contracts.models, modelRegistryAbi, 'ModelRegistered', {
      ...{ modelId: 1n, owner: alice, name: 'm', baseModelHash: hash(1), datanetIds: [50n] },
    })
    expect(decoded(log)).toEqual([['ModelRegistered', undefined]])
  })
})
