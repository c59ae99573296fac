import type { AdapterPoolStats } from './adapter-pool.ts'
import type { DecodeEvent, DecodeFailure, DecodeJob } from './decode-job.ts'
import type { DecodeSchedulerStats } from './decode-scheduler.ts'

/** What the worker needs to start; plain data. */
export interface DecodeWorkerData {
  readonly modelDirectory: string
  readonly slots: number
  readonly poolRows: number
  readonly rank: number
  /** Absent: the positions of the model. */
  readonly contextLength?: number
  readonly threads: number
}

export type DecodeStats = DecodeSchedulerStats & AdapterPoolStats

/** Main thread → worker. */
export type DecodeCommand =
  | { readonly type: 'submit'; readonly job: DecodeJob }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'inspect'; readonly call: number; readonly directory: string }
  | { readonly type: 'stats'; readonly call: number }
  | { readonly type: 'close' }

/** Worker → main thread. */
export type DecodeReport =
  | { readonly type: 'ready'; readonly contextLength: number; readonly vocabularySize: number }
  | { readonly type: 'refused'; readonly failure: DecodeFailure }
  | { readonly type: 'events'; readonly events: readonly DecodeEvent[] }
  | { readonly type: 'digest'; readonly call: number; readonly digest: string }
  | { readonly type: 'stats'; readonly call: number; readonly stats: DecodeStats }
  | { readonly type: 'failed'; readonly call: number; readonly failure: DecodeFailure }
