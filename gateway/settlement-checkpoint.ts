import { join } from 'node:path'
import { z } from 'zod'
import { readFileIfPresent } from '../artifacts/read-file-if-present.ts'
import { writeFileAtomic } from '../artifacts/write-file-atomic.ts'

/** Remembers from which block on committed batches may still wait for their settlement. */
export interface SettlementCheckpoint {
  read(): Promise<bigint>
  write(block: bigint): Promise<void>
}

const schema = z.object({ fromBlock: z.string().regex(/^[0-9]{1,20}$/) })

/**
 * Keeps the block in a file of the gateway's folder. It only spares reading old logs: without the
 * file, or with one that cannot be read, the search starts at the deployment.
 */
export function openSettlementCheckpoint(dir: string, deployedAt: bigint): SettlementCheckpoint {
  const path = join(dir, 'settlement.json')
  return {
    async read() {
      const bytes = await readFileIfPresent(path)
      const parsed = schema.safeParse(parseJson(bytes))
      return parsed.success ? BigInt(parsed.data.fromBlock) : deployedAt
    },
    async write(block) {
      const fromBlock = block > deployedAt ? block : deployedAt
      await writeFileAtomic(path, `${JSON.stringify({ fromBlock: String(fromBlock) })}\n`)
    },
  }
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  if (bytes === undefined) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
