import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RpcClient, RpcError } from '@subsquid/rpc-client'
import { BaseError, isErrorWithCode } from '../../schema/errors.ts'
import { EndpointFailed, type EndpointState, RpcEndpoint } from './rpc-endpoint.ts'
import { nameHosts } from './rpc-host.ts'

export interface RpcLimits {
  /** Calls per second and URL; each call of a batch counts. @default unlimited */
  readonly callsPerSecond?: number
  /** Requests in flight per URL; a batch is one. @default 10 */
  readonly inFlight?: number
  /** Longest wait for an answer, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
  /** Pause after a first failure, in milliseconds; doubled by each further one. @default 100 */
  readonly backoffMs?: number
  /** Time after which a question that nobody answers is given up, in milliseconds. @default 5000 */
  readonly patienceMs?: number
  /** Blocks behind the best URL that make one second choice. @default 10 */
  readonly lagBlocks?: number
  /** Milliseconds between questions for the heights of all URLs. @default 10000 */
  readonly compareMs?: number
  /** How long a URL on a fork that the others are not on is left alone. @default 60000 */
  readonly forkedMs?: number
}

export interface RpcPoolOptions extends RpcLimits {
  /** http(s) and ws(s), in order of preference. */
  readonly urls: readonly string[]
  /** Endpoints of other chains are never asked again. */
  readonly chainId?: number
  readonly onFailure?: (host: string, reason: string) => void
}

/** What one URL is like; never more of it than its host. */
export interface EndpointStatus {
  readonly host: string
  readonly state: EndpointState | 'behind' | 'forked'
  readonly height: number
  readonly errors: number
}

export interface AskOptions {
  readonly signal?: AbortSignal
  /** A refusal is final, because the question itself is at fault. */
  readonly refusable?: boolean
}

/** How often all endpoints are gone through at least before a question is given up. */
const fewestRounds = 3

/**
 * Several RPC URLs of one chain that answer as one: a question goes to the first healthy URL and on
 * to the next when that does not answer; one that failed or fell behind is asked again later.
 */
export class RpcPool implements Disposable {
  readonly #endpoints: readonly RpcEndpoint[]
  readonly #options: RpcPoolOptions
  readonly #closing = new AbortController()
  #used: RpcEndpoint
  #timer: NodeJS.Timeout | undefined

  constructor(options: RpcPoolOptions) {
    const { urls, chainId, callsPerSecond, onFailure = () => undefined } = options
    const hosts = nameHosts(urls)
    this.#options = options
    this.#endpoints = urls.map(
      (url, i) =>
        new RpcEndpoint({
          ...{ url, host: hosts[i] ?? url, onFailure, now: () => performance.now() },
          timeoutMs: options.timeoutMs ?? 10_000,
          backoffMs: options.backoffMs ?? 100,
          inFlight: options.inFlight ?? 10,
          ...(chainId === undefined ? {} : { chainId }),
          ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
        }),
    )
    const [first] = this.#endpoints
    if (first === undefined)
      throw new BaseError('CONFIG_INVALID', { facts: { problem: 'no RPC URL' } })
    this.#used = first
    // Every question in flight listens.
    setMaxListeners(0, this.#closing.signal)
    if (urls.length > 1) {
      this.#timer = setInterval(() => this.#compareHeights(), options.compareMs ?? 10_000)
      this.#timer.unref()
    }
  }

  /** The endpoint that answered last. */
  get used(): RpcEndpoint {
    return this.#used
  }

  status(): readonly EndpointStatus[] {
    return this.#endpoints.map((endpoint) => {
      const { host, state, height, errors } = endpoint
      if (state !== 'ready') return { host, state, height, errors }
      const shown = isForked(endpoint) ? 'forked' : this.#isBehind(endpoint) ? 'behind' : state
      return { host, state: shown, height, errors }
    })
  }

  /** How many URLs there are that may serve the chain. */
  get size(): number {
    return this.#endpoints.filter(({ state }) => state !== 'wrong-chain').length
  }

  /** Puts one question to every endpoint that has no pause; those that fail have no answer. */
  async poll<T>(
    question: (client: RpcClient) => Promise<T>,
  ): Promise<readonly { readonly endpoint: RpcEndpoint; readonly answer: T }[]> {
    const asked = this.#endpoints.filter(
      ({ state, retryAt }) =>
        state !== 'wrong-chain' && (state !== 'failing' || retryAt <= performance.now()),
    )
    const answers = await Promise.allSettled(
      asked.map(async (endpoint) => ({ endpoint, answer: await endpoint.ask(question) })),
    )
    return answers.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  }

  /** Asks an endpoint nothing for a while, because it is on a fork that the others are not on. */
  avoid(endpoint: RpcEndpoint): void {
    endpoint.forkedUntil = performance.now() + (this.#options.forkedMs ?? 60_000)
  }

  /**
   * Waits for the first URL that answers and serves the chain.
   *
   * @throws `NODE_UNAVAILABLE`; `WRONG_CHAIN_ID` when all URLs are of other chains
   */
  async open(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await Promise.any(this.#endpoints.map((endpoint) => this.#readHeight(endpoint)))
        return
      } catch (error) {
        const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
        const mismatch = this.#mismatch()
        if (mismatch !== undefined) throw mismatch
        if (tries === fewestRounds) throw this.#unavailable(errors[0])
        await this.#pause(this.#closing.signal)
      }
    }
  }

  /**
   * Puts one question to one endpoint at a time until one answers.
   *
   * @throws {RpcError} when it is refused (by all endpoints, unless `refusable`)
   * @throws `NODE_UNAVAILABLE` when no endpoint answers, `WRONG_CHAIN_ID` when none is left
   * @throws the reason of `signal`
   */
  async ask<T>(
    question: (client: RpcClient, endpoint: RpcEndpoint) => Promise<T>,
    { signal, refusable = false }: AskOptions = {},
  ): Promise<T> {
    const { patienceMs = 5000 } = this.#options
    const stop = signal ?? this.#closing.signal
    const started = performance.now()
    const tried = new Set<RpcEndpoint>()
    let refusal: RpcError | undefined
    let last: unknown
    for (let round = 1; ; ) {
      stop.throwIfAborted()
      this.#closing.signal.throwIfAborted()
      const endpoint = this.#choose(tried)
      if (endpoint === undefined) {
        if (refusal !== undefined) throw refusal
        const mismatch = this.#mismatch()
        if (mismatch !== undefined) throw mismatch
        if (round >= fewestRounds && performance.now() - started > patienceMs)
          throw this.#unavailable(last)
        round += 1
        tried.clear()
        await this.#pause(stop)
        continue
      }
      tried.add(endpoint)
      try {
        const answer = endpoint.ask((client) => question(client, endpoint))
        const result = await orAborted(answer, stop)
        this.#used = endpoint
        return result
      } catch (error) {
        if (error instanceof RpcError) {
          if (refusable) throw error
          refusal = error
        } else if (!(error instanceof EndpointFailed) && !isErrorWithCode(error)) throw error
        last = error
      }
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#closing.abort(new Error('the RPC pool was closed'))
    for (const endpoint of this.#endpoints) endpoint.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #choose(tried: ReadonlySet<RpcEndpoint>): RpcEndpoint | undefined {
    const open = this.#endpoints.filter(
      (endpoint) => !tried.has(endpoint) && endpoint.state !== 'wrong-chain' && !isForked(endpoint),
    )
    const healthy = open.filter(({ state }) => state !== 'failing')
    const due = open.filter(
      ({ state, retryAt }) => state === 'failing' && retryAt <= performance.now(),
    )
    const chosen = healthy.find((endpoint) => !this.#isBehind(endpoint)) ?? healthy[0]
    if (chosen === undefined) return due[0]
    // A healthy endpoint answers, so nobody waits for one that may still be down.
    for (const endpoint of due) this.#probe(endpoint)
    return chosen
  }

  #isBehind({ height }: RpcEndpoint): boolean {
    const { lagBlocks = 10 } = this.#options
    const rivals = this.#endpoints.filter((one) => one.state === 'ready' && !isForked(one))
    return height >= 0 && height + lagBlocks < Math.max(...rivals.map((rival) => rival.height))
  }

  readonly #probing = new Set<RpcEndpoint>()

  #probe(endpoint: RpcEndpoint): void {
    if (this.#probing.has(endpoint)) return
    this.#probing.add(endpoint)
    this.#readHeight(endpoint)
      .catch(() => undefined)
      .finally(() => this.#probing.delete(endpoint))
  }

  #compareHeights(): void {
    for (const endpoint of this.#endpoints)
      if (endpoint.state !== 'wrong-chain' && endpoint.retryAt <= performance.now())
        this.#probe(endpoint)
  }

  async #readHeight(endpoint: RpcEndpoint): Promise<void> {
    const height = await endpoint.ask((client) => client.call<string>('eth_blockNumber'))
    endpoint.height = Number(height)
  }

  /** Until the first endpoint may be asked again. */
  async #pause(signal: AbortSignal): Promise<void> {
    const waits = this.#endpoints
      .filter(({ state }) => state === 'failing')
      .map(({ retryAt }) => retryAt - performance.now())
    const ms = waits.length === 0 ? 0 : Math.max(0, Math.min(...waits))
    await sleep(ms + 1, undefined, { signal }).catch(() => signal.throwIfAborted())
  }

  /** Every URL is of another chain. */
  #mismatch(): unknown {
    const all = this.#endpoints.every(({ state }) => state === 'wrong-chain')
    return all ? this.#endpoints[0]?.mismatch : undefined
  }

  #unavailable(last: unknown): BaseError {
    return new BaseError('NODE_UNAVAILABLE', {
      facts: { hosts: this.#endpoints.map(({ host }) => host).join(', ') },
      cause: last,
    })
  }
}

const isForked = ({ forkedUntil }: RpcEndpoint): boolean => forkedUntil > performance.now()

async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
    answer.catch(() => undefined)
  }
}
