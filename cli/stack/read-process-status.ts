import { z } from 'zod'

const health = z.looseObject({ process: z.string().optional(), state: z.string().optional() })
const readiness = z.looseObject({
  ready: z.boolean(),
  missing: z.array(z.string()).optional(),
})

/** What a process says of itself. */
export interface ProcessStatus {
  readonly url: string
  /** Undefined when the process is silent, or not one of ours. */
  readonly process: string | undefined
  /** Undefined when it is silent. */
  readonly state: string | undefined
  readonly ready: boolean
  /** Why it is not ready, as far as it says. */
  readonly missing: readonly string[]
  /** Everything that `/health` answers. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** Asks a process for `/health` and `/ready`, two seconds each; a silent one is reported. */
export async function readProcessStatus(url: string): Promise<ProcessStatus> {
  const [said, ready] = await Promise.all([
    askJson(new URL('/health', url), health),
    askJson(new URL('/ready', url), readiness),
  ])
  return {
    url,
    process: said?.process,
    state: said?.state,
    ready: ready?.ready === true,
    missing: ready?.missing ?? [],
    facts: said ?? {},
  }
}

async function askJson<T>(url: URL, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_500) })
    return schema.safeParse(await response.json()).data
  } catch {
    return undefined
  }
}
