import type { WatchReport } from '../../engine/disputes/watch-epochs.ts'

/** What `--json` prints of a judged epoch: without the calldata of proofs that were not sent. */
export function verdictInJson({ judged, challenged, disputed }: WatchReport) {
  const { accused, verdict, faults, withheld, difference, problem } = judged
  const { epoch, poster } = accused
  return {
    ...{ epoch, poster, verdict, withheld },
    faults: faults.map(({ kind, name, about }) => ({ kind, name, about })),
    ...(difference === undefined ? {} : { difference }),
    ...(problem === undefined ? {} : { problem }),
    ...(challenged === undefined
      ? {}
      : {
          challenged: {
            kind: challenged.fault.kind,
            name: challenged.fault.name,
            transaction: challenged.transaction,
            slashed: challenged.slashed,
            reward: challenged.reward,
          },
        }),
    ...(disputed === undefined ? {} : { disputed }),
  }
}
