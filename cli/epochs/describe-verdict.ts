import type { WatchReport } from '../../engine/disputes/watch-epochs.ts'
import { formatTokens } from '../money/format-tokens.ts'

/** Tells a person what was found of a proposed epoch and what was done about it. */
export function describeVerdict({ judged, challenged, disputed }: WatchReport): string {
  const { accused, verdict, faults, withheld, difference, problem } = judged
  return [
    `Epoch ${accused.epoch} of ${accused.poster} is ${verdict}.`,
    ...faults.map(({ kind, name, about }) => `  fault ${kind} ${name}: ${about}`),
    ...(withheld.length === 0 ? [] : [`  leaves withheld: ${withheld.join(', ')}`]),
    ...[difference, problem].flatMap((found) =>
      found === undefined ? [] : [`  found: ${JSON.stringify(found)}`],
    ),
    ...(challenged === undefined
      ? []
      : [
          `  proven as ${challenged.fault.name} in ${challenged.transaction}: ${formatTokens(challenged.slashed)} slashed, ${formatTokens(challenged.reward)} for the challenger`,
        ]),
    ...(disputed === undefined
      ? []
      : [
          `  disputed as ${disputed.disputeId} in ${disputed.transaction}, bond ${formatTokens(disputed.bond)}`,
        ]),
  ].join('\n')
}
