import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP connection between two processes that can be cut and held up. */
export interface TcpLink extends AsyncDisposable {
  readonly port: number
  /** Cuts every connection; new ones are refused while `down`. */
  cut(): void
  refuse(down: boolean): void
  /** Bytes of both directions wait until `release`. */
  hold(): void
  release(): void
}

/** Changes the bytes of one connection; undefined leaves them as they are. */
export interface LinkFilter {
  readonly up?: (chunk: Buffer) => Buffer
  readonly down?: (chunk: Buffer) => readonly Buffer[]
}

/** Listens on a free port and passes every connection on to `target`. */
export async function openTcpLink(
  target: () => number,
  filter: () => LinkFilter = () => ({}),
): Promise<TcpLink> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let held = false
  let refusing = false
  const server = createServer((client) => {
    if (refusing) return void client.destroy()
    const upstream = connect(target(), '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const { up, down } = filter()
    pass(client, upstream, up === undefined ? undefined : (chunk) => [up(chunk)])
    pass(upstream, client, down)
    const end = () => {
      pairs.delete(pair)
      for (const side of pair) side.destroy()
    }
    for (const side of pair) side.setNoDelay(true).on('error', end).on('close', end)
    if (held) for (const side of pair) side.pause()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const pair of pairs) for (const side of pair) side.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    refuse(down) {
      refusing = down
      if (down) cut()
    },
    hold() {
      held = true
      for (const pair of pairs) for (const side of pair) side.pause()
    },
    release() {
      held = false
      for (const pair of pairs) for (const side of pair) side.resume()
    },
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function pass(from: Socket, to: Socket, filter?: (chunk: Buffer) => readonly Buffer[]): void {
  from.on('data', (chunk: Buffer) => {
    for (const part of filter === undefined ? [chunk] : filter(chunk))
      if (to.writable) to.write(part)
  })
  from.on('end', () => to.end())
}
