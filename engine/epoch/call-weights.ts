import type { CallWeights } from '../../schema/codec/epoch-leaves.ts'
import type { AttributedWeight, AttributedWeights } from '../../schema/events/attribution.ts'

/** Reads the weights of a call out of JSON. */
export const callWeights = ({ influence, retrieval }: AttributedWeights): CallWeights => ({
  influence: influence.map(outOfJson),
  retrieval: retrieval.map(outOfJson),
})

const outOfJson = ({ account, weight }: AttributedWeight) => ({ account, weight: BigInt(weight) })
