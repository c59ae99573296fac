import { pino } from 'pino'
import { keccak256 } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { epochDisputesAbi } from '../../contracts/abi/epoch-disputes.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import { rewardsDistributorAbi } from '../../contracts/abi/rewards-distributor.ts'
import { referenceScores } from '../../gpu/scores/reference-scores.ts'
import { orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { epochStream } from '../../schema/events/streams.ts'
import { attributeByWeights } from '../../test/support/fault-world.ts'
import { type LoopWorld, startLoopWorld } from '../../test/support/loop-world.ts'
import { createEngine, type Engine } from '../create-engine.ts'
import { balancesOf } from '../epoch/balances-of.ts'
import { commitEpoch } from '../epoch/commit-epoch.ts'
import { loadEpochLeaves } from '../epoch/load-epoch-leaves.ts'
import { epochManifest } from '../epoch/manifest-schemas.ts'
import { proposalOf } from '../epoch/proposal-of.ts'
import { putJsonArtifact } from '../epoch/put-json-artifact.ts'
import { readJsonArtifact } from '../epoch/read-json-artifact.ts'
import { activateEpoch } from '../publish/activate-epoch.ts'
import { epochStatus } from '../publish/epoch-status.ts'
import { loadProvenEpoch, type ProvenEpoch } from '../publish/load-proven-epoch.ts'
import { proposeEpoch } from '../publish/propose-epoch.ts'
import { sendProposal } from '../publish/send-proposal.ts'
import { tinyCalls, tinyUploads } from '../testing/tiny-uploads.fixture.ts'
import { type WatchReport, watchEpochs } from './watch-epochs.ts'

let world: LoopWorld
let engine: Engine

beforeAll(async () => {
  world = await startLoopWorld(tinyUploads)
  const { deployed, tiny, eventLog } = world
  const { chainId, addresses } = deployed.deployment
  const admin = deployed.wallet('admin').account.address
  engine = createEngine({
    ...{ eventLog, artifacts: tiny.artifacts, rowVault: tiny.rowVault, callVault: tiny.callVault },
    ...{ chainId, token: addresses.token, accounts: { platform: admin, stakers: admin } },
    ...{ baseModelDir: tiny.baseModelDir, workers: 1, logger: pino({ level: 'silent' }) },
  })
})

afterAll(async () => {
  await engine?.close()
  await world?.[Symbol.asyncDispose]()
})

const poster = () => ({
  rewards: world.deployed.deployment.addresses.rewards,
  publicClient: world.deployed.publicClient,
  walletClient: world.deployed.wallet('epochPoster'),
})
const close = async (calls: ReturnType<typeof tinyCalls>): Promise<ProvenEpoch> => {
  await world.recordCalls(calls)
  await world.sync()
  const result = await engine.closeEpoch()
  if (result.status !== 'closed') throw new TypeError('nothing was closed')
  return loadProvenEpoch(world.tiny.artifacts, result.epoch.manifestHash)
}
const watch = async (options: { dryRun?: boolean; dispute?: boolean } = {}) => {
  await world.sync()
  const reports: WatchReport[] = []
  await watchEpochs(world.challenger, {
    ...{ artifacts: world.tiny.artifacts, backend: referenceScores(), pollMs: 10, once: true },
    readState: () => world.readState(),
    onReport: (report) => reports.push(report),
    ...options,
  })
  return reports
}
const statusOf = async (epoch: bigint) => {
  const held = await world.deployed.publicClient.readContract({
    address: world.deployed.deployment.addresses.rewards,
    abi: rewardsDistributorAbi,
    functionName: 'epochOf',
    args: [epoch],
  })
  return held.status
}
const activate = async (epoch: bigint) => {
  await world.deployed.passTime(3601)
  await activateEpoch(poster(), epoch)
}

test('an honest epoch is computed again and left alone', async () => {
  const { proposal } = await close(tinyCalls())
  const { epoch } = await proposeEpoch(poster(), world.tiny.artifacts, proposal.dataHash)
  const [report] = await watch({ dispute: true })
  expect(report).toMatchObject({ judged: { verdict: 'honest', faults: [], withheld: [] } })
  expect(report).not.toHaveProperty('challenged')
  expect(await statusOf(epoch)).toBe(epochStatus.proposed)
  await activate(epoch)
  expect(await watch()).toEqual([])
})

test('a stolen balance is proven, and the right epoch follows', async () => {
  const honest = await close(tinyCalls(500n).slice(0, 3))
  const { artifacts } = world.tiny
  const thief = world.deployed.wallet('epochPoster').account.address.toLowerCase() as Hex
  const stolen = honest.leaves.rewards.map(({ account, cumulative }, i) => ({
    account,
    cumulative: i === 0 ? cumulative - 100n : cumulative,
  }))
  const packed = packRewardLeaves(orderRewards([...stolen, { account: thief, cumulative: 100n }]))
  const { root, leafCount } = buildOrderedMerkleTree(packed)
  const rewards = { root, leaves: leafCount, hash: await artifacts.put(packed.bytes) }
  const dataHash = await putJsonArtifact(artifacts, {
    ...honest.manifest,
    trees: { ...honest.manifest.trees, rewards },
  })
  const wrong = await sendProposal(poster(), {
    ...honest.proposal,
    ...{ root, accounts: leafCount, dataHash },
  })

  const [tried] = await watch({ dryRun: true })
  expect(tried?.judged.verdict).toBe('faulty')
  expect(await statusOf(wrong.epoch)).toBe(epochStatus.proposed)
  const [report] = await watch()
  expect(report?.challenged?.slashed).toBe(100n * 10n ** 18n)
  expect(await statusOf(wrong.epoch)).toBe(epochStatus.rejected)

  const right = await sendProposal(poster(), honest.proposal)
  expect(right.epoch).toBe(wrong.epoch + 1n)
  expect((await watch())[0]?.judged.verdict).toBe('honest')
  await activate(right.epoch)
  // The engine takes the rejection for what it is: somebody else's epoch, not its own.
  await world.sync()
  expect(await engine.closeEpoch()).toEqual({ status: 'idle' })
})

test('withheld leaves cannot be proven wrong; they are disputed', async () => {
  const honest = await close(tinyCalls(900n).slice(2, 4))
  const { epoch } = await sendProposal(poster(), {
    ...honest.proposal,
    ...{ root: keccak256('0x01'), dataHash: keccak256('0x02') },
  })
  const [tried] = await watch()
  expect(tried).toMatchObject({
    judged: {
      verdict: 'doubtful',
      withheld: ['rewards', 'credits', 'calls'],
      problem: { code: 'ARTIFACT_MISSING' },
    },
  })
  expect(tried).not.toHaveProperty('disputed')
  await expect(watch({ dispute: true })).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' })

  const { deployed, challenger } = world
  const { token, disputes } = deployed.deployment.addresses
  const hash = await deployed.wallet('admin').writeContract({
    address: token,
    abi: provenantTokenAbi,
    functionName: 'transfer',
    args: [challenger.walletClient.account.address, 10n ** 19n],
  })
  await deployed.publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
  const [report] = await watch({ dispute: true })
  expect(report?.disputed).toMatchObject({ disputeId: 1n, bond: 10n ** 19n })
  expect(await statusOf(epoch)).toBe(epochStatus.disputed)
  const dispute = await deployed.publicClient.readContract({
    address: disputes,
    abi: epochDisputesAbi,
    functionName: 'disputeOf',
    args: [1n],
  })
  expect(dispute.epoch).toBe(epoch)
})

test('weights that do not follow from the gradients are doubted: the arithmetic over them is right', async () => {
  expect(await rejectInFlight()).toBe(epochStatus.rejected)
  const { eventLog, tiny } = world
  const closed = await eventLog.readLast(epochStream(world.deployed.deployment.chainId))
  const honest = await loadProvenEpoch(tiny.artifacts, closed!.data['manifestHash'] as Hex)
  const { artifacts } = world.tiny
  const { state } = (await world.readState())!
  const admin = world.deployed.wallet('admin').account.address.toLowerCase() as Hex
  const thief = world.deployed.wallet('epochPoster').account.address.toLowerCase() as Hex
  const calls = honest.manifest.calls.map((call) =>
    attributeByWeights(
      state,
      state.calls.find(({ callId }) => callId === call.callId)!,
      { influence: [{ account: thief, weight: 1n }], retrieval: [] },
      { platform: admin, stakers: admin },
    ),
  )
  const previous = await readJsonArtifact(artifacts, honest.manifest.previous!, epochManifest)
  const before = await loadEpochLeaves(artifacts, previous)
  const { files, trees, totalEarned } = commitEpoch(balancesOf(before.rewards), calls)
  for (const file of files) await artifacts.put(file)
  expect(totalEarned).toBe(honest.manifest.totalEarned)
  const manifest = {
    ...honest.manifest,
    trees,
    calls: honest.manifest.calls.map((call, i) => ({
      ...call,
      weights: calls[i]!.weights,
      shares: calls[i]!.shares,
    })),
  }
  await sendProposal(poster(), proposalOf(manifest, await putJsonArtifact(artifacts, manifest)))
  const [report] = await watch()
  expect(report?.judged).toMatchObject({
    verdict: 'doubtful',
    faults: [],
    withheld: [],
    difference: { path: expect.stringMatching(/^calls\[0\]\./) },
  })
})

test('a round that fails is a problem and not the end of the watch', async () => {
  const abort = new AbortController()
  const problems: string[] = []
  const verdicts: string[] = []
  let rounds = 0
  await watchEpochs(world.challenger, {
    ...{ artifacts: world.tiny.artifacts, backend: referenceScores(), pollMs: 5, dryRun: true },
    signal: abort.signal,
    async readState() {
      rounds += 1
      if (rounds === 1) throw new BaseError('EVENT_LOG_UNAVAILABLE')
      if (rounds === 2) throw new TypeError('something nobody thought of')
      if (rounds === 3) return undefined
      return world.readState()
    },
    onProblem: ({ code }) => problems.push(code),
    onReport({ judged }) {
      verdicts.push(judged.verdict)
      abort.abort()
    },
  })
  expect(problems).toEqual(['EVENT_LOG_UNAVAILABLE', 'INTERNAL'])
  expect(verdicts).toEqual(['doubtful'])
})

/** The guardian ends the disputed epoch, so that another one can be proposed. */
async function rejectInFlight(): Promise<number> {
  const { publicClient, wallet, deployment } = world.deployed
  const contract = { address: deployment.addresses.rewards, abi: rewardsDistributorAbi } as const
  const epoch = await publicClient.readContract({ ...contract, functionName: 'epochCount' })
  const hash = await wallet('guardian').writeContract({
    ...contract,
    functionName: 'reject',
    args: [epoch, 1],
  })
  await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
  return statusOf(epoch)
}
