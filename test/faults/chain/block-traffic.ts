import { type Abi, concat, keccak256, numberToHex, size, slice, toHex } from 'viem'
import { datanetRegistryAbi } from '../../../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../../../contracts/abi/inference-escrow.ts'
import { modelRegistryAbi } from '../../../contracts/abi/model-registry.ts'
import { rewardsDistributorAbi } from '../../../contracts/abi/rewards-distributor.ts'
import { encodeLog } from '../../../indexer/decode/log.fixture.ts'
import type { Hex } from '../../../schema/events/event.ts'
import type { SeededRandom } from '../plan/seeded-random.ts'
import { batchLogs } from './batch-logs.ts'
import { contracts } from './contracts.ts'
import type { RawLog } from './emitter.ts'

/** Logs of one transaction to one contract. */
export interface Emission {
  readonly to: Hex
  readonly logs: readonly RawLog[]
}

const accounts: readonly Hex[] = Array.from({ length: 5 }, (_, i): Hex => `0x${`a${i}`.repeat(20)}`)

/**
 * Draws what one block holds: events of all kinds, with ids that belong to the height as a counter's
 * would, so that two forks give the same id to different facts.
 *
 * @param room bytes of text per event, to fill a disk with
 */
export function blockTraffic(
  random: SeededRandom,
  height: number,
  events: number,
  room = 0,
): readonly Emission[] {
  return Array.from({ length: events }, (_, n) => {
    const id = BigInt(height * 64 + n)
    const draw: Draw = { random, id, room, hash: () => hashOf(random) }
    return random.pick(emissions)(draw)
  })
}

interface Draw {
  readonly random: SeededRandom
  readonly id: bigint
  readonly room: number
  readonly hash: () => Hex
}

const hashOf = (random: SeededRandom) => keccak256(toHex(random.int(0, 2 ** 32 - 1)))
const account = ({ random }: Draw) => random.pick(accounts)
/** The money of an account grows with the id, as a cumulative amount does. */
const cumulative = (id: bigint, share: bigint) => (id * 10n ** 15n) / share
const parties = (draw: Draw) => ({ payer: account(draw), operator: account(draw) })
/** Something that was made at most `back` ids ago, or never. */
const earlier = ({ random, id }: Draw, back = 200) => {
  const at = id - BigInt(random.int(0, back))
  return at < 0n ? 0n : at
}

const from =
  (to: Hex, abi: Abi) =>
  (name: string, args: Readonly<Record<string, unknown>>): Emission => ({
    to,
    logs: [encodeLog(to, abi, name, args)],
  })
const datanets = from(contracts.datanets, datanetRegistryAbi)
const models = from(contracts.models, modelRegistryAbi)
const escrow = from(contracts.escrow, inferenceEscrowAbi)
const rewards = from(contracts.rewards, rewardsDistributorAbi)

const datanetCreated = (draw: Draw) =>
  datanets('DatanetCreated', {
    datanetId: draw.id,
    owner: account(draw),
    metaHash: draw.hash(),
    uri: `ipfs://${draw.hash()}/ünï ${'x'.repeat(draw.room)}`,
    licence: draw.random.int(0, 65_535),
  })

const emissions: readonly ((draw: Draw) => Emission)[] = [
  datanetCreated,
  (draw) =>
    datanets('ContributionSubmitted', {
      datanetId: earlier(draw),
      contributionId: draw.id,
      contributor: account(draw),
      root: draw.hash(),
      rows: draw.random.int(1, 2 ** 32 - 1),
      byteSize: 2n ** 60n + draw.id,
      dataHash: draw.hash(),
    }),
  (draw) =>
    datanets('ContributionAccepted', {
      datanetId: 1n,
      contributionId: earlier(draw),
      by: account(draw),
    }),
  (draw) =>
    datanets('ContributionRejected', {
      datanetId: 1n,
      contributionId: earlier(draw),
      by: account(draw),
      reasonCode: draw.random.int(0, 65_535),
    }),
  (draw) =>
    models('ModelRegistered', {
      modelId: draw.id,
      owner: account(draw),
      name: `model-${draw.id}`,
      baseModelHash: draw.hash(),
      datanetIds: [earlier(draw), 2n ** 200n],
    }),
  (draw) =>
    models('TrainingRunRecorded', {
      runId: draw.id,
      modelId: earlier(draw),
      trainer: account(draw),
      datasetRoot: draw.hash(),
      configHash: draw.hash(),
      dataOrderHash: draw.hash(),
      artefactHash: draw.hash(),
    }),
  (draw) =>
    models('TermsSet', {
      modelId: draw.id,
      version: 1,
      pricePer1kIn: 2n ** 100n + draw.id,
      pricePer1kOut: draw.id,
      ...{ platformBps: 1000, ownerBps: 2000, stakersBps: 500, contributorsBps: 6500 },
      retrievalBps: draw.random.int(0, 10_000),
      validFrom: draw.id,
    }),
  (draw) =>
    escrow('Deposited', {
      ...parties(draw),
      amount: draw.id,
      depositedCumulative: cumulative(draw.id, 1n),
    }),
  (draw) =>
    escrow('ThawStarted', { ...parties(draw), amount: cumulative(draw.id, 4n), thawEnd: draw.id }),
  (draw) =>
    escrow('Withdrawn', {
      ...parties(draw),
      amount: draw.id,
      withdrawnCumulative: cumulative(draw.id, 10n),
    }),
  (draw) => escrow('PausedSet', { paused: draw.random.chance(0.5) }),
  (draw) =>
    rewards('Funded', {
      from: account(draw),
      amount: draw.id,
      fundedCumulative: cumulative(draw.id, 1n),
    }),
  (draw) =>
    rewards('Claimed', {
      account: account(draw),
      recipient: account(draw),
      amount: draw.id,
      cumulative: cumulative(draw.id, 3n),
      epoch: earlier(draw),
    }),
  (draw) =>
    rewards('RecipientSet', {
      account: account(draw),
      oldRecipient: account(draw),
      newRecipient: account(draw),
    }),
  ...Array.from({ length: 4 }, () => (draw: Draw) => ({
    to: contracts.ledger,
    logs: batchLogs(draw.random, draw.id, accounts),
  })),
  undecodable,
]

/** Logs of our contracts that no decoder can read. */
function undecodable(draw: Draw): Emission {
  const created = datanetCreated(draw)
  const [whole] = created.logs as readonly [RawLog]
  const noise = concat([draw.hash(), draw.hash()])
  const log = draw.random.pick<RawLog>([
    { topics: [], data: noise },
    { topics: [draw.hash(), draw.hash(), draw.hash(), draw.hash()], data: '0x' },
    { ...whole, data: slice(whole.data, 0, Math.min(size(whole.data) - 1, 70)) },
    { topics: whole.topics.slice(0, 1), data: whole.data },
    { topics: whole.topics, data: concat([noise, numberToHex(2n ** 255n, { size: 32 })]) },
  ])
  return { to: contracts.datanets, logs: [log] }
}
