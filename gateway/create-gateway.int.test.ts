import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEventLogs } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inferenceEscrowAbi } from '../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../contracts/abi/inference-ledger.ts'
import { canonicalJson } from '../schema/codec/canonical-json.ts'
import { unpackCalls } from '../schema/codec/packed-calls.ts'
import { sha256 } from '../schema/codec/sha256.ts'
import type { Hex } from '../schema/events/event.ts'
import { fakeAnswer } from '../test/support/fake-gpu-server.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createPayerClient } from './client.ts'

let world: GatewayWorld
beforeAll(async () => {
  world = await startGatewayWorld()
})
afterAll(() => world.close())

const money = 10n ** 9n

async function laneOnChain(payer: string, termsVersion = 1) {
  const { publicClient, deployment } = world.chain
  return publicClient.readContract({
    address: deployment.addresses.ledger,
    abi: inferenceLedgerAbi,
    functionName: 'laneOf',
    args: [payer as Hex, world.operator, 1, termsVersion],
  })
}

async function chargedOnChain(payer: string): Promise<bigint> {
  const { publicClient, deployment } = world.chain
  const { charged } = await publicClient.readContract({
    address: deployment.addresses.escrow,
    abi: inferenceEscrowAbi,
    functionName: 'accountOf',
    args: [payer as Hex, world.operator],
  })
  return charged
}

test('a paid call is answered with citations, recorded on the chain and charged once', async () => {
  const gateway = await world.start()
  const account = await world.payer(money)
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  const prompt = 'chain id of Base?'
  const first = await client.ask('atlas', prompt, { maxTokens: 30 })
  expect(first.text).toBe(fakeAnswer(prompt, 30))
  const tokensOut = Buffer.byteLength(first.text)
  const { provenance } = first
  expect(provenance).toMatchObject({
    callPosition: '1',
    tokensIn: prompt.length,
    tokensOut,
    fee: String(prompt.length * 1000 + tokensOut * 2000),
    modelVersion: 1,
    termsVersion: 1,
  })
  expect(provenance.citations[0]).toMatchObject({
    rowId: '1:0',
    contributor: world.chain.wallet('contributor').account.address.toLowerCase(),
    question: 'What is the chain id of Base?',
  })
  const second = await client.ask('atlas@1', 'Which currency does Gnosis use?')
  expect(second.provenance.callPosition).toBe('2')
  expect(await chargedOnChain(client.payer)).toBe(0n)

  const [batch, ...rest] = await gateway.flush()
  expect(rest).toEqual([])
  expect(batch).toMatchObject({ calls: 2, skipped: [] })
  const fees = BigInt(provenance.fee) + BigInt(second.provenance.fee)
  expect(await chargedOnChain(client.payer)).toBe(fees)
  expect(await laneOnChain(client.payer)).toMatchObject({ calls: 2n, charged: fees })

  const { publicClient } = world.chain
  const receipt = await publicClient.getTransactionReceipt({ hash: batch?.txHash as Hex })
  const [packed] = parseEventLogs({
    abi: inferenceLedgerAbi,
    eventName: 'BatchPacked',
    logs: receipt.logs,
  })
  const records = unpackCalls(packed?.args.data as Hex)
  expect(records.map(({ requestHash }) => requestHash)).toEqual([
    provenance.requestHash,
    second.provenance.requestHash,
  ])
  expect(records[0]?.outputHash).toBe(provenance.outputHash)
  const manifest = canonicalJson({
    kind: 'batch',
    version: 1,
    calls: [first, second].map((answer) => ({
      requestHash: answer.provenance.requestHash,
      citations: answer.provenance.citations.map(({ rowId, scoreMicros }) => ({
        rowId,
        scoreMicros,
      })),
    })),
  })
  expect(packed?.args.dataHash).toBe(sha256(manifest))
  expect(new TextDecoder().decode(await world.artifacts.get(sha256(manifest)))).toBe(manifest)
  expect(await gateway.flush()).toEqual([])
  await gateway.close()
})

test('rows outside the training set and erased rows are not cited', async () => {
  const gateway = await world.start({ dir: join(world.dir, 'citing') })
  const account = await world.payer(money)
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  const cited = async (prompt: string) =>
    (await client.ask('atlas', prompt, { maxTokens: 20 })).provenance.citations.map(
      ({ rowId }) => rowId,
    )
  expect(await cited('Which explorer shows Arbitrum?')).not.toContain('1:3')
  await gateway.close()
  await world.rowVault.erase(world.dataHash, 2)
  const later = await world.start({ dir: join(world.dir, 'citing') })
  const again = createPayerClient({ gatewayUrl: later.url, account })
  const answer = await again.ask('atlas', 'Which currency does Gnosis use?')
  expect(answer.provenance.citations.map(({ rowId }) => rowId)).not.toContain('1:2')
  await later.close()
})

test('forty payers at once are each charged exactly for their own calls', async () => {
  const gateway = await world.start({ dir: join(world.dir, 'forty') })
  const accounts = await world.payers(40, money)
  const spent = await Promise.all(
    accounts.map(async (account, i) => {
      const client = createPayerClient({ gatewayUrl: gateway.url, account })
      const answers = await Promise.all(
        [0, 1, 2].map((n) => client.ask('atlas', `payer ${i} asks ${n}`, { maxTokens: 24 })),
      )
      return answers.reduce((sum, { provenance }) => sum + BigInt(provenance.fee), 0n)
    }),
  )
  const batches = await gateway.flush()
  expect(batches.reduce((sum, { calls }) => sum + calls, 0)).toBe(120)
  const charged = await Promise.all(accounts.map(({ address }) => chargedOnChain(address)))
  expect(charged).toEqual(spent)
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
  expect(metrics).toContain('provenant_gateway_calls_total{model="atlas",outcome="answered"} 120')
  expect(metrics).toContain('provenant_gateway_pending_calls 0')
  await gateway.close()
})

test('money is never counted twice nor forgotten while batches run beside the calls', async () => {
  const gateway = await world.start({
    dir: join(world.dir, 'exact'),
    batch: { everyCalls: 5, everyMs: 30 },
  })
  const prompt = (n: number) => `call ${n}`
  const feeOf = (n: number, tokensOut: number) =>
    BigInt(prompt(n).length) * 1000n + BigInt(tokensOut) * 2000n
  const count = 15
  let exact = feeOf(count - 1, 30)
  for (let n = 0; n < count - 1; n++) exact += feeOf(n, fakeAnswer(prompt(n), 30).length)
  const accounts = await world.payers(6, exact)
  await Promise.all(
    accounts.map(async (account) => {
      const client = createPayerClient({ gatewayUrl: gateway.url, account })
      for (let n = 0; n < count; n++) await client.ask('atlas', prompt(n), { maxTokens: 30 })
      await expect(client.ask('atlas', prompt(0), { maxTokens: 30 })).rejects.toMatchObject({
        code: 'ESCROW_UNDERFUNDED',
      })
    }),
  )
  await gateway.flush()
  expect(gateway.stuck()).toEqual([])
  const lanes = await Promise.all(accounts.map(({ address }) => laneOnChain(address)))
  expect(new Set(lanes.map(({ calls }) => calls))).toEqual(new Set([BigInt(count)]))
  await gateway.close()
})

test('after a crash the calls that were answered are recorded once and the lane continues', async () => {
  const dir = join(world.dir, 'restart')
  const journal = join(dir, 'calls.journal')
  const gateway = await world.start({ dir })
  const account = await world.payer(money)
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  const fees: bigint[] = []
  const ask = async (to: typeof client) =>
    fees.push(BigInt((await to.ask('atlas', `question ${fees.length}`)).provenance.fee))
  await ask(client)
  await ask(client)
  const answered = await readFile(journal)
  await gateway.flush()
  await gateway.close()

  // The disk of a crash between sending the batch and noticing it, with a half-written line.
  await writeFile(journal, Buffer.concat([answered, Buffer.from('3c1f')]))
  const second = await world.start({ dir })
  expect(await second.flush()).toEqual([])
  await ask(createPayerClient({ gatewayUrl: second.url, account }))
  const third = await readFile(journal)
  await second.close()

  await writeFile(journal, third)
  const last = await world.start({ dir })
  await ask(createPayerClient({ gatewayUrl: last.url, account }))
  expect((await last.flush()).map(({ calls }) => calls)).toEqual([2])
  const total = fees.reduce((sum, fee) => sum + fee, 0n)
  expect(await laneOnChain(client.payer)).toMatchObject({ calls: 4n, charged: total })
  expect(await chargedOnChain(client.payer)).toBe(total)
  await last.close()
})

test('a batch whose receipt comes late is noticed and nothing is charged twice', async () => {
  const gateway = await world.start({ dir: join(world.dir, 'late'), receiptTimeoutMs: 300 })
  const client = createPayerClient({ gatewayUrl: gateway.url, account: await world.payer(money) })
  const fee = BigInt((await client.ask('atlas', 'late?')).provenance.fee)
  const { request } = world.chain.publicClient as { request: (call: object) => Promise<unknown> }
  await request({ method: 'evm_setAutomine', params: [false] })
  try {
    await expect(gateway.flush()).rejects.toMatchObject({ code: 'BATCH_NOT_RECORDED' })
    await expect(gateway.flush()).rejects.toMatchObject({ code: 'BATCH_NOT_RECORDED' })
    const more = await client.ask('atlas', 'meanwhile')
    expect(more.provenance.callPosition).toBe('2')
    const third = gateway.flush()
    await expect
      .poll(() => request({ method: 'txpool_status', params: [] }), { timeout: 10_000 })
      .toMatchObject({ pending: '0x3' })
    await request({ method: 'evm_mine', params: [] })
    await third.catch(() => {})
  } finally {
    await request({ method: 'evm_setAutomine', params: [true] })
  }
  await gateway.flush()
  const lane = await laneOnChain(client.payer)
  expect(lane.calls).toBe(2n)
  expect(await chargedOnChain(client.payer)).toBe(lane.charged)
  expect(lane.charged).toBeGreaterThan(fee)
  expect(gateway.stuck()).toEqual([])
  expect((await client.ask('atlas', 'after')).provenance.callPosition).toBe('3')
  await gateway.close()
})

test('a damaged journal stops the start and is left as it was', async () => {
  const dir = join(world.dir, 'damaged')
  const gateway = await world.start({ dir })
  const client = createPayerClient({ gatewayUrl: gateway.url, account: await world.payer(money) })
  await client.ask('atlas', 'one')
  await client.ask('atlas', 'two')
  await gateway.close()
  const path = join(dir, 'calls.journal')
  const damaged = (await readFile(path, 'utf8')).replace('"tokensOut":', '"tokensOut":1')
  await writeFile(path, damaged)
  await expect(world.start({ dir })).rejects.toMatchObject({
    code: 'JOURNAL_CORRUPT',
    facts: { line: 1 },
  })
  expect(await readFile(path, 'utf8')).toBe(damaged)
})

test('a lane whose money left is skipped, the others are paid, and it is paid after a deposit', async () => {
  const gateway = await world.start({ dir: join(world.dir, 'skipped') })
  const { publicClient, deployment, wallet } = world.chain
  const escrow = { address: deployment.addresses.escrow, abi: inferenceEscrowAbi } as const
  const leaver = wallet('payer')
  await world.deposit(leaver.account.address, 100_000n)
  const rich = createPayerClient({ gatewayUrl: gateway.url, account: await world.payer(money) })
  const poor = createPayerClient({ gatewayUrl: gateway.url, account: leaver.account })
  await rich.ask('atlas', 'rich')
  const { provenance } = await poor.ask('atlas', 'poor', { maxTokens: 20 })
  for (const call of [
    { functionName: 'startThaw', args: [world.operator, 100_000n] },
    { functionName: 'withdraw', args: [world.operator] },
  ] as const) {
    const hash = await leaver.writeContract({ ...escrow, ...call } as never)
    await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    await world.chain.passTime(86_401)
  }
  const [batch] = await gateway.flush()
  expect(batch?.calls).toBe(1)
  expect(batch?.skipped).toEqual([{ lane: expect.stringContaining(poor.payer), reason: 5 }])
  expect(gateway.stuck()).toMatchObject([{ payer: poor.payer, calls: 1, reason: '5' }])
  await expect(poor.ask('atlas', 'more')).rejects.toMatchObject({ code: 'ESCROW_UNDERFUNDED' })
  expect(await gateway.flush()).toEqual([])

  await world.deposit(leaver.account.address, BigInt(provenance.fee))
  expect((await gateway.flush()).map(({ calls }) => calls)).toEqual([1])
  expect(gateway.stuck()).toEqual([])
  expect((await laneOnChain(poor.payer)).charged).toBe(BigInt(provenance.fee))
  await gateway.close()
})

test('batches stay within their limits and split lanes at any call', async () => {
  const gateway = await world.start({
    dir: join(world.dir, 'small'),
    batch: { everyMs: 3_600_000, limits: { calls: 3, lanes: 2, bytes: 120_000 } },
  })
  const accounts = await world.payers(3, money)
  const clients = accounts.map((account) => createPayerClient({ gatewayUrl: gateway.url, account }))
  for (const [i, client] of clients.entries())
    for (let n = 0; n < 2 + i; n++) await client.ask('atlas', `${i} ${n}`)
  const batches = await gateway.flush()
  expect(batches.map(({ calls }) => calls)).toEqual([3, 3, 3])
  const lanes = await Promise.all(accounts.map(({ address }) => laneOnChain(address)))
  expect(lanes.map(({ calls }) => calls)).toEqual([2n, 3n, 4n])
  await gateway.close()
})

test('a batch is sent without asking when enough calls wait or time passes', async () => {
  const gateway = await world.start({
    dir: join(world.dir, 'timed'),
    batch: { everyCalls: 2, everyMs: 200 },
  })
  const client = createPayerClient({ gatewayUrl: gateway.url, account: await world.payer(money) })
  await client.ask('atlas', 'one')
  await client.ask('atlas', 'two')
  await client.ask('atlas', 'three')
  await expect
    .poll(async () => (await laneOnChain(client.payer)).calls, { timeout: 20_000 })
    .toBe(3n)
  await gateway.close()
})

test('the start is refused on another chain, without a node and on a taken port', async () => {
  const { deployment } = world.chain
  await expect(world.start({ deployment: { ...deployment, chainId: 4 } })).rejects.toMatchObject({
    code: 'WRONG_CHAIN_ID',
  })
  await expect(world.start({ rpcUrl: 'http://127.0.0.1:9' })).rejects.toMatchObject({
    code: 'NODE_UNAVAILABLE',
  })
  const { port } = new URL(world.gpu.url)
  await expect(world.start({ port: Number(port) })).rejects.toMatchObject({
    code: 'PORT_UNAVAILABLE',
  })
})
