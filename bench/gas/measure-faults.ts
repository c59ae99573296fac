import { encodeFunctionData, zeroHash } from 'viem'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { creditLeafSize, rewardLeafSize, solidityWeights } from '../../schema/codec/epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import { buildCreditTree } from './credit-tree.ts'
import { devAccount } from './dev-account.ts'
import type { Cost, GasLab, Sender } from './gas-lab.ts'
import { type EpochCursor, type EpochDraft, proposeEpoch } from './propose-epoch.ts'
import { buildCallTree, type RecordedBatch, recordCalls } from './recorded-calls.ts'
import { buildRewardTree, write128 } from './reward-tree.ts'
import { someHash } from './some-hash.ts'

/** One permissionless transaction that rejects an epoch and slashes its poster. */
export interface FaultCost {
  readonly kind: number
  readonly fault: string
  readonly gas: number
  readonly bytes: number
  readonly signed: Cost['signed']
}

type Evidence = (epoch: bigint, context: Context) => Hex
type Context = Awaited<ReturnType<typeof proposeEpoch>>['context']

const accounts = 1_000_000
const credits = 100_000
const at = 433_017

/**
 * Proves each kind of fault against a real epoch of 10^6 accounts, 10^5 credits and 2,000 calls.
 *
 * @param cursor Its active epoch is that of the tree with these accounts and factor 2.
 */
export async function measureFaults(
  lab: GasLab,
  cursor: EpochCursor,
  payers: readonly [Sender, Sender],
  report: (line: string) => void,
): Promise<readonly FaultCost[]> {
  const results: FaultCost[] = []
  const { packed, settled } = await recordCalls(lab, payers)
  const weights = someWeights()
  const everyCall = [packed, settled].flatMap((batch) =>
    Array.from({ length: 1000 }, (_, index) => ({ batch, index })),
  )
  const callTree = buildCallTree(everyCall, weights)
  const callKeys = Array.from({ length: 1000 }, (_, i) => callTree.proofOf(i).callKey)
  const creditTree = buildCreditTree(credits, callKeys)
  const previous = buildRewardTree(accounts, 2n)
  const honest = buildRewardTree(accounts, 3n)
  const base: EpochDraft = {
    ...{ root: honest.tree.root, accounts, totalEarned: honest.total },
    ...{ creditsRoot: creditTree.tree.root, credits },
    ...{ callsRoot: callTree.callsRoot, calls: callTree.calls },
  }
  const prove = async (kind: number, fault: string, draft: EpochDraft, evidence: Evidence) => {
    report(`fault ${kind}: ${fault}`)
    const { epoch, context } = await proposeEpoch(lab, cursor, draft)
    const cost = await lab.send(lab.accounts.owner, {
      ...{ address: lab.deployment.addresses.disputes, abi: epochDisputesAbi },
      functionName: 'prove',
      args: [evidence(epoch, context)],
    })
    results.push({ kind, fault, gas: cost.gas, bytes: cost.bytes, signed: cost.signed })
  }
  const withRewards = (change: (leaves: Buffer) => void) => {
    const changed = buildRewardTree(accounts, 3n, change)
    return { changed, draft: { ...base, root: changed.tree.root } }
  }
  const encode = (functionName: string, ...args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi: epochFaultsAbi, functionName, args } as never)

  const decreased = withRewards((leaves) => write128(leaves, 1n, at * rewardLeafSize + 20))
  await prove(1, 'decreased cumulative amount', decreased.draft, (epoch, context) =>
    encode(
      'decreasedCumulative',
      ...[epoch, context, previous.proofOf(at), decreased.changed.proofOf(at)],
    ),
  )
  const twice = withRewards((leaves) => {
    leaves.copyWithin((at + 1) * rewardLeafSize, at * rewardLeafSize, at * rewardLeafSize + 20)
  })
  await prove(2, 'account twice', twice.draft, (epoch, context) =>
    encode(
      'misorderedAccounts',
      ...[epoch, context, twice.changed.proofOf(at), twice.changed.proofOf(at + 1)],
    ),
  )
  const sums = withRewards((leaves) => write128(leaves, 1n, at * rewardLeafSize + 36))
  await prove(3, 'sum mismatch', sums.draft, (epoch, context) =>
    encode(
      'sumMismatch',
      ...[epoch, context, [sums.changed.proofOf(at - 1), sums.changed.proofOf(at)]],
    ),
  )
  const omitted = withRewards((leaves) => {
    leaves.fill(0xff, at * rewardLeafSize + 8, at * rewardLeafSize + 20)
  })
  await prove(4, 'omitted account', omitted.draft, (epoch, context) =>
    encode('omittedAccount', ...[epoch, context, previous.proofOf(at)], [
      omitted.changed.proofOf(at - 1),
      omitted.changed.proofOf(at),
    ]),
  )
  const around = creditTree
    .around(honest.proofOf(at).account)
    .map((index) => creditTree.proofOf(index))
  await prove(5, 'earned without credits', base, (epoch, context) =>
    encode('wrongDelta', epoch, context, {
      ...{ current: honest.proofOf(at), previous: [previous.proofOf(at)] },
      ...{ start: around, end: around },
    }),
  )
  const platform = devAccount('payee', 0).address.toLowerCase() as Hex
  for (const [name, batch, index] of [
    ['packed', packed, 500],
    ['committed', settled, 1500],
  ] as const)
    await prove(6, `wrong split of a ${name} call, 35 weights`, base, (epoch, context) =>
      encode('wrongSplit', epoch, context, {
        ...{ account: platform, call: callTree.proofOf(index), anchor: batch.anchor },
        ...{ record: batch.record(index % 1000), weights: solidityWeights(weights) },
        credit: creditTree.around(platform).map((credit) => creditTree.proofOf(credit)),
      }),
    )
  await proveFalseCalls()
  const missing = (index: number) => {
    const calls = buildCallTree(
      everyCall.filter((_, i) => i !== index),
      weights,
    )
    const { callsRoot, proofOf } = calls
    const neighbours = [proofOf(index - 1), proofOf(index)]
    return { draft: { ...base, callsRoot, calls: calls.calls }, neighbours, proofOf }
  }
  for (const [name, batch, index] of [
    ['packed', packed, 500],
    ['committed', settled, 1500],
  ] as const) {
    const { draft, neighbours, proofOf } = missing(index)
    await prove(8, `omitted ${name} call`, draft, (epoch, context) =>
      encode('omittedCall', epoch, context, {
        ...{ callKey: callTree.proofOf(index).callKey, anchor: batch.anchor, skipped: [] },
        ...{ sibling: batch === settled ? [proofOf(1700)] : [], neighbours },
      }),
    )
  }
  const wrongHash = { ...base, toBlockHash: someHash('another block') }
  await prove(9, 'wrong block hash', wrongHash, (epoch, context) =>
    encode('wrongBlockHash', epoch, context),
  )
  const misordered = buildCreditTree(credits, callKeys, (leaves) => {
    leaves.fill(0xff, 50_000 * creditLeafSize, 50_000 * creditLeafSize + 20)
  })
  const misorderedDraft = { ...base, creditsRoot: misordered.tree.root }
  await prove(10, 'misordered credits', misorderedDraft, (epoch, context) =>
    encode(
      'misorderedCredits',
      ...[epoch, context, misordered.proofOf(50_000), misordered.proofOf(50_001)],
    ),
  )
  return results

  async function proveFalseCalls(): Promise<void> {
    const recordHash = someHash('another record')
    const withFalse = (batch: RecordedBatch, index: number) => {
      const entries = everyCall.map((entry, i) =>
        i === index ? { ...entry, batch, recordHash } : entry,
      )
      const calls = buildCallTree(entries, weights)
      return { draft: { ...base, callsRoot: calls.callsRoot }, call: calls.proofOf(index) }
    }
    const none = { ...packed.anchor, skipped: zeroHash }
    const unknown = withFalse({ ...settled, batchId: settled.batchId + 7n }, 1999)
    const empty = { skipped: [], data: '0x', recordProof: [] }
    await prove(7, 'call of a batch that is not there', unknown.draft, (epoch, context) =>
      encode('falseCall', epoch, context, { call: unknown.call, anchor: none, ...empty }),
    )
    const inPacked = withFalse(packed, 500)
    await prove(7, 'false call of 1,000 packed ones', inPacked.draft, (epoch, context) =>
      encode('falseCall', epoch, context, {
        ...{ call: inPacked.call, anchor: packed.anchor, ...empty, data: packed.data },
      }),
    )
    const inSettled = withFalse(settled, 1500)
    await prove(7, 'false call of 1,000 committed ones', inSettled.draft, (epoch, context) =>
      encode('falseCall', epoch, context, {
        ...{ call: inSettled.call, anchor: settled.anchor, ...empty },
        ...{ data: settled.record(500), recordProof: settled.records.proof(500) },
      }),
    )
  }
}

/** As an answer with 32 influential contributors and 3 cited ones has. */
function someWeights() {
  const list = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      account: devAccount(name, i).address.toLowerCase() as Hex,
      weight: 1_000_003n * BigInt(i + 1),
    })).toSorted((a, b) => (a.account < b.account ? -1 : 1))
  return { influence: list('influence', 32), retrieval: list('retrieval', 3) }
}
