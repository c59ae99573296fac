import { appendFile } from 'node:fs/promises'
import { z } from 'zod'
import { contributionLeaf } from '../schema/codec/leaves.ts'
import { rowHash } from '../schema/codec/row.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { ArtifactStore } from './artifact-store.ts'
import { hashPath } from './hash-path.ts'
import { readFileIfPresent } from './read-file-if-present.ts'
import type { RowVault, SaltedRow } from './row-vault.ts'
import { sealContribution } from './seal-contribution.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

type StoredRows = readonly (SaltedRow | null)[]

const storedRows = z.array(
  z
    .strictObject({
      row: z.strictObject({ question: z.string(), answer: z.string() }),
      salt: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
    })
    .nullable(),
)

/**
 * Opens a folder of erasable rows, one JSON file per contribution beside a list of erased indices.
 *
 * The list is appended before the rows are rewritten, so an erasure survives a crash between both
 * and cannot be undone by another process that rewrites the same file.
 */
export function createRowVault(dir: string, artifacts: ArtifactStore): RowVault {
  const rowsPath = (dataHash: Hex) => `${hashPath(dir, dataHash)}.json`
  const erasedPath = (dataHash: Hex) => `${hashPath(dir, dataHash)}.erased`

  async function readStored(dataHash: Hex): Promise<StoredRows> {
    const bytes = await readFileIfPresent(rowsPath(dataHash))
    if (bytes === undefined) throw new BaseError('ROWS_MISSING', { facts: { dataHash } })
    try {
      return storedRows.parse(JSON.parse(new TextDecoder().decode(bytes)))
    } catch (cause) {
      throw new BaseError('ROWS_CORRUPT', { facts: { dataHash }, cause })
    }
  }

  async function readErased(dataHash: Hex): Promise<ReadonlySet<number>> {
    const bytes = await readFileIfPresent(erasedPath(dataHash))
    const text = bytes === undefined ? '' : new TextDecoder().decode(bytes)
    return new Set([...text.matchAll(/^(\d+);$/gm)].map(([, index]) => Number(index)))
  }

  // Repeats because another process may have put rows back that were erased meanwhile.
  async function scrub(dataHash: Hex): Promise<StoredRows> {
    for (;;) {
      const erased = await readErased(dataHash)
      const rows = await readStored(dataHash)
      if (!rows.some((row, index) => row !== null && erased.has(index))) return rows
      const rest = rows.map((row, index) => (erased.has(index) ? null : row))
      await writeFileAtomic(rowsPath(dataHash), JSON.stringify(rest))
    }
  }

  const close = async () => {}
  return {
    async put(upload) {
      const { leafList, ...sealed } = sealContribution(upload)
      await artifacts.put(leafList)
      const rows = upload.rows.map(({ question, answer }, index) => ({
        row: { question, answer },
        salt: upload.salts[index],
      }))
      await writeFileAtomic(rowsPath(sealed.dataHash), JSON.stringify(rows))
      await scrub(sealed.dataHash)
      return sealed
    },
    async get(dataHash) {
      const rows = await scrub(dataHash)
      const leaves = splitLeaves(await artifacts.get(dataHash))
      if (leaves.length !== rows.length)
        throw new BaseError('ROWS_CORRUPT', {
          facts: { dataHash, leaves: leaves.length, rows: rows.length },
        })
      rows.forEach((stored, index) => {
        if (stored === null) return
        if (contributionLeaf(index, stored.salt, rowHash(stored.row)) !== leaves[index])
          throw new BaseError('ROWS_CORRUPT', { facts: { dataHash, index } })
      })
      return { leaves, rows }
    },
    async erase(dataHash, index) {
      const { length } = await readStored(dataHash)
      if (!Number.isSafeInteger(index) || index < 0 || index >= length)
        throw new BaseError('ROW_INDEX_INVALID', { facts: { dataHash, index, rows: length } })
      const path = erasedPath(dataHash)
      // The semicolon tells a whole entry from one that a crash cut short.
      await appendFile(path, `\n${index};\n`, { flush: true })
      await scrub(dataHash)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function splitLeaves(list: Uint8Array): readonly Hex[] {
  const hex = Buffer.from(list).toString('hex')
  return Array.from(
    { length: list.length / 32 },
    (_, i): Hex => `0x${hex.slice(i * 64, (i + 1) * 64)}`,
  )
}
