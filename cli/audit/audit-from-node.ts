import { createFolderStore } from '../../artifacts/create-folder-store.ts'
import { type AuditReport, auditEpoch } from '../../engine/audit/audit-epoch.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { openCommittedBatches } from '../../engine/state/open-committed-batches.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import { connectChain } from '../chain/connect-chain.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import { storePaths } from '../stack/store-paths.ts'
import { type BackendName, openBackend } from './open-backend.ts'
import { readFactsFromNode } from './read-facts-from-node.ts'

/**
 * Audits an epoch with nothing but a node and a folder of artifacts.
 *
 * @param options.epoch Number on the chain; needed when no manifest is named.
 * @throws `NODE_UNAVAILABLE`, `WRONG_CHAIN_ID`, `DEPLOYMENT_INVALID`, `EPOCH_UNKNOWN`
 */
export async function auditFromNode(options: {
  readonly rpcUrl: string
  readonly chainId: number | undefined
  readonly deploymentFile: string | undefined
  readonly artifactsDir: string
  readonly manifestHash: Hex | undefined
  readonly epoch: number | undefined
  readonly backend: BackendName
  readonly signal: AbortSignal
  readonly onProgress: (block: number, head: number) => void
}): Promise<AuditReport> {
  const chain = await connectChain(options.rpcUrl, options.chainId)
  const deployment = await readDeployment(chain.chainId, options.deploymentFile)
  const artifacts = createFolderStore(storePaths(options.artifactsDir).artifacts)
  const facts = await readFactsFromNode(chain, deployment, options.onProgress)
  const state = foldChainFacts(await openCommittedBatches(facts, artifacts))
  const manifestHash =
    options.manifestHash ??
    state.epochs.find(({ data }) => data.epoch === String(options.epoch))?.data.dataHash
  if (manifestHash === undefined)
    throw new BaseError('EPOCH_UNKNOWN', {
      facts: { epoch: options.epoch, proposed: state.epochs.length },
    })
  await using backend = await openBackend(options.backend)
  return auditEpoch({ manifestHash, artifacts, backend, state, signal: options.signal })
}
