import type { CallOptions, RpcClient, Subscription } from '@subsquid/rpc-client'
import type { HeadFeed } from './head-feed.ts'
import type { RpcPool } from './rpc-pool.ts'

/** What Squid's RPC source uses of its client. */
type UsedClient = Pick<
  RpcClient,
  'url' | 'call' | 'batchCall' | 'getConcurrency' | 'supportsNotifications' | 'subscribe' | 'reset'
>

/**
 * Squid's RPC client over the pool: each question may be answered by another node, and heads come
 * from the feed, with their hash, whether the node tells them or has to be asked.
 */
export function poolRpcClient(options: {
  readonly pool: RpcPool
  readonly heads: HeadFeed
  readonly signal: AbortSignal
}): RpcClient {
  const { pool, heads, signal } = options
  const once = <R>(call: CallOptions<R> = {}) => ({ ...call, retryAttempts: 0 })
  const client: UsedClient = {
    url: 'pool:',
    call: (method, params, call) =>
      pool.ask((rpc) => rpc.call(method, params, once(call)), { signal }),
    batchCall: (batch, call) => pool.ask((rpc) => rpc.batchCall(batch, once(call)), { signal }),
    getConcurrency: () => 10,
    supportsNotifications: () => true,
    subscribe: <T>({ onMessage, onError }: Subscription<T>) => {
      const leave = heads.subscribe({ onMessage: (head) => onMessage(head as T), onError })
      let closed = false
      return {
        get isActive() {
          return !closed
        },
        get isClosed() {
          return closed
        },
        close() {
          closed = true
          leave()
        },
        reset: () => undefined,
      }
    },
    reset: () => undefined,
  }
  return client as unknown as RpcClient
}
