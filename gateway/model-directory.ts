import type { Hex } from '../schema/events/event.ts'

/** Rows of one contribution that a model version was trained on. */
export interface TrainingRows {
  readonly contributionId: string
  readonly contributor: Hex
  /** Key of the rows in the vault. */
  readonly dataHash: Hex
  /** Indices, ascending. */
  readonly rows: readonly number[]
}

/** A model as it can be called now: its newest version under its newest terms. */
export interface ServedModel {
  readonly modelId: number
  readonly name: string
  readonly owner: Hex
  readonly version: number
  readonly artefactHash: Hex
  readonly termsVersion: number
  /** Base units per 1,000 tokens as decimals. */
  readonly pricePer1kIn: string
  readonly pricePer1kOut: string
  readonly dataset: readonly TrainingRows[]
}

/** What the registries say, as far as the gateway needs it. */
export interface ModelDirectory {
  /** Models that can be called, by ascending id. */
  list(): readonly ServedModel[]
  /**
   * Resolves `<name>` or `<name>@<version>`; only the newest version is served.
   *
   * @throws `UNKNOWN_MODEL`, `MODEL_NOT_READY`.
   */
  find(reference: string): ServedModel
  /** Reads what changed; calls at the same time share one read. */
  refresh(): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
