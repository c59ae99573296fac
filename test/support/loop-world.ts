import { toBytes } from 'viem'
import { readFactsFromNode } from '../../cli/audit/read-facts-from-node.ts'
import { connectChain } from '../../cli/chain/connect-chain.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import type { DisputesClient } from '../../engine/disputes/disputes-client.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import {
  type MemoryEventLog,
  memoryEventLog,
} from '../../engine/testing/memory-event-log.fixture.ts'
import {
  hashOf,
  type TinyCall,
  type TinyUpload,
  type TinyWorld,
  tinyTerms,
  tinyWorld,
} from '../../engine/testing/tiny-world.fixture.ts'
import { outputHash } from '../../schema/codec/call-body.ts'
import { canonicalJson } from '../../schema/codec/canonical-json.ts'
import type { Hex } from '../../schema/events/event.ts'
import { eventId } from '../../schema/events/event-id.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { type DeployedChain, startDeployedChain } from './deployed-chain.ts'
import { callRecorder } from './record-calls.ts'

/** The tiny world with its facts on a real chain: contributions, a release, terms and paid calls. */
export interface LoopWorld extends AsyncDisposable {
  readonly deployed: DeployedChain
  readonly tiny: TinyWorld
  /** Facts of the real chain, and what an engine over it decides. */
  readonly eventLog: MemoryEventLog
  readonly challenger: DisputesClient
  recordCalls(calls: readonly TinyCall[]): Promise<void>
  /** Brings the event log up to the head of the chain, which counts as final. */
  sync(): Promise<void>
  readState(): Promise<
    | {
        readonly state: ReturnType<typeof foldChainFacts>
        readonly final: { height: number; hash: Hex }
      }
    | undefined
  >
}

const uploaders = ['payer', 'guardian', 'deployer', 'operator'] as const

export async function startLoopWorld(uploads: readonly TinyUpload[]): Promise<LoopWorld> {
  const deployed = await startDeployedChain()
  const { publicClient, deployment, wallet, anvil } = deployed
  const { chainId, addresses } = deployment
  const tiny = await tinyWorld(uploads)
  const recorder = callRecorder(deployed)
  const owner = wallet('contributor')
  const datanets = { address: addresses.datanets, abi: datanetRegistryAbi } as const
  const models = { address: addresses.models, abi: modelRegistryAbi } as const
  const mined = async (hash: Hex) => {
    const receipt = await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    if (receipt.status !== 'success') throw new TypeError(`transaction ${hash} failed`)
  }
  await mined(
    await owner.writeContract({
      ...datanets,
      functionName: 'createDatanet',
      args: [hashOf('meta'), 'data', 1],
    }),
  )
  let uploader = 0
  for (const { type, data } of tiny.eventLog.events) {
    if (type === 'ContributionSubmitted') {
      const { root, rows, byteSize, dataHash } = data as unknown as Record<string, Hex>
      await mined(
        await wallet(uploaders[uploader % uploaders.length]!).writeContract({
          ...datanets,
          functionName: 'submitContribution',
          args: [1n, root!, Number(rows), BigInt(byteSize!), dataHash!],
        }),
      )
      uploader += 1
    }
    if (type === 'ContributionAccepted') {
      await mined(
        await owner.writeContract({
          ...datanets,
          functionName: 'acceptContribution',
          args: [BigInt(String(data['contributionId']))],
        }),
      )
    }
    if (type === 'ModelVersionPublished') {
      const artefactHash = data['artefactHash'] as Hex
      await mined(
        await owner.writeContract({
          ...models,
          functionName: 'registerModel',
          args: ['tiny', hashOf('base'), [1n]],
        }),
      )
      const release = ['dataset', 'config', 'order'].map(hashOf)
      await mined(
        await owner.writeContract({
          ...models,
          functionName: 'recordTrainingRun',
          args: [1n, release[0]!, release[1]!, release[2]!, artefactHash],
        }),
      )
      await mined(
        await owner.writeContract({ ...models, functionName: 'publishVersion', args: [1n, 1n] }),
      )
      const { platformBps, ownerBps, stakersBps, contributorsBps, retrievalBps } = tinyTerms
      await mined(
        await owner.writeContract({
          ...models,
          functionName: 'setTerms',
          args: [1n, 0n, 0n, platformBps, ownerBps, stakersBps, contributorsBps, retrievalBps],
        }),
      )
    }
  }
  await deployed.passTime(60)
  await recorder.deposit(10n ** 18n)
  const connection = await connectChain(anvil.url, anvil.chainId)
  const eventLog = memoryEventLog()
  let batches = 0
  let synced = -1

  return {
    ...{ deployed, tiny, eventLog },
    challenger: {
      ...{ publicClient, walletClient: wallet('guardian') },
      ...{ rewards: addresses.rewards, disputes: addresses.disputes, ledger: addresses.ledger },
      since: BigInt(deployment.blockNumber),
    },
    async recordCalls(calls) {
      batches += 1
      const recorded = []
      for (const [index, { prompt, answer, fee, citations = [] }] of calls.entries()) {
        const nonce = hashOf(`nonce ${batches} ${index}`)
        const request = { model: 'tiny@1', prompt, maxTokens: 32, nonce }
        const output = { text: answer, completionTokens: [...toBytes(`${answer}\n`)] }
        const requestHash = await tiny.callVault.put({ request, output })
        recorded.push({ fee, requestHash, outputHash: outputHash(request, output), citations })
      }
      const manifest = {
        ...{ kind: 'batch', version: 1 },
        calls: recorded.map(({ requestHash, citations }) => ({
          requestHash,
          citations: citations.map(({ rowId, scoreMicros }) => ({ rowId, scoreMicros })),
        })),
      }
      const dataHash = await tiny.artifacts.put(toBytes(canonicalJson(manifest)))
      const calls_ = recorded.map((call) => ({ modelId: 1, termsVersion: 1, ...call }))
      await recorder.recordPacked(calls_, [], dataHash)
    },
    async sync() {
      const head = await publicClient.getBlock()
      const facts = await readFactsFromNode(connection, deployment, () => undefined)
      const fresh = facts.filter(({ metadata }) => metadata.blockNumber > synced)
      synced = Number(head.number)
      const stream = chainStream(chainId)
      const last = await eventLog.readLast(stream)
      const marker = {
        type: 'CursorAdvanced',
        data: {},
        metadata: { head: { height: synced, hash: head.hash, top: [] } },
      }
      await eventLog.append(
        stream,
        [...fresh, marker].map(({ type, data, metadata }, i) => ({
          id: eventId([chainId, head.hash, i]),
          type,
          data: { ...data },
          metadata: { ...metadata },
        })),
        { expectedRevision: last?.revision ?? 'none' },
      )
    },
    async readState() {
      const read = await readChainFacts(eventLog, chainId)
      return read && { state: foldChainFacts(read.facts), final: read.final }
    },
    async [Symbol.asyncDispose]() {
      await deployed.close()
      await tiny[Symbol.asyncDispose]()
    },
  }
}
