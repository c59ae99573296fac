import { InferenceSession } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'

/** Where a graph runs. A list of providers is not a fallback list in onnxruntime, so one is named. */
export type ExecutionProvider = 'cpu' | 'webgpu' | 'cuda'

export interface SessionOptions {
  readonly provider?: ExecutionProvider
  /** CPU threads inside one operator; at most the free cores. */
  readonly threads?: number
}

/**
 * Opens an onnxruntime session over an encoded model, with spinning off so that idle threads do not
 * take cores from the rest of the process.
 *
 * `run` computes on the calling thread: on a server, call it from a worker thread.
 *
 * @throws DEVICE_UNAVAILABLE if the provider is not `cpu` and does not start.
 */
export async function openSession(
  model: Uint8Array,
  options: SessionOptions = {},
): Promise<InferenceSession> {
  const { provider = 'cpu', threads = 1 } = options
  try {
    return await InferenceSession.create(model, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    })
  } catch (cause) {
    if (provider === 'cpu') throw new BaseError('INTERNAL', { facts: { session: provider }, cause })
    throw new BaseError('DEVICE_UNAVAILABLE', {
      facts: { device: provider, reason: cause instanceof Error ? cause.message : undefined },
      cause,
    })
  }
}
