import type { DecodeEngine } from '../decode/decode-engine.ts'
import type { FinishReason } from '../decode/decode-job.ts'
import type { CompletionPlan } from './plan-completion.ts'

/** Everything that is known at the end of a completion. */
export interface CompletionResult {
  readonly finishReason: FinishReason
  readonly usage: {
    readonly prompt_tokens: number
    readonly completion_tokens: number
    readonly total_tokens: number
  }
  /** Exactly what went in and came out, so that a caller can hash and repeat it. */
  readonly provenant: {
    readonly prompt_tokens: readonly number[]
    readonly completion_tokens: readonly number[]
    readonly seed: number
  }
}

export interface RunCompletionOptions {
  /** Leaves out the space that separates a question from its answer. */
  readonly trimStart: boolean
  readonly signal: AbortSignal
  readonly onToken: (index: number) => void
}

/**
 * Yields the text of a completion piece by piece, whole characters only and without the stop token,
 * and returns its account. Throws what {@link DecodeEngine.generate} throws.
 */
export async function* runCompletion(
  engine: DecodeEngine,
  plan: CompletionPlan,
  { trimStart, signal, onToken }: RunCompletionOptions,
): AsyncGenerator<string, CompletionResult> {
  const { request } = plan
  const completion: number[] = []
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const tokens = engine.generate(request, signal)
  try {
    for (;;) {
      const next = await tokens.next()
      if (next.done === true) {
        const rest = decoder.decode()
        if (rest !== '') yield rest
        return account(plan, completion, next.value)
      }
      const token = next.value
      completion.push(token)
      onToken(completion.length - 1)
      const silent =
        token === request.stopToken || (trimStart && completion.length === 1 && token === 32)
      const text = silent ? '' : decoder.decode(Uint8Array.of(token), { stream: true })
      if (text !== '') yield text
    }
  } finally {
    await tokens.return('length')
  }
}

const account = (
  { request }: CompletionPlan,
  completion: readonly number[],
  finishReason: FinishReason,
): CompletionResult => ({
  finishReason,
  usage: {
    prompt_tokens: request.prompt.length,
    completion_tokens: completion.length,
    total_tokens: request.prompt.length + completion.length,
  },
  provenant: {
    prompt_tokens: request.prompt,
    completion_tokens: completion,
    seed: request.seed,
  },
})
