import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256 } from 'viem'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { readFactsFromNode } from '../../cli/audit/read-facts-from-node.ts'
import { connectChain } from '../../cli/chain/connect-chain.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { inferenceLedgerAbi } from '../../contracts/abi/inference-ledger.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import type { DisputesClient } from '../../engine/disputes/disputes-client.ts'
import { splitCall } from '../../engine/disputes/split-call.ts'
import { recordHash } from '../../engine/epoch/record-hash.ts'
import type { ChainState, RecordedCall } from '../../engine/state/chain-state.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { termsOf } from '../../engine/state/terms-of.ts'
import type { CallWeights } from '../../schema/codec/epoch-leaves.ts'
import { callId } from '../../schema/codec/leaves.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AttributedCall } from '../../schema/manifests/epoch.ts'
import { type DeployedChain, startDeployedChain } from './deployed-chain.ts'
import { type CallRecorder, type CommittedCalls, callRecorder } from './record-calls.ts'

/** All contracts on a chain of their own, with a model, terms and a paying caller. */
export interface FaultWorld extends AsyncDisposable {
  readonly deployed: DeployedChain
  readonly artifacts: ArtifactStore
  readonly recorder: CallRecorder
  readonly challenger: DisputesClient
  /** Facts of the chain; settled batches are opened with what was committed. */
  readState(settled?: readonly CommittedCalls[]): Promise<ChainState>
  snapshot(): Promise<Hex>
  revert(snapshot: Hex): Promise<void>
}

/** Shares of the model's terms 1 and 2: the second pay nothing for retrieval. */
const shares = [
  [0n, 0n, 700, 1300, 1000, 7000, 2500],
  [0n, 0n, 3333, 1, 2222, 4444, 0],
] as const

export async function startFaultWorld(): Promise<FaultWorld> {
  const deployed = await startDeployedChain()
  const { publicClient, deployment, wallet, anvil } = deployed
  const dir = await mkdtemp(join(tmpdir(), 'provenant-faults-'))
  const artifacts = createFolderStore(dir)
  const recorder = callRecorder(deployed)
  const owner = wallet('contributor')
  const { models, datanets } = deployment.addresses
  const mined = async (hash: Hex) => {
    await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
  }
  await mined(
    await owner.writeContract({
      address: datanets,
      abi: datanetRegistryAbi,
      functionName: 'createDatanet',
      args: [keccak256('0x01'), 'data', 1],
    }),
  )
  await mined(
    await owner.writeContract({
      address: models,
      abi: modelRegistryAbi,
      functionName: 'registerModel',
      args: ['tiny', keccak256('0x02'), [1n]],
    }),
  )
  for (const terms of shares) {
    await mined(
      await owner.writeContract({
        address: models,
        abi: modelRegistryAbi,
        functionName: 'setTerms',
        args: [1n, ...terms],
      }),
    )
  }
  await deployed.passTime(60)
  const connection = await connectChain(anvil.url, anvil.chainId)
  const rpc = publicClient.request as (call: {
    method: string
    params: readonly unknown[]
  }) => Promise<unknown>
  return {
    ...{ deployed, artifacts, recorder },
    challenger: {
      ...{ publicClient, walletClient: wallet('guardian') },
      rewards: deployment.addresses.rewards,
      disputes: deployment.addresses.disputes,
      ledger: deployment.addresses.ledger,
      since: BigInt(deployment.blockNumber),
    },
    async readState(settled = []) {
      const facts = await readFactsFromNode(connection, deployment, () => undefined)
      const state = foldChainFacts(facts)
      const opened: RecordedCall[] = []
      for (const { batch, records } of settled) {
        if (state.calls.some((call) => call.batchId === String(batch.batchId))) continue
        const [event] = await publicClient.getContractEvents({
          address: deployment.addresses.ledger,
          abi: inferenceLedgerAbi,
          eventName: 'BatchSettled',
          args: { batchId: batch.batchId },
          fromBlock: 0n,
          strict: true,
        })
        const { timestamp } = await publicClient.getBlock({ blockNumber: event!.blockNumber })
        for (const [index, record] of records.entries()) {
          opened.push({
            ...record,
            callId: callId(deployment.chainId, deployment.addresses.ledger, batch.batchId, index),
            batchId: String(batch.batchId),
            index,
            operator: wallet('operator').account.address.toLowerCase() as Hex,
            modelId: String(record.modelId),
            fee: String(record.fee),
            blockNumber: Number(event!.blockNumber),
            recordedAt: Number(timestamp),
            batchDataHash: undefined,
            acceptedBefore: 0,
          })
        }
      }
      return { ...state, calls: [...state.calls, ...opened] }
    },
    snapshot: async () => (await rpc({ method: 'evm_snapshot', params: [] })) as Hex,
    async revert(snapshot) {
      await rpc({ method: 'evm_revert', params: [snapshot] })
    },
    async [Symbol.asyncDispose]() {
      await deployed.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Attributes a recorded call by given weights, as the engine would with the same weights. */
export function attributeByWeights(
  state: ChainState,
  call: RecordedCall,
  weights: CallWeights,
  payees: { readonly platform: Hex; readonly stakers: Hex },
): AttributedCall {
  const owner = state.models.get(call.modelId)?.owner
  const due = splitCall(BigInt(call.fee), termsOf(state, call), { ...payees, owner }, weights)
  if (due === undefined) throw new TypeError('malformed weights')
  const inJson = (list: CallWeights['influence']) =>
    list.map(({ account, weight }) => ({ account, weight: String(weight) }))
  return {
    ...{ callId: call.callId, batchId: call.batchId, index: call.index },
    ...{ recordHash: recordHash(call), modelId: call.modelId, version: call.modelVersion },
    ...{ fee: call.fee, queryHash: call.requestHash, rule: 'influence', rows: [], used: [] },
    weights: { influence: inJson(weights.influence), retrieval: inJson(weights.retrieval) },
    shares: [...due].map(([account, amount]) => ({
      ...{ account, role: 'influence', amount: String(amount) },
    })) as AttributedCall['shares'],
  }
}
