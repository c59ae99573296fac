import type { RowVault } from '../../artifacts/row-vault.ts'
import type { Row } from '../../schema/codec/row.ts'
import type { TrainingRow } from './load-training-set.ts'

/** Reads the texts of training rows, verified against their leaves; `null` where erased. */
export async function readTrainingRows(
  rowVault: RowVault,
  rows: readonly TrainingRow[],
): Promise<readonly (Row | null)[]> {
  const hashes = [...new Set(rows.map((row) => row.dataHash))]
  const contributions = new Map<string, Awaited<ReturnType<RowVault['get']>>>()
  for (const hash of hashes) contributions.set(hash, await rowVault.get(hash))
  return rows.map((row) => contributions.get(row.dataHash)?.rows[row.index]?.row ?? null)
}
