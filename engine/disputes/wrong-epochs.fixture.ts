import { keccak256 } from 'viem'
import { callKey, type RewardLeaf, weightsHash } from '../../schema/codec/epoch-leaves.ts'
import { orderCalls, orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packCreditLeaves, packRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochDraft } from '../../test/support/post-epoch.ts'
import { callWeights } from '../epoch/call-weights.ts'
import {
  keyOf,
  replaced,
  resumCredits,
  resumRewards,
  swapped,
  withCredit,
  withLeaves,
} from './change-draft.fixture.ts'

/** What a wrong epoch is made from beside an honest one. */
export interface DisputedPlace {
  readonly previous: { readonly rewards: readonly RewardLeaf[] }
  /** Batches of the epoch: packed with a skipped lane, settled, and committed but not settled. */
  readonly packedBatch: bigint
  readonly settledBatch: bigint
  readonly openBatch: bigint
}

const fresh: Hex = `0x${'f7'.repeat(20)}`

const rewardIndexOfPrevious = (draft: EpochDraft, there: DisputedPlace) =>
  draft.leaves.rewards.findIndex(({ account: a }) =>
    there.previous.rewards.some((leaf) => leaf.account === a),
  )

/** Epochs that are wrong in one thing: what it is, the fault that proves it, how an honest one is spoilt. */
export const wrongEpochs: readonly (readonly [
  title: string,
  fault: string,
  spoil: (draft: EpochDraft, there: DisputedPlace) => EpochDraft,
])[] = [
  [
    'an account has less than before',
    'decreasedCumulative',
    (draft, there) => {
      const at = rewardIndexOfPrevious(draft, there)
      const { account: who } = draft.leaves.rewards[at]!
      const earlier = there.previous.rewards.find((leaf) => leaf.account === who)!
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
    (draft, there) => {
      const at = rewardIndexOfPrevious(draft, there)
      const rewards = draft.leaves.rewards.filter((_, i) => i !== at)
      return withLeaves(draft, { rewards: resumRewards(rewards) })
    },
  ],
  [
    'an account with a credit is left out',
    'omittedCreditor',
    (draft, there) => {
      const earlier = new Set(there.previous.rewards.map((leaf) => leaf.account))
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
    (draft, there) => {
      const key = callKey(there.settledBatch, 1)
      return withLeaves(draft, {
        calls: draft.leaves.calls.map((leaf) =>
          leaf.callKey === key ? { ...leaf, recordHash: keccak256('0x55') } : leaf,
        ),
      })
    },
  ],
  ...(
    [
      ['a call of a batch that was never recorded', (_: DisputedPlace) => callKey(10_000n, 0)],
      ['a call of a skipped lane', (there: DisputedPlace) => callKey(there.packedBatch, 2)],
      [
        'a call beyond the end of its batch',
        (there: DisputedPlace) => callKey(there.packedBatch, 5),
      ],
      [
        'a call of a batch that is not settled',
        (there: DisputedPlace) => callKey(there.openBatch, 0),
      ],
      ['a call of the epoch before', (_: DisputedPlace) => callKey(1n, 0)],
    ] as const
  ).map(
    ([name, key]) =>
      [
        name,
        'falseCall',
        (draft: EpochDraft, there: DisputedPlace) =>
          withLeaves(draft, {
            calls: orderCalls([
              ...draft.leaves.calls,
              {
                callKey: key(there),
                recordHash: keccak256('0x66'),
                weightsHash: keccak256('0x77'),
              },
            ]),
          }),
      ] as const,
  ),
  [
    'a recorded call is left out',
    'omittedCall',
    (draft, there) =>
      withLeaves(draft, {
        calls: draft.leaves.calls.filter(
          ({ callKey: key }) => key !== callKey(there.packedBatch, 1),
        ),
      }),
  ],
  [
    'a settled call is left out while others of its batch are there',
    'omittedCall',
    (draft, there) => {
      const gone = callKey(there.settledBatch, 2)
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
