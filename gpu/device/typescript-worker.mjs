import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

// `--import tsx` registers nothing inside a worker thread of Node 20, so the loader is registered
// here before the TypeScript module is imported.
register()
await import(workerData.module)
