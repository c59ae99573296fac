import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import {
  type ChainState,
  type Contribution,
  type ProposedEpoch,
  type RecordedCall,
  versionKey,
} from './chain-state.ts'

/** Folds the facts of one chain, in chain order, into what the engine decides with. */
export function foldChainFacts(facts: Iterable<ChainFact>): ChainState {
  const contributions = new Map<string, Contribution>()
  const models: Mutable<ChainState['models']> = new Map()
  const runs: Mutable<ChainState['runs']> = new Map()
  const versions: Mutable<ChainState['versions']> = new Map()
  const terms: Mutable<ChainState['terms']> = new Map()
  const batches = new Map<string, Hex>()
  const calls: RecordedCall[] = []
  const epochs: ProposedEpoch[] = []
  let accepted = 0
  let funded = 0n
  const settle = (epoch: string, status: ProposedEpoch['status']) => {
    const at = epochs.findIndex((known) => known.data.epoch === epoch)
    if (at >= 0) epochs[at] = { ...epochs[at]!, status }
  }

  for (const fact of facts) {
    switch (fact.type) {
      case 'ContributionSubmitted':
        contributions.set(fact.data.contributionId, { ...fact.data, acceptedAs: undefined })
        break
      case 'ContributionAccepted': {
        const known = contributions.get(fact.data.contributionId)
        if (known === undefined || known.acceptedAs !== undefined) break
        contributions.set(known.contributionId, { ...known, acceptedAs: accepted })
        accepted += 1
        break
      }
      case 'ModelRegistered':
        models.set(fact.data.modelId, fact.data)
        break
      case 'TrainingRunRecorded':
        runs.set(fact.data.runId, fact.data)
        break
      case 'ModelVersionPublished':
        versions.set(versionKey(fact.data.modelId, fact.data.version), {
          ...fact.data,
          blockNumber: fact.metadata.blockNumber,
          acceptedBefore: accepted,
        })
        break
      case 'TermsSet':
        terms.set(versionKey(fact.data.modelId, fact.data.version), fact.data)
        break
      case 'BatchCommitted':
        batches.set(fact.data.batchId, fact.data.dataHash)
        break
      case 'InferenceRecorded':
        calls.push({
          ...fact.data,
          blockNumber: fact.metadata.blockNumber,
          recordedAt: fact.metadata.timestamp,
          batchDataHash: batches.get(fact.data.batchId),
          acceptedBefore: accepted,
        })
        break
      case 'EpochProposed':
        epochs.push({ data: fact.data, metadata: fact.metadata, status: 'proposed' })
        break
      case 'EpochActivated':
        settle(fact.data.epoch, 'active')
        break
      case 'EpochRejected':
        settle(fact.data.epoch, 'rejected')
        break
      case 'RewardsFunded':
        funded = BigInt(fact.data.fundedCumulative)
        break
    }
  }
  return { contributions, models, runs, versions, terms, calls, epochs, funded }
}

type Mutable<M> = M extends ReadonlyMap<infer Key, infer Value> ? Map<Key, Value> : never
