import MiniSearch from 'minisearch'
import type { RowVault } from '../artifacts/row-vault.ts'
import { rowId } from '../schema/codec/row.ts'
import { isErrorWithCode } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import type { Citation } from '../schema/manifests/batch.ts'
import { type Logger, silentLogger } from './logger.ts'
import type { ServedModel } from './model-directory.ts'

/** A training row that resembles the question. */
export interface RetrievedRow extends Citation {
  readonly contributor: Hex
  readonly question: string
  readonly answer: string
}

/** Finds rows among those a model was trained on. */
export interface Retrieval {
  /** Best first; the score is BM25 (Robertson and Zaragoza 2009) times 10^6. */
  search(model: ServedModel, prompt: string, limit: number): Promise<readonly RetrievedRow[]>
}

interface Indexed {
  readonly builtAt: number
  readonly search: (prompt: string, limit: number) => readonly RetrievedRow[]
}

/**
 * Builds an index per model version on first use and again after `maxAgeMs`, so that erased rows
 * are no longer cited.
 */
export function createRetrieval(options: {
  readonly rowVault: Pick<RowVault, 'get'>
  readonly now: () => number
  readonly maxAgeMs?: number
  readonly logger?: Logger
}): Retrieval {
  const { rowVault, now, maxAgeMs = 600_000, logger = silentLogger } = options
  const ready = new Map<number, { readonly artefactHash: Hex; readonly index: Indexed }>()
  const building = new Map<Hex, Promise<Indexed>>()

  async function readRows(
    model: ServedModel,
  ): Promise<readonly Omit<RetrievedRow, 'scoreMicros'>[]> {
    const rows: Omit<RetrievedRow, 'scoreMicros'>[] = []
    for (const { contributionId, contributor, dataHash, rows: indices } of model.dataset) {
      try {
        const held = await rowVault.get(dataHash)
        for (const index of indices) {
          const row = held.rows[index]?.row
          if (row) rows.push({ rowId: rowId(contributionId, index), contributor, ...row })
        }
      } catch (error) {
        if (!isErrorWithCode(error)) throw error
        logger.warn({ model: model.name, contributionId, code: error.code }, 'rows not citable')
      }
    }
    return rows
  }

  async function build(model: ServedModel): Promise<Indexed> {
    const builtAt = now()
    const rows = await readRows(model)
    const index = new MiniSearch<{ id: number; question: string; answer: string }>({
      fields: ['question', 'answer'],
    })
    await index.addAllAsync(
      rows.map(({ question, answer }, id) => ({ id, question, answer })),
      { chunkSize: 500 },
    )
    const search = (prompt: string, limit: number) =>
      index
        .search(prompt)
        .map(({ id, score }) => ({ id: Number(id), scoreMicros: Math.round(score * 1e6) }))
        .sort((a, b) => b.scoreMicros - a.scoreMicros || a.id - b.id)
        .slice(0, limit)
        .flatMap(({ id, scoreMicros }) => {
          const row = rows[id]
          return row === undefined ? [] : [{ ...row, scoreMicros }]
        })
    const indexed = { builtAt, search }
    ready.set(model.modelId, { artefactHash: model.artefactHash, index: indexed })
    return indexed
  }

  function rebuild(model: ServedModel): Promise<Indexed> {
    const running = building.get(model.artefactHash)
    if (running !== undefined) return running
    const started = build(model).finally(() => building.delete(model.artefactHash))
    building.set(model.artefactHash, started)
    return started
  }

  return {
    async search(model, prompt, limit) {
      const known = ready.get(model.modelId)
      if (known?.artefactHash !== model.artefactHash)
        return (await rebuild(model)).search(prompt, limit)
      if (now() - known.index.builtAt > maxAgeMs)
        rebuild(model).catch((error) => logger.error({ err: error }, 'index not rebuilt'))
      return known.index.search(prompt, limit)
    },
  }
}
