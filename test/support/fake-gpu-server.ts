import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A peer that speaks the GPU server's protocol with answers that only depend on the question. */
export interface FakeGpuServer {
  readonly url: string
  /** Questions that were asked, in order. */
  readonly asked: readonly string[]
  /** How the next answers come; `ok` until changed. */
  behave(
    how: 'ok' | 'error' | 'garbage' | 'too-many-tokens' | 'break-off' | 'no-tokens' | 'hang',
  ): void
  /** Milliseconds before each answer. */
  delay(ms: number): void
  close(): Promise<void>
}

export const fakeAnswer = (prompt: string, maxTokens: number): string =>
  ` re:${prompt.slice(0, 12)}\n`.slice(0, maxTokens)

export async function startFakeGpuServer(): Promise<FakeGpuServer> {
  const asked: string[] = []
  let behaviour: Parameters<FakeGpuServer['behave']>[0] = 'ok'
  let delayMs = 0

  const server = createServer((request, response) => {
    if (request.url === '/health') return void response.end('{}')
    answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    const { messages, max_tokens, stream } = JSON.parse(body)
    const prompt = messages[0].content as string
    asked.push(prompt)
    if (behaviour === 'hang') return
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (behaviour === 'error') {
      response.writeHead(503)
      return void response.end('{"error":{"code":"SERVER_CLOSING"}}')
    }
    if (behaviour === 'garbage') return void response.end('<html>')
    const text = fakeAnswer(prompt, max_tokens)
    const completion_tokens = [...Buffer.from(text)]
    if (behaviour === 'too-many-tokens')
      while (completion_tokens.length <= max_tokens) completion_tokens.push(65)
    const provenant = { prompt_tokens: [...Buffer.from(prompt)], completion_tokens }
    const extra = behaviour === 'no-tokens' ? {} : { provenant }
    if (!stream) {
      const message = { role: 'assistant', content: text.trimStart() }
      return void response.end(
        JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], ...extra }),
      )
    }
    const send = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`)
    for (const piece of text.trimStart()) {
      send({ choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] })
      if (behaviour === 'break-off') return void response.destroy()
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], ...extra })
    response.end('data: [DONE]\n\n')
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    behave(how) {
      behaviour = how
    },
    delay(ms) {
      delayMs = ms
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
