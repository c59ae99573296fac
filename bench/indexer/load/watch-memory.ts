import { processTree, readMemory } from './process-memory.ts'

/** Memory of one part of the system: a process and what it started. */
export interface PartMemory {
  /** Largest resident set that any one of its processes ever had (VmHWM), in MiB. */
  readonly peakMb: number
  /** Largest sum over its processes that was seen; pages they share count more than once. */
  readonly sumMb: number
  /** Most processes seen at once. */
  readonly processes: number
}

export interface MemorySample {
  readonly seconds: number
  /** Resident set of each part's first process, in MiB. */
  readonly rssMb: Readonly<Record<string, number>>
}

export interface MemoryWatch extends Disposable {
  readonly samples: readonly MemorySample[]
  parts(): Readonly<Record<string, PartMemory>>
}

/** Samples the memory of named processes until it is disposed. */
export function watchMemory(
  roots: () => Readonly<Record<string, number>>,
  intervalMs = 500,
): MemoryWatch {
  const started = performance.now()
  const parts: Record<string, PartMemory> = {}
  const samples: MemorySample[] = []
  const sample = () => {
    const rssMb: Record<string, number> = {}
    for (const [name, root] of Object.entries(roots())) {
      const tree = processTree(root)
        .map(readMemory)
        .filter((memory) => memory !== undefined)
      const before = parts[name] ?? { peakMb: 0, sumMb: 0, processes: 0 }
      rssMb[name] = tree[0]?.rssMb ?? 0
      parts[name] = {
        peakMb: Math.max(before.peakMb, ...tree.map(({ peakMb }) => peakMb)),
        sumMb: Math.max(
          before.sumMb,
          tree.reduce((sum, memory) => sum + memory.rssMb, 0),
        ),
        processes: Math.max(before.processes, tree.length),
      }
    }
    samples.push({ seconds: (performance.now() - started) / 1000, rssMb })
  }
  sample()
  const timer = setInterval(sample, intervalMs)
  return {
    samples,
    parts() {
      sample()
      return Object.fromEntries(
        Object.entries(parts).map(([name, { peakMb, sumMb, processes }]) => [
          name,
          { peakMb: Math.round(peakMb), sumMb: Math.round(sumMb), processes },
        ]),
      )
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
