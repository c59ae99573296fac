import { readdirSync, readFileSync } from 'node:fs'

/** Watches the memory of this process and all its descendants. */
export interface MemoryWatch {
  /** Largest sum of proportional set sizes seen, in bytes; undefined where /proc is missing. */
  readonly peakBytes: number | undefined
  stop(): void
}

/**
 * Samples every `intervalMs`; shared pages count once (PSS), as PostgreSQL's backends share theirs.
 */
export function watchMemory(intervalMs = 500): MemoryWatch {
  let peakBytes: number | undefined
  const sample = () => {
    const now = measureTree(process.pid)
    if (now !== undefined) peakBytes = Math.max(peakBytes ?? 0, now)
  }
  sample()
  const timer = setInterval(sample, intervalMs)
  timer.unref()
  return {
    get peakBytes() {
      return peakBytes
    },
    stop() {
      sample()
      clearInterval(timer)
    },
  }
}

function measureTree(root: number): number | undefined {
  try {
    const parents = new Map<number, number>()
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue
      const parent = readParent(Number(name))
      if (parent !== undefined) parents.set(Number(name), parent)
    }
    let total = 0
    for (const pid of parents.keys()) {
      let at: number | undefined = pid
      while (at !== undefined && at !== root) at = parents.get(at)
      if (at === root) total += readMemory(pid)
    }
    return total
  } catch {
    return undefined
  }
}

function readParent(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

function readMemory(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
