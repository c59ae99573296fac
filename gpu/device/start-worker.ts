import { Worker } from 'node:worker_threads'

/**
 * Starts the module `name` (without extension) beside `parentUrl` in a worker thread; its
 * `workerData.data` is `data`. Works from TypeScript sources and from compiled files.
 */
export function startWorker(parentUrl: string, name: string, data: unknown): Worker {
  const typescript = new URL(parentUrl).pathname.endsWith('.ts')
  const module = new URL(`./${name}.${typescript ? 'ts' : 'js'}`, parentUrl)
  if (!typescript) return new Worker(module, { workerData: { data } })
  return new Worker(new URL('./typescript-worker.mjs', import.meta.url), {
    execArgv: [],
    workerData: { data, module: module.href },
  })
}
