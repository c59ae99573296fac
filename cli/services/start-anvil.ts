import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError } from '../../schema/errors.ts'
import { findFreePort } from './find-free-port.ts'
import { stopChild } from './stop-child.ts'
import { stopOnExit } from './stop-on-exit.ts'

export interface Anvil {
  readonly url: string
  readonly chainId: number
  readonly pid: number
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a private anvil node on a port chosen by the OS and waits until it serves `chainId`.
 *
 * @throws `NODE_UNAVAILABLE` when it does not answer within 15 s.
 */
export async function startAnvil(options: {
  chainId: number
  port?: number
  /** File that anvil loads at start and writes at its end. */
  stateFile?: string
  args?: readonly string[]
  /** Keeps Ctrl-C of a terminal away, so that whoever started it decides when it stops. */
  detached?: boolean
}): Promise<Anvil> {
  const port = options.port ?? (await findFreePort())
  const child = spawn(
    findAnvil(),
    [
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(options.chainId)],
      ...['--hardfork', 'prague', '--order', 'fifo', '--gas-limit', '60000000', '--quiet'],
      ...(options.stateFile === undefined ? [] : ['--state', options.stateFile]),
      ...(options.args ?? []),
    ],
    { stdio: 'ignore', detached: options.detached ?? false },
  )
  stopOnExit(child, 'SIGINT')
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || child.signalCode !== null || tries === 150) {
      await stopChild(child, 'SIGKILL', 1000)
      throw new BaseError('NODE_UNAVAILABLE', { facts: { url, exit: child.exitCode ?? 'none' } })
    }
    if ((await readChainId(url)) === options.chainId) break
    await sleep(100)
  }
  let closing: Promise<void> | undefined
  const close = () => (closing ??= stopChild(child, 'SIGINT', 5000))
  return {
    url,
    chainId: options.chainId,
    pid: child.pid ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function readChainId(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    })
    const body = (await response.json()) as { result?: string }
    return body.result === undefined ? undefined : Number(BigInt(body.result))
  } catch {
    return undefined
  }
}

function findAnvil(): string {
  const system = platform() === 'win32' ? 'win32' : platform()
  const name = `@foundry-rs/anvil-${system}-${arch() === 'x64' ? 'amd64' : arch()}`
  try {
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil`)
  } catch (cause) {
    throw new BaseError('PLATFORM_UNSUPPORTED', { facts: { package: name }, cause })
  }
}
