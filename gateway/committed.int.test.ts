import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesToHex, hexToBytes, keccak256, parseAbiItem } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inferenceEscrowAbi } from '../contracts/abi/inference-escrow.ts'
import { inferenceLedgerAbi } from '../contracts/abi/inference-ledger.ts'
import { buildOrderedMerkleTree } from '../schema/codec/ordered-merkle-tree.ts'
import { packedCallSize, unpackCalls } from '../schema/codec/packed-calls.ts'
import type { Hex } from '../schema/events/event.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createPayerClient } from './client.ts'
import type { Gateway, GatewayOptions } from './create-gateway.ts'

let world: GatewayWorld
beforeAll(async () => {
  world = await startGatewayWorld()
})
afterAll(() => world.close())

const money = 10n ** 9n
const never = { everyBatches: 1_000, everyMs: 3_600_000 }

const start = (name: string, options: Partial<GatewayOptions> = {}) =>
  world.start({
    ...{ dir: join(world.dir, name), recording: 'committed', settle: never, ...options },
  })

const ledger = () =>
  ({ address: world.chain.deployment.addresses.ledger, abi: inferenceLedgerAbi }) as const

const laneOnChain = (payer: string) =>
  world.chain.publicClient.readContract({
    ...{ ...ledger(), functionName: 'laneOf', args: [payer as Hex, world.operator, 1, 1] },
  })

const anchorOf = (batchId: bigint) =>
  world.chain.publicClient.readContract({
    ...{ ...ledger(), functionName: 'anchorOf', args: [batchId] },
  })

async function chargedOnChain(payer: string): Promise<bigint> {
  const { charged } = await world.chain.publicClient.readContract({
    address: world.chain.deployment.addresses.escrow,
    abi: inferenceEscrowAbi,
    functionName: 'accountOf',
    args: [payer as Hex, world.operator],
  })
  return charged
}

async function commitOf(batchId: bigint | undefined) {
  const event = { ...ledger(), eventName: 'BatchCommitted', fromBlock: 0n, strict: true } as const
  const commits = await world.chain.publicClient.getContractEvents(event)
  const found = commits.find(({ args }) => args.batchId === batchId)
  if (found === undefined) throw new Error(`batch ${batchId} is not committed`)
  return found.args
}

async function settledBatches(): Promise<readonly bigint[]> {
  const event = { ...ledger(), eventName: 'BatchSettled', fromBlock: 0n, strict: true } as const
  const settled = await world.chain.publicClient.getContractEvents(event)
  return settled.map(({ args }) => args.batchId)
}

/** Asks so many questions and returns what they cost. */
async function ask(
  gateway: Gateway,
  account: Parameters<typeof createPayerClient>[0]['account'],
  count: number,
) {
  const client = createPayerClient({ gatewayUrl: gateway.url, account })
  let fees = 0n
  for (let n = 0; n < count; n++)
    fees += BigInt((await client.ask('atlas', `question ${n}`, { maxTokens: 8 })).provenance.fee)
  return fees
}

test('calls are committed as a root over their records and charged by a settlement', async () => {
  const gateway = await start('plain')
  const [one, two] = await world.payers(2, money)
  if (one === undefined || two === undefined) throw new Error('no payers')
  let fees = await ask(gateway, one, 2)
  const other = await ask(gateway, two, 1)
  const [first] = await gateway.flush()
  expect(first).toMatchObject({ calls: 3, skipped: [] })
  fees += await ask(gateway, one, 1)
  const [second] = await gateway.flush()
  expect(await gateway.flush()).toEqual([])
  expect(await chargedOnChain(one.address)).toBe(0n)
  expect((await laneOnChain(one.address)).calls).toBe(0n)

  const committed = await commitOf(first?.batchId)
  const body = await world.artifacts.get(committed.dataHash)
  expect(unpackCalls(bytesToHex(body))).toHaveLength(3)
  expect(committed.root).toBe(buildOrderedMerkleTree({ bytes: body, size: packedCallSize }).root)
  expect(committed.daCommitment).toBe(`0x00${keccak256(body).slice(2)}`)
  expect(hexToBytes(committed.daCommitment)).toHaveLength(33)

  await gateway.settle()
  expect(await laneOnChain(one.address)).toMatchObject({ calls: 3n, charged: fees })
  expect(await chargedOnChain(one.address)).toBe(fees)
  expect(await chargedOnChain(two.address)).toBe(other)
  const settled = await settledBatches()
  expect(settled).toEqual([first?.batchId, second?.batchId])
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain(
    'provenant_gateway_pending_calls 0',
  )
  await gateway.settle()
  expect(await ask(gateway, one, 1)).toBeGreaterThan(0n)
  await gateway.close()
})

test('a settlement starts by itself after enough batches, and at the end', async () => {
  const gateway = await start('counted', { settle: { everyBatches: 2, everyMs: 3_600_000 } })
  const account = await world.payer(money)
  let fees = await ask(gateway, account, 1)
  await gateway.flush()
  expect(await chargedOnChain(account.address)).toBe(0n)
  fees += await ask(gateway, account, 1)
  await gateway.flush()
  expect(await chargedOnChain(account.address)).toBe(fees)
  fees += await ask(gateway, account, 1)
  await gateway.flush()
  await gateway.close()
  expect(await chargedOnChain(account.address)).toBe(fees)
})

test('after a crash the batches that wait are found on the chain and settled once', async () => {
  const gateway = await start('crash')
  const dir = join(world.dir, 'crash')
  const account = await world.payer(money)
  let fees = await ask(gateway, account, 2)
  const [batch] = await gateway.flush()
  fees += await ask(gateway, account, 1)
  const journal = await readFile(join(dir, 'calls.journal'))
  const [next] = await gateway.flush()
  const open = [batch?.batchId, next?.batchId]
  // The disk of a crash: whatever the first gateway did on closing is undone for the second one.
  await cutOff(() => gateway.close())
  await writeFile(join(dir, 'calls.journal'), journal)
  await rm(join(dir, 'settlement.json'), { force: true })
  expect(await chargedOnChain(account.address)).toBe(0n)

  const second = await start('crash')
  fees += await ask(second, account, 1)
  expect(await second.flush()).toMatchObject([{ calls: 1 }])
  await second.settle()
  expect(await laneOnChain(account.address)).toMatchObject({ calls: 4n, charged: fees })
  expect(await chargedOnChain(account.address)).toBe(fees)
  const settled = await settledBatches()
  expect(settled).toEqual(expect.arrayContaining(open))
  await second.close()
})

test('a batch whose body or calls are gone is dropped and its calls are recorded anew', async () => {
  const gateway = await start('gone')
  const account = await world.payer(money)
  const fees = await ask(gateway, account, 2)
  const [batch] = await gateway.flush()
  await cutOff(() => gateway.close())
  const committed = await commitOf(batch?.batchId)
  const hash = committed.dataHash.slice(2)
  await rm(join(world.dir, 'artifacts', hash.slice(0, 2), hash.slice(2, 4)), {
    ...{ recursive: true, force: true },
  })
  const second = await start('gone')
  expect(await second.flush()).toMatchObject([{ calls: 2 }])
  await second.settle()
  expect(await chargedOnChain(account.address)).toBe(fees)
  expect(await anchorOf(batch?.batchId ?? 0n)).toBe(`0x${'0'.repeat(64)}`)
  await second.close()
})

test('a lane that cannot pay is left out, the others are paid, and it is paid after a deposit', async () => {
  const gateway = await start('poor')
  const { publicClient, deployment, wallet } = world.chain
  const escrow = { address: deployment.addresses.escrow, abi: inferenceEscrowAbi } as const
  const leaver = wallet('payer')
  await world.deposit(leaver.account.address, 100_000n)
  const rich = await world.payer(money)
  const richFees = await ask(gateway, rich, 2)
  const poorFees = await ask(gateway, leaver.account, 1)
  await gateway.flush()
  const more = await ask(gateway, rich, 1)
  await gateway.flush()
  for (const call of [
    { functionName: 'startThaw', args: [world.operator, 100_000n] },
    { functionName: 'withdraw', args: [world.operator] },
  ] as const) {
    const hash = await leaver.writeContract({ ...escrow, ...call } as never)
    await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    await world.chain.passTime(86_401)
  }
  await gateway.settle()
  expect(await chargedOnChain(rich.address)).toBe(richFees + more)
  expect(await chargedOnChain(leaver.account.address)).toBe(0n)
  expect(gateway.stuck()).toMatchObject([{ calls: 1, reason: '5' }])
  expect(await gateway.flush()).toEqual([])

  await world.deposit(leaver.account.address, poorFees)
  expect(await gateway.flush()).toMatchObject([{ calls: 1 }])
  await gateway.settle()
  expect(await chargedOnChain(leaver.account.address)).toBe(poorFees)
  expect(gateway.stuck()).toEqual([])
  await gateway.close()
})

test('a commit and a settlement whose receipts come late are noticed, nothing is charged twice', async () => {
  const gateway = await start('late', { receiptTimeoutMs: 300 })
  const account = await world.payer(money)
  const fees = await ask(gateway, account, 2)
  const { request } = world.chain.publicClient as { request: (call: object) => Promise<unknown> }
  const late = async (work: () => Promise<unknown>, code: string) => {
    await request({ method: 'evm_setAutomine', params: [false] })
    try {
      await expect(work()).rejects.toMatchObject({ code })
      await request({ method: 'evm_mine', params: [] })
    } finally {
      await request({ method: 'evm_setAutomine', params: [true] })
    }
  }
  await late(() => gateway.flush(), 'BATCH_NOT_RECORDED')
  expect(await gateway.flush()).toEqual([])
  await late(() => gateway.settle(), 'BATCH_NOT_SETTLED')
  await gateway.flush()
  await gateway.settle()
  expect(await laneOnChain(account.address)).toMatchObject({ calls: 2n, charged: fees })
  expect(await chargedOnChain(account.address)).toBe(fees)
  expect(gateway.stuck()).toEqual([])
  await gateway.close()
})

/** Keeps the node from taking transactions while something ends. */
async function cutOff(work: () => Promise<unknown>): Promise<void> {
  const guardian = world.chain.wallet('guardian')
  const setPaused = parseAbiItem('function setPaused(bool)')
  const send = async (paused: boolean) => {
    const call = { address: ledger().address, abi: [setPaused], functionName: 'setPaused' } as const
    const hash = await guardian.writeContract({ ...call, args: [paused] })
    await world.chain.publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
  }
  await send(true)
  try {
    await work()
  } finally {
    await send(false)
  }
}
