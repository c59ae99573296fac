import { createPublicClient, http } from 'viem'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Deployment } from '../schema/deployment.ts'
import { BaseError, isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { type Logger, silentLogger } from './logger.ts'
import type { ModelDirectory, ServedModel } from './model-directory.ts'
import { readDataset } from './read-dataset.ts'
import { followRegistryLogs, type RegistryLog } from './registry-logs.ts'

type Dataset = Awaited<ReturnType<typeof readDataset>>

/**
 * Reads the models from the registries' logs and their training rows from the release manifests.
 *
 * Empty until the first `refresh()`.
 */
export function createChainModelDirectory(options: {
  readonly rpcUrl: string
  readonly deployment: Deployment
  readonly artifacts: ArtifactStore
  readonly logger?: Logger
}): ModelDirectory {
  const { rpcUrl, deployment, artifacts, logger = silentLogger } = options
  const node = createPublicClient({ transport: http(rpcUrl, { timeout: 10_000 }) })
  const readLogs = followRegistryLogs(node, deployment)
  const datasets = new Map<Hex, Dataset>()
  let names: ReadonlySet<string> = new Set()
  let models: ReadonlyMap<string, ServedModel> = new Map()
  let reading: Promise<void> | undefined

  async function datasetOf(model: string, artefactHash: Hex): Promise<Dataset | undefined> {
    const known = datasets.get(artefactHash)
    if (known !== undefined) return known
    try {
      const dataset = await readDataset(artifacts, artefactHash)
      datasets.set(artefactHash, dataset)
      return dataset
    } catch (error) {
      if (!isErrorWithCode(error)) throw error
      logger.warn({ model, artefactHash, code: error.code }, 'model is not ready')
      return undefined
    }
  }

  async function read(): Promise<void> {
    const logs = await readLogs()
    const served = new Map<string, ServedModel>()
    const registered = logs.filter((log) => log.eventName === 'ModelRegistered')
    for (const { args } of registered) {
      const release = newest(logs, 'ModelVersionPublished', args.modelId)
      const terms = newest(logs, 'TermsSet', args.modelId)
      if (release === undefined || terms === undefined) continue
      const dataset = await datasetOf(args.name, release.artefactHash)
      if (dataset === undefined) continue
      served.set(args.name, {
        modelId: Number(args.modelId),
        name: args.name,
        owner: args.owner.toLowerCase() as Hex,
        version: release.version,
        artefactHash: release.artefactHash,
        termsVersion: terms.version,
        pricePer1kIn: String(terms.pricePer1kIn),
        pricePer1kOut: String(terms.pricePer1kOut),
        dataset: withContributors(logs, dataset),
      })
    }
    names = new Set(registered.map(({ args }) => args.name))
    models = served
  }

  const close = async () => {}
  return {
    list: () => [...models.values()].sort((a, b) => a.modelId - b.modelId),
    find(reference) {
      const [name = '', version, ...rest] = reference.split('@')
      if (rest.length > 0 || !names.has(name))
        throw new BaseError('UNKNOWN_MODEL', { facts: { model: reference } })
      const model = models.get(name)
      if (model === undefined)
        throw new BaseError('MODEL_NOT_READY', { facts: { model: reference } })
      if (version !== undefined && version !== String(model.version))
        throw new BaseError('UNKNOWN_MODEL', {
          facts: { model: reference, served: `${name}@${model.version}` },
        })
      return model
    },
    refresh() {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

type LogArgs<Name extends RegistryLog['eventName']> = Extract<
  RegistryLog,
  { eventName: Name }
>['args']

function newest<Name extends 'ModelVersionPublished' | 'TermsSet'>(
  logs: readonly RegistryLog[],
  name: Name,
  modelId: bigint,
): LogArgs<Name> | undefined {
  const args = logs.flatMap((log) => (log.eventName === name ? [log.args as LogArgs<Name>] : []))
  return args.findLast((candidate) => candidate.modelId === modelId)
}

function withContributors(logs: readonly RegistryLog[], dataset: Dataset): ServedModel['dataset'] {
  const submitted = new Map(
    logs.flatMap((log) =>
      log.eventName === 'ContributionSubmitted'
        ? [[String(log.args.contributionId), log.args]]
        : [],
    ),
  )
  return dataset.flatMap(({ contributionId, rows }) => {
    const contribution = submitted.get(contributionId)
    if (contribution === undefined) return []
    const contributor = contribution.contributor.toLowerCase() as Hex
    return [{ contributionId, contributor, dataHash: contribution.dataHash, rows }]
  })
}
