import { createHash } from 'node:crypto'
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Outcome } from './test-mutant.ts'

const lineSchema = z.object({
  id: z.string(),
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('killed'), by: z.string() }),
    z.object({ kind: z.literal('timeout') }),
    z.object({ kind: z.literal('invalid'), by: z.string() }),
    z.object({ kind: z.literal('survived') }),
  ]),
})

/** Outcomes on disk, so that an interrupted run can be resumed. */
export interface OutcomeStore {
  readonly known: ReadonlyMap<string, Outcome>
  add(id: string, outcome: Outcome): Promise<void>
}

/**
 * Opens the outcomes of the given sources and tests; those of any others are forgotten.
 *
 * @param key - From `hashProject`.
 * @param resume - False to start anew.
 */
export async function openOutcomeStore(
  path: string,
  key: string,
  resume: boolean,
): Promise<OutcomeStore> {
  const [header, ...lines] = (await readFile(path, 'utf8').catch(() => '')).trim().split('\n')
  const known = new Map<string, Outcome>()
  if (resume && header === key) {
    for (const line of lines) {
      const entry = parse(line)
      if (entry !== undefined) known.set(entry.id, entry.outcome)
    }
  } else {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${key}\n`)
  }
  return {
    known,
    add: (id, outcome) => appendFile(path, `${JSON.stringify({ id, outcome })}\n`),
  }
}

/** Hashes everything in a Foundry project that can change what becomes of a mutant. */
export async function hashProject(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of ['src', 'test']) {
    const names = (await readdir(join(root, folder), { recursive: true })).sort()
    for (const name of names.filter((entry) => entry.endsWith('.sol')))
      hash.update(`${folder}/${name}\0`).update(await readFile(join(root, folder, name)))
  }
  return hash.update(await readFile(join(root, 'foundry.toml'))).digest('hex')
}

// The last line is half written if the run was killed while it wrote.
function parse(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
