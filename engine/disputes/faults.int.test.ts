import fc from 'fast-check'
import {
  type CallExecutionError,
  decodeErrorResult,
  decodeFunctionData,
  encodeFunctionData,
  keccak256,
  sliceHex,
} from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import {
  type CallWeights,
  type CreditLeaf,
  callKey,
  type RewardLeaf,
  solidityWeights,
  weightsHash,
} from '../../schema/codec/epoch-leaves.ts'
import { orderCalls, orderCredits, orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packCreditLeaves, packRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import { packedCallSize } from '../../schema/codec/packed-calls.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AttributedCall } from '../../schema/manifests/epoch.ts'
import {
  attributeByWeights,
  type FaultWorld,
  startFaultWorld,
} from '../../test/support/fault-world.ts'
import {
  type EpochDraft,
  type EpochPlace,
  honestDraft,
  postEpoch,
} from '../../test/support/post-epoch.ts'
import type { CommittedCalls } from '../../test/support/record-calls.ts'
import { callWeights } from '../epoch/call-weights.ts'
import { recordHash, recordOf } from '../epoch/record-hash.ts'
import { activateEpoch } from '../publish/activate-epoch.ts'
import { epochStatus } from '../publish/epoch-status.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { accuseEpoch } from './accuse-epoch.ts'
import { contextOf } from './accused-epoch.ts'
import { batchModes } from './batch-evidence.ts'
import { challengeEpoch } from './challenge-epoch.ts'
import { findFaults } from './find-faults.ts'
import { leafProof, proofsAround } from './leaf-proofs.ts'
import type { KnownEpoch } from './open-epoch.ts'
import type { ProvableFault } from './provable-fault.ts'
import { readAccusedEpoch } from './read-accused-epoch.ts'

const account = (n: number): Hex =>
  `0x${keccak256(`0x${n.toString(16).padStart(4, '0')}`).slice(26)}`
const extra = 10_000n

let world: FaultWorld
let state: ChainState
let place: EpochPlace
let payees: { platform: Hex; stakers: Hex }
let previousEpoch: Awaited<ReturnType<typeof postEpoch>>
let committed: readonly CommittedCalls[]
let packedBatch: bigint
let clean: Hex

const weightsOf = (seed: number, many: number): readonly CallWeights[] => {
  const list = (minLength: number) =>
    fc
      .uniqueArray(
        fc.record({
          account: fc.nat(14).map(account),
          weight: fc.bigInt({ min: 1n, max: 10n ** 7n }),
        }),
        { selector: (entry) => entry.account, minLength, maxLength: 7 },
      )
      .map((entries) => entries.sort((a, b) => (a.account < b.account ? -1 : 1)))
  return fc.sample(fc.record({ influence: list(1), retrieval: list(0) }), { seed, numRuns: many })
}
const inBlocks = (from: bigint, to: bigint) =>
  state.calls.filter(({ blockNumber }) => BigInt(blockNumber) >= from && BigInt(blockNumber) <= to)
const attribute = (calls: readonly RecordedCall[], seed: number): readonly AttributedCall[] => {
  const weights = weightsOf(seed, calls.length)
  return calls.map((call, i) => attributeByWeights(state, call, weights[i]!, payees))
}
const headBlock = async () => {
  const block = await world.deployed.publicClient.getBlock()
  return { toBlock: block.number, toBlockHash: block.hash }
}

beforeAll(async () => {
  world = await startFaultWorld()
  const { deployed, recorder } = world
  const { publicClient, deployment, wallet } = deployed
  const { rewards, token } = deployment.addresses
  const admin = wallet('admin')
  payees = {
    platform: admin.account.address.toLowerCase() as Hex,
    stakers: admin.account.address.toLowerCase() as Hex,
  }
  await recorder.deposit(10n ** 18n)
  // More is funded than earned, so that too high a total gets past the distributor.
  for (const request of [
    { address: token, abi: provenantTokenAbi, functionName: 'approve', args: [rewards, extra] },
    { address: rewards, abi: rewardsDistributorAbi, functionName: 'fund', args: [extra] },
  ] as const) {
    const hash = await admin.writeContract(request as never)
    await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
  }
  const fees = fc.sample(fc.bigInt({ min: 1n, max: 10n ** 9n }), { seed: 5, numRuns: 20 })
  const call = (i: number, termsVersion = 1) => ({ modelId: 1, termsVersion, fee: fees[i]! })
  await recorder.recordPacked([call(0), call(1), call(2, 2)])
  const first = await headBlock()
  state = await world.readState()
  const firstPlace = { previous: undefined, fromBlock: 0n, ...first }
  const draft = honestDraft(firstPlace, attribute(state.calls, 1))
  previousEpoch = await postEpoch(world, firstPlace, draft)
  await deployed.passTime(3601)
  await activateEpoch(
    { rewards, publicClient, walletClient: wallet('guardian') },
    previousEpoch.epoch,
  )

  packedBatch = await recorder.recordPacked(
    [call(3), call(4), call(5, 2), call(6), call(7, 9)],
    [1],
  )
  const settled = await recorder.commit([call(8), call(9, 2), call(10)])
  const open = await recorder.commit([call(11)])
  await recorder.settle(settled)
  committed = [settled, open]
  place = {
    previous: { leaves: draft.leaves, manifestHash: previousEpoch.manifestHash },
    fromBlock: first.toBlock + 1n,
    ...(await headBlock()),
  }
  state = await world.readState([settled])
  expect(inBlocks(place.fromBlock, place.toBlock)).toHaveLength(7)
})

afterAll(() => world?.[Symbol.asyncDispose]())

beforeEach(async () => {
  if (clean !== undefined) await world.revert(clean)
  clean = await world.snapshot()
})

const honest = (seed: number) =>
  honestDraft(place, attribute(inBlocks(place.fromBlock, place.toBlock), seed))
const accuse = async (draft: EpochDraft, known?: KnownEpoch) => {
  const { epoch } = await postEpoch(world, place, draft)
  const accused = await readAccusedEpoch(world.challenger, epoch)
  return accuseEpoch(world.challenger, accused, { artifacts: world.artifacts, state, known })
}
const simulate = async (fault: Pick<ProvableFault, 'call'>) => {
  const { publicClient, deployment } = world.deployed
  await publicClient.call({ to: deployment.addresses.faults, data: fault.call })
}

/** These start from a gap, and an honest epoch has none where a leaf is. */
const absenceProofs: ReadonlySet<string> = new Set([
  'omittedAccount',
  'creditWithoutCall',
  'omittedCall',
])
const dataOf = (error: unknown): unknown => (error as { readonly data?: unknown } | null)?.data
const refusalOf = async (data: Hex): Promise<string> => {
  const { publicClient, deployment } = world.deployed
  try {
    await publicClient.call({ to: deployment.addresses.faults, data })
    return 'nothing'
  } catch (error) {
    const holder = (error as CallExecutionError).walk((e) => typeof dataOf(e) === 'string')
    const reason = dataOf(holder)
    return decodeErrorResult({ abi: epochFaultsAbi, data: reason as Hex }).errorName
  }
}

/** Sums again, keeping order and amounts. */
const resumRewards = (leaves: readonly Omit<RewardLeaf, 'before'>[]): readonly RewardLeaf[] => {
  let before = 0n
  return leaves.map((leaf) => {
    const summed = { ...leaf, before }
    before += leaf.cumulative
    return summed
  })
}
const resumCredits = (leaves: readonly Omit<CreditLeaf, 'before'>[]): readonly CreditLeaf[] => {
  let before = 0n
  return leaves.map((leaf) => {
    const summed = { ...leaf, before }
    before += leaf.amount
    return summed
  })
}
const swapped = <Item>(items: readonly Item[], at: number): readonly Item[] =>
  items.map((item, i) => (i === at ? items[at + 1]! : i === at + 1 ? items[at]! : item))
const replaced = <Item>(items: readonly Item[], at: number, change: (item: Item) => Item) =>
  items.map((item, i) => (i === at ? change(item) : item))
const withLeaves = (draft: EpochDraft, leaves: Partial<EpochDraft['leaves']>): EpochDraft => ({
  ...draft,
  leaves: { ...draft.leaves, ...leaves },
})
/** Adds a credit and pays it out, so that all sums are right. */
const withCredit = (draft: EpochDraft, credit: Omit<CreditLeaf, 'before'>): EpochDraft => {
  const { rewards, credits } = draft.leaves
  const known = rewards.some((leaf) => leaf.account === credit.account)
  const balances = rewards.map((leaf) =>
    leaf.account === credit.account
      ? { ...leaf, cumulative: leaf.cumulative + credit.amount }
      : leaf,
  )
  const added = known ? [] : [{ account: credit.account, cumulative: credit.amount }]
  return withLeaves(draft, {
    rewards: orderRewards([...balances, ...added]),
    credits: orderCredits([...credits, credit]),
  })
}
const keyOf = (call: RecordedCall | AttributedCall) => callKey(BigInt(call.batchId), call.index)
const fresh = account(999)

const rewardIndexOfPrevious = (draft: EpochDraft) =>
  draft.leaves.rewards.findIndex(({ account: a }) =>
    place.previous!.leaves.rewards.some((leaf) => leaf.account === a),
  )

const wrongs: readonly (readonly [
  name: string,
  fault: string,
  (draft: EpochDraft) => EpochDraft,
])[] = [
  [
    'an account has less than before',
    'decreasedCumulative',
    (draft) => {
      const at = rewardIndexOfPrevious(draft)
      const { account: who } = draft.leaves.rewards[at]!
      const earlier = place.previous!.leaves.rewards.find((leaf) => leaf.account === who)!
      const rewards = replaced(draft.leaves.rewards, at, (leaf) => ({
        ...leaf,
        cumulative: earlier.cumulative - 1n,
      }))
      return withLeaves(draft, { rewards: resumRewards(rewards) })
    },
  ],
  [
    'two accounts are in the wrong order',
    'misorderedAccounts',
    (draft) => withLeaves(draft, { rewards: resumRewards(swapped(draft.leaves.rewards, 1)) }),
  ],
  [
    'an account is there twice',
    'misorderedAccounts',
    (draft) => {
      const [one, ...rest] = draft.leaves.rewards
      const half = { ...one!, cumulative: one!.cumulative - 1n }
      const twice = [half, { ...one!, cumulative: 1n }, ...rest]
      return withLeaves(draft, { rewards: resumRewards(twice) })
    },
  ],
  [
    'more accounts are declared than there are',
    'missingLeaf',
    (draft) => {
      const accounts = draft.leaves.rewards.length + 40
      const { root } = buildOrderedMerkleTree(packRewardLeaves(draft.leaves.rewards), accounts)
      return { ...draft, proposal: { accounts, root } }
    },
  ],
  [
    'a sum before an account is wrong',
    'sumMismatch',
    (draft) =>
      withLeaves(draft, {
        rewards: replaced(draft.leaves.rewards, 2, (leaf) => ({
          ...leaf,
          before: leaf.before + 1n,
        })),
      }),
  ],
  [
    'the first account does not start at zero',
    'sumMismatch',
    (draft) =>
      withLeaves(draft, {
        rewards: draft.leaves.rewards.map((leaf) => ({ ...leaf, before: leaf.before + 1n })),
      }),
  ],
  [
    'the total is more than the balances',
    'sumMismatch',
    (draft) => {
      const last = draft.leaves.rewards.at(-1)!
      return { ...draft, proposal: { totalEarned: last.before + last.cumulative + 1n } }
    },
  ],
  [
    'a sum before a credit is wrong',
    'creditSumMismatch',
    (draft) =>
      withLeaves(draft, {
        credits: replaced(draft.leaves.credits, 3, (leaf) => ({
          ...leaf,
          before: leaf.before - 1n,
        })),
      }),
  ],
  [
    'an account of the previous epoch is left out',
    'omittedAccount',
    (draft) => {
      const at = rewardIndexOfPrevious(draft)
      const rewards = draft.leaves.rewards.filter((_, i) => i !== at)
      return withLeaves(draft, { rewards: resumRewards(rewards) })
    },
  ],
  [
    'an account with a credit is left out',
    'omittedCreditor',
    (draft) => {
      const earlier = new Set(place.previous!.leaves.rewards.map((leaf) => leaf.account))
      const at = draft.leaves.rewards.findIndex((leaf) => !earlier.has(leaf.account))
      const rewards = draft.leaves.rewards.filter((_, i) => i !== at)
      return withLeaves(draft, { rewards: resumRewards(rewards) })
    },
  ],
  [
    'one account gets what another earned',
    'wrongDelta',
    (draft) => {
      const { rewards } = draft.leaves
      const moved = rewards.map((leaf, i) => ({
        ...leaf,
        cumulative: leaf.cumulative + (i === 0 ? -1n : i === rewards.length - 1 ? 1n : 0n),
      }))
      return withLeaves(draft, { rewards: resumRewards(moved) })
    },
  ],
  [
    'an account without credits gets something',
    'wrongDelta',
    (draft) =>
      withLeaves(draft, {
        rewards: orderRewards([...draft.leaves.rewards, { account: fresh, cumulative: 3n }]),
      }),
  ],
  [
    'a call is split by other amounts',
    'wrongSplit',
    (draft) => {
      const { credits, rewards } = draft.leaves
      const a = credits[0]!
      const b = credits.find((c) => c.callKey === a.callKey && c.account !== a.account)!
      const shift = (who: Hex, by: bigint) =>
        who === a.account ? by : who === b.account ? -by : 0n
      return withLeaves(draft, {
        credits: resumCredits(
          credits.map((c) =>
            c.callKey === a.callKey ? { ...c, amount: c.amount + shift(c.account, 1n) } : c,
          ),
        ),
        rewards: resumRewards(
          rewards.map((r) => ({ ...r, cumulative: r.cumulative + shift(r.account, 1n) })),
        ),
      })
    },
  ],
  [
    'an account is credited a call that gives it nothing',
    'wrongSplit',
    (draft) => withCredit(draft, { account: fresh, callKey: keyOf(draft.calls[0]!), amount: 5n }),
  ],
  [
    'weights are not in order',
    'wrongSplit',
    (draft) => {
      const at = draft.calls.findIndex(({ weights }) => weights.influence.length > 1)
      const calls = replaced(draft.calls, at, (call) => ({
        ...call,
        weights: { ...call.weights, influence: swapped(call.weights.influence, 0) },
      }))
      const hash = weightsHash(callWeights(calls[at]!.weights))
      return {
        ...withLeaves(draft, {
          calls: draft.leaves.calls.map((leaf) =>
            leaf.callKey === keyOf(calls[at]!) ? { ...leaf, weightsHash: hash } : leaf,
          ),
        }),
        calls,
      }
    },
  ],
  [
    'a credit is for a call that the epoch does not have',
    'creditWithoutCall',
    (draft) => withCredit(draft, { account: fresh, callKey: callKey(77n, 1), amount: 5n }),
  ],
  [
    'a call has another record',
    'falseCall',
    (draft) =>
      withLeaves(draft, {
        calls: replaced(draft.leaves.calls, 0, (leaf) => ({
          ...leaf,
          recordHash: keccak256('0x55'),
        })),
      }),
  ],
  [
    'a settled call has another record',
    'falseCall',
    (draft) => {
      const key = callKey(committed[0]!.batch.batchId, 1)
      return withLeaves(draft, {
        calls: draft.leaves.calls.map((leaf) =>
          leaf.callKey === key ? { ...leaf, recordHash: keccak256('0x55') } : leaf,
        ),
      })
    },
  ],
  ...(
    [
      ['a call of a batch that was never recorded', () => callKey(10_000n, 0)],
      ['a call of a skipped lane', () => callKey(packedBatch, 2)],
      ['a call beyond the end of its batch', () => callKey(packedBatch, 5)],
      ['a call of a batch that is not settled', () => callKey(committed[1]!.batch.batchId, 0)],
      ['a call of the epoch before', () => callKey(1n, 0)],
    ] as const
  ).map(
    ([name, key]) =>
      [
        name,
        'falseCall',
        (draft: EpochDraft) =>
          withLeaves(draft, {
            calls: orderCalls([
              ...draft.leaves.calls,
              { callKey: key(), recordHash: keccak256('0x66'), weightsHash: keccak256('0x77') },
            ]),
          }),
      ] as const,
  ),
  [
    'a recorded call is left out',
    'omittedCall',
    (draft) =>
      withLeaves(draft, {
        calls: draft.leaves.calls.filter(({ callKey: key }) => key !== callKey(packedBatch, 1)),
      }),
  ],
  [
    'a settled call is left out while others of its batch are there',
    'omittedCall',
    (draft) => {
      const gone = callKey(committed[0]!.batch.batchId, 2)
      return withLeaves(draft, {
        calls: draft.leaves.calls.filter(({ callKey: key }) => key !== gone),
      })
    },
  ],
  [
    'the last block has another hash',
    'wrongBlockHash',
    (draft) => ({ ...draft, proposal: { toBlockHash: keccak256('0x88') } }),
  ],
  [
    'two credits are in the wrong order',
    'misorderedCredits',
    (draft) => withLeaves(draft, { credits: resumCredits(swapped(draft.leaves.credits, 0)) }),
  ],
  [
    'two calls are in the wrong order',
    'misorderedCalls',
    (draft) => withLeaves(draft, { calls: swapped(draft.leaves.calls, 2) }),
  ],
  [
    'more credits are declared than there are',
    'missingLeaf',
    (draft) => {
      const credits = draft.leaves.credits.length + 1
      const { root } = buildOrderedMerkleTree(packCreditLeaves(draft.leaves.credits), credits)
      return { ...draft, proposal: { credits, creditsRoot: root } }
    },
  ],
]

describe('a wrong epoch is found, proven, rejected and its poster slashed', () => {
  test.each(wrongs)('%s', async (title, name, spoil) => {
    // Every case starts from other weights.
    const accusation = await accuse(spoil(honest(100 + title.length)))
    const faults = await findFaults(accusation)
    const fault = faults.find((found) => found.name === name)
    expect(faults.map((found) => found.name)).toContain(name)
    for (const found of faults) await simulate(found)

    const { publicClient, deployment, wallet } = world.deployed
    const poster = wallet('epochPoster').account.address
    const stake = () =>
      publicClient.readContract({
        address: deployment.addresses.staking,
        abi: agentStakingAbi,
        functionName: 'activeOf',
        args: [poster],
      })
    const before = await stake()
    const result = await challengeEpoch(world.challenger, [fault!])
    expect(result.slashed).toBeGreaterThan(0n)
    expect(result.reward).toBe(result.slashed / 2n)
    expect(await stake()).toBe(before - result.slashed)
    const { status } = await publicClient.readContract({
      address: deployment.addresses.rewards,
      abi: rewardsDistributorAbi,
      functionName: 'epochOf',
      args: [accusation.accused.epoch],
    })
    expect(status).toBe(epochStatus.rejected)
    await expect(challengeEpoch(world.challenger, [fault!])).rejects.toMatchObject({
      code: 'EPOCH_NOT_PROPOSED',
    })
  })
})

describe('an honest epoch', () => {
  test.each([41, 42, 43])(
    'has no fault, and no genuine evidence proves one (weights %i)',
    async (seed) => {
      const draft = honest(seed)
      const accusation = await accuse(draft)
      expect(await findFaults(accusation)).toEqual([])
      const calls = await genuineEvidence(accusation, draft)
      expect(calls.length).toBeGreaterThan(60)
      for (const data of calls) {
        const { functionName } = decodeFunctionData({ abi: epochFaultsAbi, data })
        const expected = absenceProofs.has(functionName) ? 'NotAround' : 'NoFault'
        expect([functionName, await refusalOf(data)]).toEqual([functionName, expected])
      }
    },
    120_000,
  )

  test('is not harmed by the proof against another one', async () => {
    const wrong = await accuse(wrongs[0]![2](honest(31)))
    const [fault] = await findFaults(wrong)
    await world.revert(clean)
    clean = await world.snapshot()
    const { accused } = await accuse(honest(31))
    expect(accused.epoch).toBe(wrong.accused.epoch)
    await expect(challengeEpoch(world.challenger, [fault!])).rejects.toMatchObject({
      code: 'EPOCH_NOT_PROPOSED',
    })
  })
})

test('of a tree whose leaves are withheld nothing is claimed', async () => {
  const draft = honest(31)
  const root = keccak256('0x99')
  const accusation = await accuse({ ...draft, proposal: { root } })
  expect(accusation.opening.rewards).toBeUndefined()
  expect(accusation.opening.credits).toBeDefined()
  expect(await findFaults(accusation)).toEqual([])
})

test('roots that are the same as ours are opened with our leaves when nothing is published', async () => {
  const draft = honest(31)
  const { before, cumulative } = draft.leaves.rewards.at(-1)!
  const hidden = { dataHash: keccak256('0x99'), totalEarned: before + cumulative + 1n }
  expect(await findFaults(await accuse({ ...draft, proposal: hidden }))).toEqual([])

  await world.revert(clean)
  clean = await world.snapshot()
  const accusation = await accuse({ ...draft, proposal: hidden }, draft)
  const faults = await findFaults(accusation)
  expect(faults.map(({ name }) => name)).toEqual(['sumMismatch', 'creditSumMismatch'])
  for (const fault of faults) await simulate(fault)
})

/** Everything that could be said about an epoch with leaves that are really in its trees. */
async function genuineEvidence(
  accusation: Awaited<ReturnType<typeof accuse>>,
  draft: EpochDraft,
): Promise<readonly Hex[]> {
  const { accused, opening } = accusation
  const [epoch, context, abi] = [accused.epoch, contextOf(accused), epochFaultsAbi]
  const [rewards, credits] = [opening.rewards!, opening.credits!]
  const [calls, previous] = [opening.calls!, opening.previous!]
  const pairs = (count: number) => Array.from({ length: count - 1 }, (_, i) => i)
  const encoded: Hex[] = []
  for (const i of pairs(rewards.leaves.length)) {
    const [left, right] = [leafProof(rewards, i), leafProof(rewards, i + 1)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'misorderedAccounts',
        args: [epoch, context, left, right],
      }),
      encodeFunctionData({
        abi,
        functionName: 'sumMismatch',
        args: [epoch, context, [left, right]],
      }),
    )
  }
  for (const [i, leaf] of rewards.leaves.entries()) {
    const earlier = previous.leaves.findIndex((old) => old.account === leaf.account)
    const below = (other: { account: Hex }) => other.account < leaf.account
    const upTo = (other: { account: Hex }) => other.account <= leaf.account
    const evidence = {
      current: leafProof(rewards, i),
      previous: earlier < 0 ? proofsAround(previous, below) : [leafProof(previous, earlier)],
      start: proofsAround(credits, below),
      end: proofsAround(credits, upTo),
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'wrongDelta', args: [epoch, context, evidence] }),
      encodeFunctionData({
        abi,
        functionName: 'sumMismatch',
        args: [epoch, context, [leafProof(rewards, i)]],
      }),
    )
  }
  for (const [i, leaf] of previous.leaves.entries()) {
    const now = rewards.leaves.findIndex((held) => held.account === leaf.account)
    const [old, current] = [leafProof(previous, i), leafProof(rewards, now)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'decreasedCumulative',
        args: [epoch, context, old, current],
      }),
      encodeFunctionData({
        abi,
        functionName: 'omittedAccount',
        args: [epoch, context, old, proofsAround(rewards, (r) => r.account < leaf.account)],
      }),
    )
  }
  for (const [i, leaf] of credits.leaves.entries()) {
    const call = calls.leaves.findIndex((held) => held.callKey === leaf.callKey)
    const recorded = state.calls.find((held) => keyOf(held) === leaf.callKey)!
    const weights = draft.calls.find((held) => keyOf(held) === leaf.callKey)!.weights
    const batch = await accusation.readBatch(leaf.callKey >> 32n)
    if (batch === undefined || batch === 'unexplained') throw new TypeError('a batch is missing')
    expect(recordHash(recorded)).toBe(calls.leaves[call]!.recordHash)
    const evidence = {
      account: leaf.account,
      call: leafProof(calls, call),
      anchor: batch.anchor,
      record: recordOf(recorded),
      weights: solidityWeights(callWeights(weights)),
      credit: [leafProof(credits, i)],
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'wrongSplit', args: [epoch, context, evidence] }),
      encodeFunctionData({
        abi,
        functionName: 'creditWithoutCall',
        args: [
          epoch,
          context,
          leafProof(credits, i),
          proofsAround(calls, (held) => held.callKey < leaf.callKey),
        ],
      }),
    )
  }
  for (const i of pairs(credits.leaves.length)) {
    const [left, right] = [leafProof(credits, i), leafProof(credits, i + 1)]
    encoded.push(
      encodeFunctionData({
        abi,
        functionName: 'misorderedCredits',
        args: [epoch, context, left, right],
      }),
      encodeFunctionData({
        abi,
        functionName: 'creditSumMismatch',
        args: [epoch, context, [left, right]],
      }),
    )
  }
  for (const [i, leaf] of calls.leaves.entries()) {
    const batch = await accusation.readBatch(leaf.callKey >> 32n)
    if (batch === undefined || batch === 'unexplained') throw new TypeError('a batch is missing')
    const index = Number(leaf.callKey & 0xffff_ffffn)
    const bytes = Buffer.from(batch.records!.slice(2), 'hex')
    const tree = buildOrderedMerkleTree({ bytes, size: packedCallSize })
    const settled = batch.anchor.mode === batchModes.settled
    const record = sliceHex(batch.records!, index * packedCallSize, (index + 1) * packedCallSize)
    const evidence = {
      call: leafProof(calls, i),
      anchor: batch.anchor,
      skipped: [],
      data: settled ? record : batch.records!,
      recordProof: settled ? tree.proof(index) : [],
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'falseCall', args: [epoch, context, evidence] }),
    )
    const around = proofsAround(calls, (held) => held.callKey < leaf.callKey)
    const omitted = {
      callKey: leaf.callKey,
      anchor: batch.anchor,
      skipped: batch.skipped,
      sibling: [leafProof(calls, i)],
      neighbours: around,
    }
    encoded.push(
      encodeFunctionData({ abi, functionName: 'omittedCall', args: [epoch, context, omitted] }),
    )
  }
  encoded.push(encodeFunctionData({ abi, functionName: 'wrongBlockHash', args: [epoch, context] }))
  return encoded
}
