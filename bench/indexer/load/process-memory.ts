import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessMemory {
  /** Resident set now, in MiB. */
  readonly rssMb: number
  /** Largest resident set since the process started, as the kernel kept it (VmHWM), in MiB. */
  readonly peakMb: number
}

/** Reads the memory of one process; undefined once it has ended. */
export function readMemory(pid: number): ProcessMemory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const mb = (field: string) =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
    return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM') }
  } catch {
    return undefined
  }
}

/** Finds a process and everything it started, as far as it still runs. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? readParent(name) : undefined
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [Number(name)])
    else siblings.push(Number(name))
  }
  const tree = [root]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

function readParent(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
