import type { Answer, Provenance } from './answer-call.ts'

const usage = ({ tokensIn, tokensOut }: Provenance) => ({
  prompt_tokens: tokensIn,
  completion_tokens: tokensOut,
  total_tokens: tokensIn + tokensOut,
})

/** A whole answer in OpenAI's shape; the id holds the request hash. */
export function renderCompletion(model: string, answer: Answer) {
  const { provenance } = answer
  return {
    id: `chatcmpl-${provenance.requestHash.slice(2)}`,
    object: 'chat.completion',
    created: answer.createdAt,
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.content },
        finish_reason: answer.finishReason,
      },
    ],
    usage: usage(provenance),
    provenant: provenance,
  }
}

interface ChunkHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

/** One piece of a streamed answer. */
export const renderChunk = ({ id, created, model }: ChunkHead, text: string) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
  choices: [{ index: 0, delta: { role: 'assistant', content: text }, finish_reason: null }],
})

/** The last piece, which says that the call is on record. */
export const renderLastChunk = ({ id, created, model }: ChunkHead, answer: Answer) => ({
  id,
  object: 'chat.completion.chunk',
  created,
  model,
  choices: [{ index: 0, delta: {}, finish_reason: answer.finishReason }],
  usage: usage(answer.provenance),
  provenant: answer.provenance,
})
