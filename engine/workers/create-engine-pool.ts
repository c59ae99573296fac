import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Piscina } from 'piscina'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { createTurns } from './create-turns.ts'
import type { EngineResults, EngineTask, TaskOutcome } from './engine-tasks.ts'

/** Worker threads of the engine; heavy arithmetic never blocks the caller's event loop. */
export interface EnginePool extends AsyncDisposable {
  readonly workers: number
  /**
   * Runs a task; typed arrays over a `SharedArrayBuffer` are not copied. An abort drops a task that
   * waits; one that runs is finished.
   */
  run<Task extends EngineTask>(
    task: Task,
    options?: { readonly signal?: AbortSignal },
  ): Promise<EngineResults[Task['kind']]>
  /** onnxruntime scores, one product per worker. */
  readonly scores: ScoreBackend
  /** Waits for running tasks and ends the threads; may be called twice. */
  close(): Promise<void>
}

/** Creates the pool; threads start with the first task. */
export function createEnginePool(options: { readonly workers: number }): EnginePool {
  const { workers } = options
  const source = import.meta.url.endsWith('.ts')
  const filename = new URL(`./engine-worker.${source ? 'ts' : 'js'}`, import.meta.url)
  // Node 20 cannot run TypeScript itself, and a worker does not inherit the loader of its parent.
  const loader = source
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : []
  const pool = new Piscina({
    filename: fileURLToPath(filename),
    name: 'runTask',
    minThreads: 0,
    maxThreads: workers,
    idleTimeout: 60_000,
    execArgv: loader,
  })
  const turns = createTurns(workers)
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= turns.end().then(() => pool.close())
    return closed
  }
  async function run<Task extends EngineTask>(
    task: Task,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<EngineResults[Task['kind']]> {
    const outcome = await turns.take<TaskOutcome<EngineResults[Task['kind']]>>(
      () => pool.run(task),
      signal,
    )
    if (outcome.ok) return outcome.value
    throw revive(outcome.error)
  }
  return {
    workers,
    run,
    scores: {
      name: 'onnx/workers',
      score: (queries, rows, shape) =>
        run({ kind: 'score', queries: compact(queries), rows: compact(rows), shape }),
      close: async () => {},
      async [Symbol.asyncDispose]() {},
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A message carries the whole buffer of a view, so a small part of a large one is copied first. */
const compact = (codes: Int8Array): Int8Array =>
  codes.buffer instanceof SharedArrayBuffer || codes.length === codes.buffer.byteLength
    ? codes
    : codes.slice()

function revive(error: unknown): BaseError {
  if (!isErrorWithCode(error)) return new BaseError('INTERNAL', { cause: error })
  const facts = 'facts' in error && typeof error.facts === 'object' ? error.facts : {}
  return new BaseError(error.code, { facts: { ...(facts as Record<string, string>) } })
}
