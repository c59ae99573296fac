import type { Kind } from '../kinds.ts'
import { traffic } from '../repeat.ts'

/** A volume without space, which comes back. */
export const diskKinds: readonly Kind[] = [
  {
    name: 'disk-full',
    plan: (random) => ({
      setup: { smallVolume: true },
      steps: [
        traffic(random),
        { do: 'disk', free: random.pick([0, 64, 512]), newLogFile: random.chance(0.4) },
        { do: 'mine', blocks: random.int(5, 15), events: 10, gap: 5 },
        { do: 'pause', ms: random.int(300, 900) },
        { do: 'disk', free: 'all', newLogFile: false },
        traffic(random),
      ],
    }),
  },
]
