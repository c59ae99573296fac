import type { Answer } from './answer-call.ts'
import { describeError } from './error-response.ts'
import { renderChunk, renderLastChunk } from './render-completion.ts'

/**
 * Answers with server-sent events; a failure before the first text is thrown instead.
 *
 * When the client goes away the answer is still completed and charged: its position in the lane is
 * taken, and the payer can fetch it with hash and nonce.
 */
export async function streamAnswer(
  head: { readonly id: string; readonly created: number; readonly model: string },
  start: (onText: (text: string) => void) => Promise<Answer>,
): Promise<Response> {
  const encoder = new TextEncoder()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
    },
    cancel() {
      controller = undefined
    },
  })
  const send = (data: string) => controller?.enqueue(encoder.encode(`data: ${data}\n\n`))
  const end = () => {
    send('[DONE]')
    controller?.close()
    controller = undefined
  }
  let begun = false
  await new Promise<void>((begin, refuse) => {
    start((text) => {
      begun = true
      send(JSON.stringify(renderChunk(head, text)))
      begin()
    }).then(
      (answer) => {
        send(JSON.stringify(renderLastChunk(head, answer)))
        end()
        begin()
      },
      (error) => {
        if (!begun) return refuse(error)
        send(JSON.stringify(describeError(error).body))
        end()
      },
    )
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
  })
}
