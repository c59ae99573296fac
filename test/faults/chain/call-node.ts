/** Puts a question to a node and gives its result. */
export type CallNode = <T = unknown>(method: string, params?: readonly unknown[]) => Promise<T>

/** Speaks JSON-RPC over HTTP with whatever node `url` names at the time. */
export function callNode(url: () => string): CallNode {
  return async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    const response = await fetch(url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const body = (await response.json()) as { result?: T; error?: { message: string } }
    if (body.error !== undefined) throw new TypeError(`${method}: ${body.error.message}`)
    return body.result as T
  }
}
