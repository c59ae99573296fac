import fc from 'fast-check'
import { type CallExecutionError, decodeErrorResult, decodeFunctionData, keccak256 } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { epochFaultsAbi } from '../../contracts/abi/epoch-faults.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import type { CallWeights } from '../../schema/codec/epoch-leaves.ts'
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
import { activateEpoch } from '../publish/activate-epoch.ts'
import { epochStatus } from '../publish/epoch-status.ts'
import type { ChainState, RecordedCall } from '../state/chain-state.ts'
import { accuseEpoch } from './accuse-epoch.ts'
import { challengeEpoch } from './challenge-epoch.ts'
import { findFaults } from './find-faults.ts'
import { genuineEvidence } from './genuine-evidence.fixture.ts'
import type { KnownEpoch } from './open-epoch.ts'
import type { ProvableFault } from './provable-fault.ts'
import { readAccusedEpoch } from './read-accused-epoch.ts'
import { type DisputedPlace, wrongEpochs } from './wrong-epochs.fixture.ts'

const account = (n: number): Hex =>
  `0x${keccak256(`0x${n.toString(16).padStart(4, '0')}`).slice(26)}`
const extra = 10_000n

let world: FaultWorld
let state: ChainState
let place: EpochPlace
let payees: { platform: Hex; stakers: Hex }
let previousEpoch: Awaited<ReturnType<typeof postEpoch>>
let there: DisputedPlace
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

  const packedBatch = await recorder.recordPacked(
    [call(3), call(4), call(5, 2), call(6), call(7, 9)],
    [1],
  )
  const settled = await recorder.commit([call(8), call(9, 2), call(10)])
  const open = await recorder.commit([call(11)])
  await recorder.settle(settled)
  there = {
    previous: draft.leaves,
    packedBatch,
    settledBatch: settled.batch.batchId,
    openBatch: open.batch.batchId,
  }
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

describe('a wrong epoch is found, proven, rejected and its poster slashed', () => {
  test.each(wrongEpochs)('%s', async (title, name, spoil) => {
    // Every case starts from other weights.
    const accusation = await accuse(spoil(honest(100 + title.length), there))
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
      const calls = await genuineEvidence(accusation, draft, state)
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
    const wrong = await accuse(wrongEpochs[0]![2](honest(31), there))
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
