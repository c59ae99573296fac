import { setTimeout as sleep } from 'node:timers/promises'
import { type ChainNode, type NodeHeader, parseHeader } from './chain-node.ts'
import type { RpcEndpoint } from './rpc-endpoint.ts'
import type { RpcPool } from './rpc-pool.ts'

export interface FollowHeadsOptions {
  readonly pool: RpcPool
  readonly node: ChainNode
  /** Milliseconds between questions where heads are not told. */
  readonly pollMs: number
  readonly signal: AbortSignal
  /** Told of each head, of the same one again and again. */
  readonly onHead: (head: NodeHeader) => void
}

/** A subscription that died in silence is noticed this late, in milliseconds. */
const distrustMs = 2000

/**
 * Tells the head of the chain until `signal`: as it comes from an endpoint with a WebSocket, by
 * asking else. Both give height and hash, so a fork of the same height is a new head.
 *
 * Failures are left to whoever follows the heads; here they are only waited out.
 */
export async function followHeads(options: FollowHeadsOptions): Promise<void> {
  const { pool, node, pollMs, signal, onHead } = options
  let source: { readonly endpoint: RpcEndpoint; readonly close: () => void } | undefined
  let wake = new AbortController()
  signal.addEventListener('abort', () => wake.abort(), { once: true })
  const subscribe = () => {
    const endpoint = pool.used
    if (source?.endpoint === endpoint) return
    source?.close()
    source = undefined
    if (!endpoint.isSocket) return
    let lost = false
    const close = endpoint.subscribeHeads(
      (message) => {
        const head = parseHeader(message)
        if (head === undefined) return
        endpoint.height = head.number
        onHead(head)
      },
      () => {
        lost = true
        if (source?.endpoint === endpoint) source = undefined
        wake.abort()
      },
    )
    if (!lost) source = { endpoint, close }
  }
  try {
    while (!signal.aborted) {
      wake = new AbortController()
      const head = await node.tagged('latest').catch(() => undefined)
      if (signal.aborted) return
      subscribe()
      if (head !== undefined) onHead(head)
      const pause = source === undefined ? pollMs : Math.max(pollMs, distrustMs)
      await sleep(pause, undefined, { signal: wake.signal }).catch(() => undefined)
      // An endpoint that drops every subscription is asked as if it had none.
      if (wake.signal.aborted) await sleep(pollMs, undefined, { signal }).catch(() => undefined)
    }
  } finally {
    source?.close()
  }
}
