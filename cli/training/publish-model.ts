import { parseEventLogs } from 'viem'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Terms } from '../../schema/events/model.ts'
import type { ChainConnection, Wallet } from '../chain/connect-chain.ts'
import { transact } from '../chain/transact.ts'
import type { TrainedModel } from './train-model.ts'

export interface PublishedModel {
  readonly modelId: bigint
  readonly runId: bigint
  readonly version: number
  readonly termsVersion: number
}

/** Records a training run on-chain: registers the model if it is new, then run, version and terms. */
export async function publishModel(options: {
  chain: ChainConnection
  deployment: Deployment
  owner: Wallet
  name: string
  datanetIds: readonly bigint[]
  trained: TrainedModel
  terms: Terms
  modelId?: bigint
}): Promise<PublishedModel> {
  const { chain, owner, trained, terms } = options
  const registry = { address: options.deployment.addresses.models, abi: modelRegistryAbi } as const
  const modelId = options.modelId ?? (await register())
  const recorded = await transact(chain, owner, {
    ...registry,
    functionName: 'recordTrainingRun',
    args: [
      modelId,
      trained.manifest.datasetRoot,
      trained.manifest.configHash,
      trained.manifest.dataOrderHash,
      trained.artefactHash,
    ],
  })
  const run = only(
    parseEventLogs({
      abi: modelRegistryAbi,
      eventName: 'TrainingRunRecorded',
      logs: recorded.logs,
    }),
  )
  const published = await transact(chain, owner, {
    ...registry,
    functionName: 'publishVersion',
    args: [modelId, run.args.runId],
  })
  const version = only(
    parseEventLogs({
      abi: modelRegistryAbi,
      eventName: 'ModelVersionPublished',
      logs: published.logs,
    }),
  )
  const priced = await transact(chain, owner, {
    ...registry,
    functionName: 'setTerms',
    args: [
      modelId,
      BigInt(terms.pricePer1kIn),
      BigInt(terms.pricePer1kOut),
      terms.platformBps,
      terms.ownerBps,
      terms.stakersBps,
      terms.contributorsBps,
      terms.retrievalBps,
    ],
  })
  const set = only(
    parseEventLogs({ abi: modelRegistryAbi, eventName: 'TermsSet', logs: priced.logs }),
  )
  return {
    modelId,
    runId: run.args.runId,
    version: version.args.version,
    termsVersion: set.args.version,
  }

  async function register(): Promise<bigint> {
    const receipt = await transact(chain, owner, {
      ...registry,
      functionName: 'registerModel',
      args: [options.name, trained.manifest.baseModelHash, options.datanetIds],
    })
    return only(
      parseEventLogs({ abi: modelRegistryAbi, eventName: 'ModelRegistered', logs: receipt.logs }),
    ).args.modelId
  }
}

function only<T>(logs: readonly T[]): T {
  const [log] = logs
  if (log === undefined) throw new BaseError('TRANSACTION_FAILED', { facts: { event: 'missing' } })
  return log
}
