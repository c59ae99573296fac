import type { RecordedEvent } from '../../eventlog/client/event-log.ts'
import { sha256 } from '../../schema/codec/sha256.ts'
import type { Hex } from '../../schema/events/event.ts'
import { eventId } from '../../schema/events/event-id.ts'
import { attributionStream, chainStream, epochStream } from '../../schema/events/streams.ts'

export const logChainId = 4711

/** One step of a random chain: a block with actions, or a fork that drops blocks. */
export type Step =
  | { readonly kind: 'block'; readonly actions: readonly number[] }
  | { readonly kind: 'fork'; readonly depth: number }
  | { readonly kind: 'attribute'; readonly call: number; readonly amount: number }

export interface Account {
  deposited: bigint
  withdrawn: bigint
  charged: bigint
  thawing: bigint
}

export interface Stake {
  active: bigint
  thawing: bigint
  slashed: bigint
}

/** What the contracts hold after a block. */
interface World {
  contributions: number
  stakes: Record<string, Stake>
  decided: Record<string, string>
  accounts: Record<string, Account>
  claimed: Record<string, bigint>
  epochs: number
}

interface MinedBlock {
  readonly height: number
  readonly hash: Hex
  readonly events: readonly RecordedEvent[]
  readonly world: World
}

export interface RandomLog {
  /** Everything that happened, forks included. */
  readonly events: readonly RecordedEvent[]
  /** The same without what was undone. */
  readonly live: readonly RecordedEvent[]
  readonly world: World
}

const account = (n: number): Hex => `0x${(n % 4).toString(16).padStart(40, 'a')}`
const hash = (text: string): Hex => sha256(text)

/** Plays steps against a model of the contracts and records what an indexer would append. */
export function playSteps(steps: readonly Step[]): RandomLog {
  const log = new LogBuilder()
  const chain: MinedBlock[] = []
  const engine: RecordedEvent[] = []
  let made = 0
  const worldNow = (): World =>
    structuredClone(
      chain.at(-1)?.world ?? {
        contributions: 0,
        stakes: {},
        decided: {},
        accounts: {},
        claimed: {},
        epochs: 0,
      },
    )
  for (const step of steps) {
    if (step.kind === 'fork') {
      for (const block of chain.splice(Math.max(0, chain.length - step.depth)).reverse())
        log.add(chainStream(logChainId), 'BlockReverted', {
          height: block.height,
          hash: block.hash,
          replacedBy: null,
        })
    } else if (step.kind === 'attribute') {
      engine.push(...log.attribute(step.call, step.amount))
    } else {
      made += 1
      const world = worldNow()
      const place = { height: chain.length, hash: hash(`block ${made}`) }
      const facts = step.actions.flatMap((action) => act(world, action))
      const events = facts.map(([type, data], logIndex) => log.addFact(place, logIndex, type, data))
      chain.push({ ...place, events, world })
    }
  }
  const kept = new Set([...chain.flatMap((block) => block.events), ...engine])
  return {
    events: log.events,
    live: log.events.filter((event) => kept.has(event)),
    world: worldNow(),
  }
}

type Fact = readonly [type: string, data: Record<string, unknown>]

function act(world: World, action: number): readonly Fact[] {
  const who = account(action >> 4)
  const amount = BigInt((action >> 6) % 50) + 1n
  const operator = account(9)
  const none: Account = { deposited: 0n, withdrawn: 0n, charged: 0n, thawing: 0n }
  const escrow = world.accounts[who] ?? none
  world.accounts[who] = escrow
  const balance = escrow.deposited - escrow.withdrawn - escrow.charged
  const money = { payer: who, operator, amount: amount.toString() }
  switch (action % 13) {
    case 0: {
      const id = String(++world.contributions)
      const root = hash(`root ${id} ${action}`)
      const data = { datanetId: '1', contributionId: id, contributor: who, root, rows: 3 }
      return [['ContributionSubmitted', { ...data, byteSize: '99', dataHash: root }]]
    }
    case 1: {
      const open = Array.from({ length: world.contributions }, (_, i) => String(i + 1)).find(
        (id) => world.decided[id] === undefined,
      )
      if (open === undefined) return []
      const accepted = amount % 2n === 0n
      world.decided[open] = accepted ? 'accepted' : 'rejected'
      const data = { datanetId: '1', contributionId: open, by: who }
      return accepted
        ? [['ContributionAccepted', data]]
        : [['ContributionRejected', { ...data, reasonCode: 4 }]]
    }
    case 2:
    case 3:
      escrow.deposited += amount
      return [['EscrowDeposited', { ...money, depositedCumulative: `${escrow.deposited}` }]]
    case 4:
      if (amount > balance) return []
      escrow.thawing = amount
      return [['EscrowThawStarted', { ...money, thawEnd: '77' }]]
    case 5: {
      if (escrow.thawing === 0n) return []
      const paid = escrow.thawing
      escrow.withdrawn += paid
      escrow.thawing = 0n
      const data = { ...money, amount: `${paid}`, withdrawnCumulative: `${escrow.withdrawn}` }
      return [['EscrowWithdrawn', data]]
    }
    case 6: {
      if (amount > balance) return []
      const rest = balance - amount
      if (escrow.thawing > rest) escrow.thawing = rest
      escrow.charged += amount
      const data = { ...money, batchId: '1', chargedCumulative: `${escrow.charged}`, calls: '1' }
      return [['EscrowCharged', data]]
    }
    case 7: {
      const claimed = (world.claimed[who] ?? 0n) + amount
      world.claimed[who] = claimed
      const data = { account: who, recipient: who, epoch: '1' }
      return [['RewardClaimed', { ...data, amount: `${amount}`, cumulative: `${claimed}` }]]
    }
    case 8: {
      if (escrow.thawing === 0n) return []
      const given = { payer: who, operator, amount: `${escrow.thawing}` }
      escrow.thawing = 0n
      return [['EscrowThawCancelled', given]]
    }
    case 9: {
      const accepted = Object.keys(world.decided).find((id) => world.decided[id] === 'accepted')
      if (accepted === undefined) return []
      world.decided[accepted] = 'revoked'
      return [
        [
          'ContributionRevoked',
          { datanetId: '1', contributionId: accepted, by: who, reasonCode: 7 },
        ],
      ]
    }
    case 10:
    case 11:
      return [stakeFact(world, who, amount, action)]
    default: {
      const epoch = String(++world.epochs)
      const root = hash(`epoch ${epoch} ${action}`)
      const range = { fromBlock: '1', toBlock: '2', toBlockHash: root, activatesAt: '99' }
      const trees = { creditsRoot: root, credits: 3, callsRoot: root, calls: 2, accounts: 2 }
      const posted = { epoch, poster: who, previousEpoch: '0', ...range, ...trees }
      const proposal = { ...posted, root, totalEarned: '5', dataHash: root, engineHash: root }
      return [
        ['EpochProposed', proposal],
        ...(amount % 2n === 0n ? [['EpochDisputed', { epoch, disputed: true }] as const] : []),
        ...(amount % 3n === 0n ? [] : [['EpochActivated', { epoch }] as const]),
        ['RecipientSet', { account: who, previous: account(0), recipient: account(action) }],
      ]
    }
  }
}

function stakeFact(world: World, agent: Hex, amount: bigint, action: number): Fact {
  const stake = world.stakes[agent] ?? { active: 0n, thawing: 0n, slashed: 0n }
  world.stakes[agent] = stake
  const after = () => ({ activeAfter: `${stake.active}`, thawingAfter: `${stake.thawing}` })
  if (action % 2 === 0 && stake.active >= amount) {
    stake.active -= amount
    stake.slashed += amount
    const data = { agent, reasonId: hash('fault'), beneficiary: account(3), amount: `${amount}` }
    return ['StakeSlashed', { ...data, reward: '0', ...after() }]
  }
  if (action % 3 === 0 && stake.active > 0n) {
    stake.thawing += stake.active
    stake.active = 0n
    return ['StakeThawStarted', { agent, amount: `${stake.thawing}`, thawEnd: '9', ...after() }]
  }
  stake.active += amount
  return ['Staked', { agent, from: agent, amount: `${amount}`, activeAfter: `${stake.active}` }]
}

class LogBuilder {
  readonly events: RecordedEvent[] = []

  add(
    stream: string,
    type: string,
    data: Record<string, unknown>,
    metadata: Record<string, unknown> = { chainId: logChainId },
    id = eventId(['random', this.events.length]),
  ): RecordedEvent {
    const position = BigInt(this.events.length * 10 + 1)
    const created = new Date(0)
    const revision = BigInt(this.events.length)
    const event = { id, type, data, metadata, stream, revision, position, created }
    this.events.push(event)
    return event
  }

  addFact(
    block: { readonly height: number; readonly hash: Hex },
    logIndex: number,
    type: string,
    data: Record<string, unknown>,
  ): RecordedEvent {
    const metadata = {
      chainId: logChainId,
      blockNumber: block.height,
      blockHash: block.hash,
      txHash: hash(`tx ${block.hash} ${logIndex}`),
      logIndex,
      timestamp: block.height,
    }
    const id = eventId([logChainId, block.hash, logIndex, 0])
    return this.add(chainStream(logChainId), type, data, metadata, id)
  }

  attribute(call: number, amount: number): readonly RecordedEvent[] {
    const metadata = { chainId: logChainId, engineHash: hash('engine') }
    const callId = hash(`call ${call % 5}`)
    const share = { account: account(call), role: 'influence', amount: String(amount) }
    const row = {
      rowId: `1:${call}`,
      contributor: account(call),
      cluster: 1,
      scoreQ16: 9,
      zMilli: 2,
    }
    const epoch = String((call % 3) + 1)
    return [
      this.add(
        attributionStream(logChainId, '1', 1),
        'InferenceAttributed',
        {
          callId,
          modelId: '1',
          version: 1,
          epoch,
          queryHash: callId,
          rule: 'influence',
          rows: [row],
          shares: [share, share],
        },
        metadata,
      ),
      this.add(
        epochStream(logChainId),
        'EpochClosed',
        {
          epoch,
          root: callId,
          totalEarned: String(amount),
          manifestHash: callId,
          fromBlock: '1',
          toBlock: '2',
          toBlockHash: callId,
          calls: 1,
          leaves: 1,
          balances: [{ account: account(call), cumulative: String(amount) }],
        },
        metadata,
      ),
    ]
  }
}
