/** Which adapter a job runs on: where its files are and what they must contain. */
export interface AdapterReference {
  readonly directory: string
  /** Digest of the adapter's content; the key of its pool row. */
  readonly digest: string
}

/** One completion to compute. Plain data, so that it crosses threads. */
export interface DecodeJob {
  readonly id: number
  readonly prompt: readonly number[]
  /** Null is the base model. */
  readonly adapter: AdapterReference | null
  readonly maxTokens: number
  /** Token that ends the completion; it is part of the completion. */
  readonly stopToken: number
  /** 0 is greedy. */
  readonly temperature: number
  readonly seed: number
}

/** `stop`: the stop token came; `length`: the token limit or the context ended first. */
export type FinishReason = 'stop' | 'length'

/** An error in the shape that crosses threads. */
export interface DecodeFailure {
  readonly code: string
  readonly facts: Readonly<Record<string, string>>
}

/** Progress of one job; `finish` or `failure` is the last thing heard of it. */
export interface DecodeEvent {
  readonly id: number
  readonly token?: number
  readonly finish?: FinishReason
  readonly failure?: DecodeFailure
}
