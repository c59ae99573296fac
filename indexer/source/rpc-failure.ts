import { RpcError } from '@subsquid/rpc-client'
import { rpcHost } from './rpc-host.ts'

/** What became of a question that was not answered as asked. */
export type RpcFailure =
  /** The node answered and said no: too wide a range, an unknown method. */
  | { readonly kind: 'refused'; readonly error: RpcError }
  /** No usable answer; another node may have one. `pauseMs` is what the node asked for. */
  | { readonly kind: 'failed'; readonly reason: string; readonly pauseMs?: number }

const rateWords =
  /rate.?limit|too many requests|compute units|per second|\/second|request limit|throughput/i
const rangeWords = /block range|results|too large|too big|response size|exceeds max/i

/**
 * Tells refusals from failures, and takes API keys out of what the transport says.
 *
 * Rate limits come as HTTP 429 or as JSON-RPC errors, whose codes the providers also use for ranges
 * that are too wide; only the wording tells them apart.
 */
export function rpcFailure(error: unknown): RpcFailure {
  if (error instanceof RpcError) {
    const message = hideUrls(error.message)
    const limited = error.code === 429 || (rateWords.test(message) && !rangeWords.test(message))
    if (limited) return { kind: 'failed', reason: `rate limited: ${message}` }
    return { kind: 'refused', error: new RpcError({ code: error.code, message }) }
  }
  const response = httpResponse(error)
  if (response === undefined) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { kind: 'failed', reason: hideUrls(reason) }
  }
  const { status, body } = response
  // Some providers wrap "block range too wide" into a 400 or 413.
  if (status === 400 || status === 413) {
    const message = hideUrls(bodyMessage(body) ?? `HTTP ${status}`)
    return { kind: 'refused', error: new RpcError({ code: status, message }) }
  }
  const seconds = Number(response.headers?.get('retry-after') ?? Number.NaN)
  return {
    kind: 'failed',
    reason: `HTTP ${status}`,
    ...(Number.isFinite(seconds) ? { pauseMs: seconds * 1000 } : {}),
  }
}

interface HttpAnswer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: { get(name: string): string | null }
}

/** The HTTP client under the RPC client has no export of ours; its errors are known by name. */
function httpResponse(error: unknown): HttpAnswer | undefined {
  if (!(error instanceof Error) || error.name !== 'HttpError') return undefined
  return (error as Error & { response: HttpAnswer }).response
}

function bodyMessage(body: unknown): string | undefined {
  const parsed = typeof body === 'string' ? parse(body) : body
  const message = (parsed as { error?: { message?: unknown } } | null | undefined)?.error?.message
  return typeof message === 'string' ? message : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const hideUrls = (text: string) => text.replace(/\b(?:https?|wss?):\/\/[^\s"')]+/g, rpcHost)
