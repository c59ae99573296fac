import { type RpcClient, RpcError } from '@subsquid/rpc-client'

interface Answer {
  readonly ok: boolean
  readonly body: AsyncIterable<Uint8Array>
  text(): Promise<string>
}

/** The HTTP transport of @subsquid/rpc-client, which reads an answer of any length into memory. */
interface HttpTransport {
  handleResponseBody(request: unknown, answer: Answer): Promise<unknown>
}

/**
 * Makes a client refuse answers over HTTP that are longer than `bytes`, as a node does that has such
 * a limit itself: ranges of logs are narrowed then. Over WebSocket the client's own limit is 24 MiB.
 */
export function limitAnswers(client: RpcClient, bytes: number): void {
  const { http } = (client as unknown as { con: { http?: HttpTransport } }).con
  if (http === undefined) return
  const handle = http.handleResponseBody.bind(http)
  http.handleResponseBody = async (request, answer) => {
    if (answer.ok) {
      const text = await readText(answer.body, bytes)
      answer.text = () => Promise.resolve(text)
    }
    return handle(request, answer)
  }
}

async function readText(body: AsyncIterable<Uint8Array>, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early destroys the stream, and with it the connection.
  for await (const chunk of body) {
    length += chunk.length
    if (length > bytes)
      throw new RpcError({ code: -32_005, message: `response is too big: over ${bytes} bytes` })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
