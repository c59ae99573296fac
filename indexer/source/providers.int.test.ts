import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { type ChainLab, startChainLab } from '../../test/support/chain-lab.ts'
import { startFaultyRpc } from '../../test/support/faulty-rpc.ts'
import { connectNode, type NodeLog } from './chain-node.ts'

const clean = { missing: [], extra: [], duplicates: [], reverts: 0 }

/** History of 400 blocks, of which 20 have events. */
async function startLab(): Promise<ChainLab> {
  const lab = await startChainLab()
  for (let i = 0; i < 20; i++) {
    await lab.mine(2)
    await lab.rpc('anvil_mine', ['0x13'])
  }
  return lab
}

describe('providers that misbehave', () => {
  let lab: ChainLab
  beforeAll(async () => {
    lab = await startLab()
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  test('history and head come complete from one that limits ranges and fails every fourth time', async () => {
    await using proxy = await startFaultyRpc({
      target: lab.rpcUrl,
      seed: 11,
      faults: {
        ...{ rangeLimit: 100, tooManyRequests: 0.06, serverError: 0.06 },
        ...{ truncated: 0.06, dropped: 0.06, hang: 0.02, hangMs: 500 },
      },
    })
    const failures: string[] = []
    await using indexer = lab.indexer({
      rpcUrl: `${proxy.url}/api-key`,
      rpcLimits: { timeoutMs: 300, backoffMs: 5 },
      metrics: {
        appended: () => undefined,
        reorganised: () => undefined,
        rpcFailed: (host) => failures.push(host),
      },
    })
    // The first question decides whether the node is there at all.
    const run = indexer.run()
    await indexer.indexed(await lab.height())
    for (let i = 0; i < 10; i++) await lab.mine(1)
    await indexer.indexed(await lab.height())
    expect(await lab.compare()).toMatchObject(clean)
    expect(proxy.counts['rangeLimit']).toBeGreaterThan(0)
    expect(new Set(failures)).toEqual(new Set([new URL(proxy.url).host]))
    expect(indexer.status().rpcEndpoints?.[0]?.errors).toBe(failures.length)
    await indexer.close()
    await run
  })
})

describe('an SQD Network gateway', () => {
  let lab: ChainLab
  beforeAll(async () => {
    lab = await startLab()
  })
  afterAll(() => lab[Symbol.asyncDispose]())

  test('gives the history it has; the nodes give the rest', async () => {
    const last = (await lab.height()) - 100
    await using gateway = await startGateway(lab, last)
    await using indexer = lab.indexer({ gatewayUrl: gateway.url })
    const run = indexer.run()
    await indexer.indexed(await lab.height())
    await lab.mine(1)
    await indexer.indexed(await lab.height())
    expect(await lab.compare()).toMatchObject(clean)
    expect(gateway.asked[0]).toBe(lab.deployment.blockNumber)
    expect(gateway.given).toBe(last)
    await indexer.close()
    await run
  })
})

/** A gateway over the lab's node that speaks as much of the protocol as its client asks for. */
async function startGateway(lab: ChainLab, last: number) {
  const node = connectNode(lab.rpcUrl)
  const asked: number[] = []
  const state = { given: -1 }
  const server = createServer(async (request, response) => {
    const send = (type: string, body: string) =>
      response.writeHead(200, { 'content-type': type }).end(body)
    const { port } = server.address() as AddressInfo
    if (request.url === '/height') return send('text/plain', String(last))
    if (request.method === 'GET') return send('text/plain', `http://127.0.0.1:${port}/query`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const query = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly fromBlock: number
      readonly toBlock?: number
      readonly logs?: readonly { readonly address: readonly Hex[] }[]
    }
    asked.push(query.fromBlock)
    const to = Math.min(query.toBlock ?? last, last, query.fromBlock + 99)
    const addresses = query.logs?.flatMap(({ address }) => address) ?? []
    const { logs } = await node.logs(addresses, query.fromBlock, to)
    const heights = [...new Set([...logs.map((log) => log.blockNumber), to])].sort((a, b) => a - b)
    const headers = await node.headers(heights)
    const blocks = headers.map((header) => ({
      header,
      logs: logs.filter((log) => log.blockNumber === header?.number).map(toGatewayLog),
    }))
    state.given = to
    return send('application/json', JSON.stringify(blocks))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get given() {
      return state.given
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const toGatewayLog = ({ blockNumber: _, blockHash: __, ...log }: NodeLog) => log
