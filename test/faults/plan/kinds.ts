import { clockKinds } from './kinds/clocks.ts'
import { diskKinds } from './kinds/disk.ts'
import { linkKinds } from './kinds/links.ts'
import { mixedKinds } from './kinds/mixed.ts'
import { nodeKinds } from './kinds/node.ts'
import { processKinds } from './kinds/processes.ts'
import { reorgKinds } from './kinds/reorgs.ts'
import type { Plan } from './scenario.ts'
import type { SeededRandom } from './seeded-random.ts'

/** A family of scenarios. */
export interface Kind {
  readonly name: string
  /** `turn`: how many of the kind come before it in the run. */
  readonly plan: (random: SeededRandom, turn: number) => Plan
}

/** All kinds, in the order in which they take turns. */
export const kinds: readonly Kind[] = [
  ...processKinds,
  ...nodeKinds,
  ...reorgKinds,
  ...linkKinds,
  ...clockKinds,
  ...diskKinds,
  ...mixedKinds,
]
