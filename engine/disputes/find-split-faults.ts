import { encodeFunctionData } from 'viem'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { type CallLeaf, callKey, solidityWeights } from '../../schema/codec/epoch-leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import { recordHash, recordOf } from '../epoch/record-hash.ts'
import type { RecordedCall } from '../state/chain-state.ts'
import { termsOf } from '../state/terms-of.ts'
import type { Accusation } from './accusation.ts'
import { contextOf } from './accused-epoch.ts'
import type { BatchAnchor } from './batch-evidence.ts'
import { creditPlace } from './find-order-faults.ts'
import { leafProof, proofsAround } from './leaf-proofs.ts'
import type { ProvableFault } from './provable-fault.ts'
import { splitCall } from './split-call.ts'

/** Finds credits that are not the split of a call of the epoch (kind 6); the trees must be in order. */
export async function findSplitFaults(accusation: Accusation): Promise<readonly ProvableFault[]> {
  const { credits, calls } = accusation.opening
  if (credits === undefined || calls === undefined) return []
  const known = new Set(calls.leaves.map((leaf) => leaf.callKey))
  const orphan = credits.leaves.findIndex((leaf) => !known.has(leaf.callKey))
  const faults: ProvableFault[] = []
  if (orphan >= 0) {
    const { accused } = accusation
    const key = credits.leaves[orphan]!.callKey
    const around = proofsAround(calls, (leaf) => leaf.callKey < key)
    faults.push({
      kind: 6,
      name: 'creditWithoutCall',
      about: `credit ${orphan} is for a call that the epoch does not have`,
      call: encodeFunctionData({
        abi: epochFaultsAbi,
        functionName: 'creditWithoutCall',
        args: [accused.epoch, contextOf(accused), leafProof(credits, orphan), around],
      }),
    })
  }
  const wrong = await findWrongSplit(accusation)
  return wrong === undefined ? faults : [...faults, wrong]
}

async function findWrongSplit(accusation: Accusation): Promise<ProvableFault | undefined> {
  const { opening, state } = accusation
  const recorded = new Map(
    state.calls.map((call) => [callKey(BigInt(call.batchId), call.index), call]),
  )
  const credited = creditsByCall(accusation)
  for (const [index, leaf] of opening.calls!.leaves.entries()) {
    const call = recorded.get(leaf.callKey)
    const weights = opening.weights.get(leaf.weightsHash)
    if (call === undefined || weights === undefined || recordHash(call) !== leaf.recordHash)
      continue
    const account = differingAccount(accusation, call, leaf, credited.get(leaf.callKey))
    if (account === undefined) continue
    const batch = await accusation.readBatch(BigInt(call.batchId))
    if (batch === undefined || batch === 'unexplained') continue
    return encode(accusation, { account, call, leaf, index, anchor: batch.anchor })
  }
  return undefined
}

/** First account that was not credited what the split gives it. */
function differingAccount(
  { opening, state, payees }: Accusation,
  call: RecordedCall,
  leaf: CallLeaf,
  credited: ReadonlyMap<Hex, bigint> = new Map(),
): Hex | undefined {
  const due = splitCall(
    BigInt(call.fee),
    termsOf(state, call),
    { ...payees, owner: state.models.get(call.modelId)?.owner },
    opening.weights.get(leaf.weightsHash)!,
  )
  // Malformed weights are the fault themselves, whoever is named.
  if (due === undefined) return payees.platform
  return [...due.keys(), ...credited.keys()].find(
    (account) => (due.get(account) ?? 0n) !== (credited.get(account) ?? 0n),
  )
}

function creditsByCall({ opening }: Accusation): ReadonlyMap<bigint, ReadonlyMap<Hex, bigint>> {
  const byCall = new Map<bigint, Map<Hex, bigint>>()
  for (const { callKey: key, account, amount } of opening.credits!.leaves) {
    const accounts = byCall.get(key) ?? new Map<Hex, bigint>()
    byCall.set(key, accounts.set(account, amount))
  }
  return byCall
}

function encode(
  { accused, opening }: Accusation,
  found: {
    readonly account: Hex
    readonly call: RecordedCall
    readonly leaf: CallLeaf
    readonly index: number
    readonly anchor: BatchAnchor
  },
): ProvableFault {
  const { account, call, leaf, index, anchor } = found
  const credits = opening.credits!
  const place = creditPlace({ account, callKey: leaf.callKey })
  const own = credits.leaves.findIndex((credit) => creditPlace(credit) === place)
  const evidence = {
    account,
    call: leafProof(opening.calls!, index),
    anchor,
    record: recordOf(call),
    weights: solidityWeights(opening.weights.get(leaf.weightsHash)!),
    credit:
      own >= 0
        ? [leafProof(credits, own)]
        : proofsAround(credits, (credit) => creditPlace(credit) < place),
  }
  return {
    kind: 6,
    name: 'wrongSplit',
    about: `account ${account} is not credited what call ${call.callId} gives it`,
    call: encodeFunctionData({
      abi: epochFaultsAbi,
      functionName: 'wrongSplit',
      args: [accused.epoch, contextOf(accused), evidence],
    }),
  }
}
