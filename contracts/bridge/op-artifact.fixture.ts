import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Hex } from '../../schema/events/event.ts'

const artifactSchema = z.object({
  deployedBytecode: z.object({
    object: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]+$/)]),
    // Code with immutables could not be placed without running its constructor.
    immutableReferences: z.object({}).strict().optional(),
  }),
})

/** Reads the runtime bytecode of a contract of the OP Stack as Optimism published it. */
export async function readOpBytecode(name: string): Promise<Hex> {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@eth-optimism/contracts-bedrock/package.json'),
  )
  const path = join(folder, 'forge-artifacts', `${name}.sol`, `${name}.json`)
  return artifactSchema.parse(JSON.parse(await readFile(path, 'utf8'))).deployedBytecode.object
}
