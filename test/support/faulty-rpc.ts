import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What goes wrong; probabilities are per HTTP request and add up to at most 1. */
export interface RpcFaults {
  /** HTTP 429 with `retry-after: 0`. */
  readonly tooManyRequests?: number
  /** HTTP 500. */
  readonly serverError?: number
  /** No answer for `hangMs`, then the connection is closed. */
  readonly hang?: number
  readonly hangMs?: number
  /** HTTP 200 with half the body. */
  readonly truncated?: number
  /** A batch is answered in another order, as JSON-RPC permits; share of batches. */
  readonly shuffledBatch?: number
  /** Logs come in another order, and some of them twice; share of answers with logs. */
  readonly shuffledLogs?: number
  /** The connection is closed without an answer. */
  readonly dropped?: number
  /** Widest range of `eth_getLogs` that is answered. */
  readonly rangeLimit?: number
  /** The node is a replica that is so many blocks behind and says nothing of it. */
  readonly lag?: number
  /** Calls per second beyond which it answers 429; each call of a batch counts. */
  readonly callsPerSecond?: number
  /** Every connection is closed at once. */
  readonly down?: boolean
  /** Milliseconds before each answer. */
  readonly latencyMs?: number
  readonly chainId?: number
}

/** An HTTP and WebSocket proxy in front of a node, which misbehaves on command. */
export interface FaultyRpc extends AsyncDisposable {
  readonly url: string
  readonly wsUrl: string
  /** Replaces all faults. */
  set(faults: RpcFaults): void
  /** HTTP requests, JSON-RPC calls and what was done to them so far. */
  readonly counts: Readonly<Record<string, number>>
  /** Most calls that came within one second. */
  busiestSecond(): number
  /** Cuts every WebSocket. */
  cutSockets(): void
}

interface Call {
  readonly id: unknown
  readonly method: string
  readonly params?: readonly unknown[]
}

/**
 * Starts the proxy.
 *
 * @param options.seed Which requests go wrong depends on it and on their order alone.
 */
export async function startFaultyRpc(options: {
  readonly target: string
  readonly seed: number
  readonly faults?: RpcFaults
}): Promise<FaultyRpc> {
  const { target } = options
  const random = mulberry32(options.seed)
  let faults = options.faults ?? {}
  const counts: Record<string, number> = {}
  const count = (what: string, by = 1) => {
    counts[what] = (counts[what] ?? 0) + by
  }
  const times: number[] = []
  const sockets = new Set<Socket>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    const calls = (Array.isArray(body) ? body : [body]) as readonly Call[]
    count('requests')
    count('calls', calls.length)
    for (const { method } of calls) count(method)
    const now = performance.now()
    times.push(...calls.map(() => now))
    const draw = random()
    if (faults.latencyMs !== undefined) await sleep(faults.latencyMs)
    const recent = times.filter((time) => time > now - 1000).length
    if (faults.down === true) return void fail(request, 'down')
    if (recent > (faults.callsPerSecond ?? Number.POSITIVE_INFINITY))
      return refuse(response, 429, 'limited')
    let edge = 0
    const hit = (share = 0) => {
      edge += share
      return draw < edge
    }
    if (hit(faults.tooManyRequests)) return refuse(response, 429, 'tooManyRequests')
    if (hit(faults.serverError)) return refuse(response, 500, 'serverError')
    if (hit(faults.hang)) {
      count('hang')
      await sleep(faults.hangMs ?? 60_000, undefined, { ref: false })
      return void request.socket.destroy()
    }
    const truncated = hit(faults.truncated)
    if (!truncated && hit(faults.dropped)) return void fail(request, 'dropped')
    const answers = await Promise.all(calls.map((call) => reply(call)))
    if (faults.shuffledBatch !== undefined && random() < faults.shuffledBatch) {
      count('shuffledBatch')
      answers.reverse()
    }
    const text = JSON.stringify(Array.isArray(body) ? answers : answers[0])
    if (truncated) count('truncated')
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(truncated ? text.slice(0, Math.floor(text.length / 2)) : text)
  }

  function refuse(response: ServerResponse, status: number, what: string): void {
    count(what)
    response.writeHead(status, { 'retry-after': '0' }).end('no')
  }

  function fail(request: IncomingMessage, what: string): void {
    count(what)
    request.socket.destroy()
  }

  async function reply(call: Call): Promise<object> {
    const { id, method } = call
    const result = (value: unknown) => ({ jsonrpc: '2.0', id, result: value })
    if (method === 'eth_chainId' && faults.chainId !== undefined) return result(hex(faults.chainId))
    const head = faults.lag === undefined ? undefined : (await height()) - faults.lag
    const [first, ...rest] = call.params ?? []
    if (head !== undefined && method === 'eth_blockNumber') return result(hex(head))
    if (head !== undefined && method === 'eth_getBlockByNumber') {
      if (first === 'latest') return forward({ ...call, params: [hex(head), ...rest] })
      if (Number(first) > head) return result(null)
    }
    if (method === 'eth_getLogs') {
      const filter = first as { fromBlock?: string; toBlock?: string }
      const from = Number(filter.fromBlock)
      const to = Math.min(Number(filter.toBlock), head ?? Number.POSITIVE_INFINITY)
      if (to - from + 1 > (faults.rangeLimit ?? Number.POSITIVE_INFINITY)) {
        count('rangeLimit')
        const message = `eth_getLogs is limited to a ${faults.rangeLimit} block range`
        return { jsonrpc: '2.0', id, error: { code: -32005, message } }
      }
      if (from > to) return result([])
      return disorder(await forward({ ...call, params: [{ ...filter, toBlock: hex(to) }] }))
    }
    return forward(call)
  }

  async function forward(call: Call): Promise<object> {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }),
    })
    return (await response.json()) as object
  }

  function disorder(answer: object): object {
    const { result } = answer as { readonly result?: unknown }
    if (!Array.isArray(result) || faults.shuffledLogs === undefined) return answer
    if (random() >= faults.shuffledLogs) return answer
    count('shuffledLogs')
    return { ...answer, result: [...result.slice(-3), ...result].reverse() }
  }

  async function height(): Promise<number> {
    const answer = await forward({ id: 1, method: 'eth_blockNumber', params: [] })
    return Number((answer as { result: string }).result)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  server.on('upgrade', (request, socket: Socket, rest: Buffer) => {
    if (faults.down === true) return void socket.destroy()
    count('sockets')
    const { hostname, port } = new URL(target)
    const upstream = connect(Number(port), hostname, () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`)
      upstream.write(`GET / HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
      upstream.write(rest)
      socket.pipe(upstream).pipe(socket)
    })
    sockets.add(socket)
    const end = () => {
      sockets.delete(socket)
      socket.destroy()
      upstream.destroy()
    }
    for (const side of [socket, upstream]) side.on('error', end).on('close', end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cutSockets = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    set(next) {
      faults = next
      if (next.down === true) cutSockets()
    },
    counts,
    busiestSecond: () =>
      Math.max(
        0,
        ...times.map((end, i) => times.slice(0, i + 1).filter((t) => t > end - 1000).length),
      ),
    cutSockets,
    async [Symbol.asyncDispose]() {
      cutSockets()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const hex = (value: number) => `0x${value.toString(16)}`

/** The well-known 32-bit generator: small, seeded and good enough to pick faults. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
