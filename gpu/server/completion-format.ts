import type { CompletionResult } from './run-completion.ts'

/** Shapes text and account of a completion the way one OpenAI endpoint does. */
export interface CompletionFormat {
  readonly idPrefix: string
  readonly object: string
  readonly chunkObject: string
  /** Choice of a complete response. */
  choice(text: string, result: CompletionResult): object
  /** Choices of a stream: before the first text, per text, after the last. */
  openingChoice(): object | undefined
  deltaChoice(text: string): object
  closingChoice(result: CompletionResult): object
}

/** `POST /v1/chat/completions`. */
export const chatFormat: CompletionFormat = {
  idPrefix: 'chatcmpl-',
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  choice: (text, result) => ({
    index: 0,
    message: { role: 'assistant', content: text },
    finish_reason: result.finishReason,
    logprobs: null,
  }),
  openingChoice: () => ({
    index: 0,
    delta: { role: 'assistant', content: '' },
    finish_reason: null,
  }),
  deltaChoice: (text) => ({ index: 0, delta: { content: text }, finish_reason: null }),
  closingChoice: (result) => ({ index: 0, delta: {}, finish_reason: result.finishReason }),
}

/** `POST /v1/completions`. */
export const textFormat: CompletionFormat = {
  idPrefix: 'cmpl-',
  object: 'text_completion',
  chunkObject: 'text_completion',
  choice: (text, result) => ({
    index: 0,
    text,
    finish_reason: result.finishReason,
    logprobs: null,
  }),
  openingChoice: () => undefined,
  deltaChoice: (text) => ({ index: 0, text, finish_reason: null }),
  closingChoice: (result) => ({ index: 0, text: '', finish_reason: result.finishReason }),
}
