import type { Row } from '../schema/codec/row.ts'
import type { Hex } from '../schema/events/event.ts'

/** A row with the 32 random bytes that hide it in its leaf. */
export interface SaltedRow {
  readonly row: Row
  readonly salt: Hex
}

/** What a contributor puts on-chain about an upload, plus its leaves. */
export interface SealedContribution {
  readonly root: Hex
  /** sha256 of the concatenated leaves: address of the leaf list artifact and key in the vault. */
  readonly dataHash: Hex
  readonly leaves: readonly Hex[]
  /** Bytes of all canonical rows. */
  readonly byteSize: bigint
}

/** What the vault still holds of a contribution. */
export interface VaultedContribution {
  readonly leaves: readonly Hex[]
  /** By row index; `null` where the row was erased. */
  readonly rows: readonly (SaltedRow | null)[]
}

/** Rows outside the artifact store, because they can be erased; only their leaves are permanent. */
export interface RowVault {
  /**
   * Stores rows with their salts and the leaf list artifact. Storing a contribution again never
   * brings an erased row back.
   *
   * @throws `ROWS_EMPTY`, `ROW_SALT_INVALID`.
   */
  put(upload: {
    readonly rows: readonly Row[]
    readonly salts: readonly Hex[]
  }): Promise<SealedContribution>
  /**
   * Reads a contribution and checks every row against its leaf.
   *
   * @throws `ROWS_MISSING`, `ROWS_CORRUPT`, `ARTIFACT_MISSING`, `ARTIFACT_CORRUPT`.
   */
  get(dataHash: Hex): Promise<VaultedContribution>
  /**
   * Removes a row and its salt for good; the leaf and the root stay valid. Repeating is harmless.
   *
   * @throws `ROWS_MISSING`, `ROW_INDEX_INVALID`.
   */
  erase(dataHash: Hex, index: number): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
