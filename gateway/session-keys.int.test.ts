import type { LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inferenceEscrowAbi } from '../contracts/abi/inference-escrow.ts'
import type { Hex } from '../schema/events/event.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createPayerClient } from './client.ts'
import type { Gateway } from './create-gateway.ts'

let world: GatewayWorld
let gateway: Gateway
beforeAll(async () => {
  world = await startGatewayWorld()
  gateway = await world.start()
})
afterAll(() => world.close())

const money = 10n ** 9n
const payer = () => world.chain.wallet('payer')
const payerAddress = () => payer().account.address.toLowerCase() as Hex
const newKey = (): LocalAccount => privateKeyToAccount(generatePrivateKey())
const escrow = () =>
  ({ address: world.chain.deployment.addresses.escrow, abi: inferenceEscrowAbi }) as const

const mined = (hash: Hex) =>
  world.chain.publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })

async function chainTime(): Promise<bigint> {
  return (await world.chain.publicClient.getBlock()).timestamp
}

async function setSigner(key: LocalAccount, seconds: bigint, cap: bigint): Promise<void> {
  const args = [key.address, (await chainTime()) + seconds, cap] as const
  await mined(await payer().writeContract({ ...escrow(), functionName: 'setSigner', args }))
}

const signerOf = (key: LocalAccount) =>
  world.chain.publicClient.readContract({
    ...{ ...escrow(), functionName: 'signerOf', args: [payerAddress(), key.address] },
  })

const clientOf = (account: LocalAccount, at = gateway) =>
  createPayerClient({ gatewayUrl: at.url, account, payer: payerAddress() })

test('a session key pays for its payer, within its cap, next to the payer itself', async () => {
  await world.deposit(payerAddress(), money)
  const key = newKey()
  await setSigner(key, 86_400n, 1_000_000n)
  const first = await clientOf(key).ask('atlas', 'by the key')
  const second = await clientOf(payer().account).ask('atlas', 'by the payer')
  expect([first, second].map(({ provenance }) => provenance.callPosition)).toEqual(['1', '2'])
  expect(await gateway.flush()).toMatchObject([{ calls: 2, skipped: [] }])
  expect((await signerOf(key)).spent).toBe(0n)
  const third = await clientOf(key).ask('atlas', 'by the key again')
  expect(await gateway.flush()).toMatchObject([{ calls: 1, skipped: [] }])
  expect((await signerOf(key)).spent).toBe(BigInt(third.provenance.fee))
})

test('a key that was never set, or set by another payer, is refused', async () => {
  const key = newKey()
  await expect(clientOf(key).ask('atlas', 'x')).rejects.toMatchObject({
    code: 'VOUCHER_KEY_UNKNOWN',
  })
  await setSigner(key, 86_400n, 1_000_000n)
  const other = createPayerClient({
    ...{ gatewayUrl: gateway.url, account: key, payer: (await world.payer(money)).address },
  })
  await expect(other.ask('atlas', 'x')).rejects.toMatchObject({ code: 'VOUCHER_KEY_UNKNOWN' })
})

test('a key that ends before its calls could be charged is refused until it is renewed', async () => {
  const key = newKey()
  await setSigner(key, 600n, 1_000_000n)
  await expect(clientOf(key).ask('atlas', 'x')).rejects.toMatchObject({
    code: 'VOUCHER_KEY_EXPIRED',
  })
  const eager = await world.start({ dir: `${world.dir}/eager`, sessionKeyMarginSeconds: 60 })
  await clientOf(key, eager).ask('atlas', 'x')
  expect(await eager.flush()).toMatchObject([{ calls: 1, skipped: [] }])
  await eager.close()
  await setSigner(key, 3_600n, 1_000_000n)
  await clientOf(key).ask('atlas', 'x')
  await gateway.flush()
})

test('a key promises no more than its cap, over all calls that wait and run', async () => {
  const key = newKey()
  const prompt = 'cap?'
  const most = 4n * 1000n + 10n * 2000n
  await setSigner(key, 86_400n, 2n * most)
  const client = clientOf(key)
  const { provenance } = await client.ask('atlas', prompt, { maxTokens: 10 })
  await client.ask('atlas', prompt, { maxTokens: 10 })
  const refused = client.ask('atlas', prompt, { maxTokens: 10 })
  const left = 2n * most
  const needed = 2n * BigInt(provenance.fee) + most
  expect(needed).toBeGreaterThan(left)
  await expect(refused).rejects.toMatchObject({
    ...{ code: 'VOUCHER_KEY_OVER_CAP', facts: { left: String(left), needed: String(needed) } },
  })
  await gateway.flush()
  expect((await signerOf(key)).spent).toBe(2n * BigInt(provenance.fee))
  await setSigner(key, 90_000n, 4n * most)
  expect((await client.ask('atlas', prompt, { maxTokens: 10 })).provenance.fee).toBe(provenance.fee)
  await gateway.flush()
})

test('calls of an expired key are skipped and charged once the payer renews it', async () => {
  const key = newKey()
  const late = await world.start({ dir: `${world.dir}/late`, sessionKeyMarginSeconds: 0 })
  await setSigner(key, 100n, 1_000_000n)
  const { provenance } = await clientOf(key, late).ask('atlas', 'too late')
  await world.chain.passTime(101)
  expect(await late.flush()).toMatchObject([{ calls: 0, skipped: [{ reason: 7 }] }])
  expect(late.stuck()).toMatchObject([{ payer: payerAddress(), calls: 1, reason: '7' }])
  await setSigner(key, 1_000n, 1_000_000n)
  expect(await late.flush()).toMatchObject([{ calls: 1, skipped: [] }])
  expect((await signerOf(key)).spent).toBe(BigInt(provenance.fee))
  await late.close()
})
