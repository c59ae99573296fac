import { RpcClient, RpcProtocolError } from '@subsquid/rpc-client'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { limitAnswers } from './limit-answers.ts'
import { type RpcFailure, rpcFailure } from './rpc-failure.ts'

export interface RpcEndpointOptions {
  readonly url: string
  /** Shown instead of the URL, which may hold an API key. */
  readonly host: string
  readonly chainId?: number
  readonly timeoutMs: number
  /** First pause after a failure; doubled by each further one, up to 30 s. */
  readonly backoffMs: number
  /** Calls per second; each call of a batch counts. */
  readonly callsPerSecond?: number
  readonly inFlight: number
  readonly now: () => number
  readonly onFailure: (host: string, reason: string) => void
}

export type EndpointState = 'new' | 'ready' | 'failing' | 'wrong-chain'

/** A question could not be put to an endpoint, which has a pause now. */
export class EndpointFailed extends Error {
  override name = 'EndpointFailed'
}

const longestPauseMs = 30_000

/** One block full of logs is 20 MiB of JSON; parsed, an answer takes several times as much. */
const longestAnswerBytes = 32 * 2 ** 20

/**
 * One RPC URL with its health. A WebSocket that failed is thrown away with its client, whose queue
 * would wait for a connection that may never come.
 */
export class RpcEndpoint {
  readonly host: string
  readonly isSocket: boolean
  /** Newest block it told of; -1 before the first. */
  height = -1
  errors = 0
  state: EndpointState = 'new'
  /** Milliseconds on `now`; it is not asked before. */
  retryAt = 0
  /** Milliseconds on `now`; until then it counts as one on another fork. */
  forkedUntil = 0
  /** What it was excluded for. */
  mismatch: BaseError | undefined
  readonly #options: RpcEndpointOptions
  #failures = 0
  #client: RpcClient | undefined
  #opening: Promise<RpcClient> | undefined
  #closed = false

  constructor(options: RpcEndpointOptions) {
    this.#options = options
    this.host = options.host
    this.isSocket = options.url.startsWith('ws')
  }

  /**
   * Puts a question; the first one of a connection is for the chain id.
   *
   * @throws {RpcError} when the node refuses
   * @throws {EndpointFailed}
   * @throws `WRONG_CHAIN_ID`, for good
   */
  async ask<T>(question: (client: RpcClient) => Promise<T>): Promise<T> {
    if (this.mismatch !== undefined) throw this.mismatch
    try {
      const answer = await question(await this.#open())
      this.#failures = 0
      this.state = 'ready'
      return answer
    } catch (error) {
      if (isErrorWithCode(error, 'WRONG_CHAIN_ID')) throw error
      const failure = rpcFailure(error)
      if (failure.kind === 'refused') throw failure.error
      this.#fail(failure)
      throw new EndpointFailed(`${this.host}: ${failure.reason}`)
    }
  }

  /**
   * Subscribes to new heads of a WebSocket endpoint.
   *
   * @param onLost called once when the connection is lost or was never there
   */
  subscribeHeads(onHead: (head: unknown) => void, onLost: () => void): () => void {
    const handle = this.#client?.subscribe({
      method: 'eth_subscribe',
      params: ['newHeads'],
      notification: 'eth_subscription',
      unsubscribe: 'eth_unsubscribe',
      onMessage: onHead,
      onError: onLost,
    })
    if (handle === undefined) onLost()
    return () => handle?.close()
  }

  close(): void {
    this.#closed = true
    this.#drop()
  }

  #open(): Promise<RpcClient> {
    if (this.#client !== undefined) return Promise.resolve(this.#client)
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<RpcClient> {
    const { url, chainId, timeoutMs, callsPerSecond, inFlight } = this.#options
    const client = new RpcClient({
      url,
      requestTimeout: timeoutMs,
      capacity: inFlight,
      maxBatchCallSize: 100,
      // Pauses are the pool's, which has other endpoints to ask meanwhile.
      retryAttempts: 0,
      retrySchedule: [0],
      log: null,
      ...(callsPerSecond === undefined ? {} : { rateLimit: callsPerSecond }),
    })
    limitAnswers(client, longestAnswerBytes)
    const timer = new AbortController()
    // The client would try to connect for ever, and keep its questions waiting.
    const lost = new Promise<never>((_, reject) => client.addResetListener(reject))
    lost.catch(() => {
      if (client === this.#client) this.#drop()
    })
    try {
      const asked = client.call<unknown>('eth_chainId')
      const answer = await Promise.race([asked, lost, timeout(timeoutMs, timer.signal)])
      const actual = typeof answer === 'string' ? Number(answer) : Number.NaN
      if (!Number.isSafeInteger(actual)) throw new RpcProtocolError(1008, 'no chain id')
      if (chainId !== undefined && chainId !== actual) {
        this.state = 'wrong-chain'
        this.mismatch = new BaseError('WRONG_CHAIN_ID', {
          facts: { expected: chainId, actual, host: this.host },
        })
        throw this.mismatch
      }
      if (this.#closed) throw new RpcProtocolError(1000, 'closed')
      this.#client = client
      return client
    } catch (error) {
      client.close()
      throw error
    } finally {
      timer.abort()
    }
  }

  #fail(failure: Extract<RpcFailure, { kind: 'failed' }>): void {
    const { now, backoffMs, onFailure } = this.#options
    if (this.isSocket) this.#drop()
    if (this.#closed) return
    this.errors += 1
    onFailure(this.host, failure.reason)
    // Questions that were in flight together fail together: one pause for all of them.
    if (this.state === 'failing' && this.retryAt > now()) return
    this.state = 'failing'
    this.#failures += 1
    const pause = Math.max(backoffMs * 2 ** (this.#failures - 1), failure.pauseMs ?? 0)
    this.retryAt = now() + Math.min(longestPauseMs, pause)
  }

  #drop(): void {
    const client = this.#client
    this.#client = undefined
    client?.close()
  }
}

function timeout(ms: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new RpcProtocolError(1008, `no answer in ${ms} ms`)), ms)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}
