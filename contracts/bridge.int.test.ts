import fc from 'fast-check'
import { encodeFunctionData, erc20Abi, type TransactionReceipt } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Anvil } from '../cli/services/start-anvil.ts'
import type { Hex } from '../schema/events/event.ts'
import { startTestChain } from '../test/support/chain.ts'
import { provenantTokenL2Abi, provenantTokenL2Bytecode } from './abi/provenant-token-l2.ts'
import { bridgeAbi } from './bridge/bridge-abi.fixture.ts'
import { type Deposit, depositsOf, relayDeposit } from './bridge/relay-deposit.fixture.ts'
import {
  relayWithdrawal,
  type Withdrawal,
  withdrawalOf,
} from './bridge/relay-withdrawal.fixture.ts'
import { predeploys, type StandardBridge, startBridge } from './bridge/start-bridge.fixture.ts'

const mnemonic = 'test test test test test test test test test test test junk'
const [holder, alice, stranger] = [0, 1, 2].map((addressIndex) =>
  mnemonicToAccount(mnemonic, { addressIndex }),
) as [Account, Account, Account]
type Account = ReturnType<typeof mnemonicToAccount>

const supply = 10n ** 27n
const minGas = 200_000
const enough = 1_000_000n

let nodes: readonly Anvil[] = []
let bridge: StandardBridge

beforeAll(async () => {
  nodes = await Promise.all([startTestChain(), startTestChain()])
  const [l1, l2] = nodes as [Anvil, Anvil]
  bridge = await startBridge({ l1, l2, holder, supply })
  const approve = encodeFunctionData({
    abi: erc20Abi,
    functionName: 'approve',
    args: [bridge.l1.bridge, supply],
  })
  await bridge.l1.send(holder, bridge.l1Token, approve)
})

afterAll(() => Promise.all(nodes.map((node) => node.close())))

function depositToL2(amount: bigint, l2Token = bridge.l2Token): Promise<TransactionReceipt> {
  const args = [bridge.l1Token, l2Token, alice.address, amount, minGas, '0x'] as const
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'bridgeERC20To', args })
  return bridge.l1.send(holder, bridge.l1.bridge, data)
}

function withdrawToL1(amount: bigint, l1Token = bridge.l1Token): Promise<TransactionReceipt> {
  const args = [bridge.l2Token, l1Token, alice.address, amount, minGas, '0x'] as const
  const data = encodeFunctionData({ abi: bridgeAbi, functionName: 'bridgeERC20To', args })
  return bridge.l2.send(alice, bridge.l2.bridge, data)
}

async function deposited(amount: bigint, l2Token?: Hex): Promise<Deposit> {
  const [deposit, ...others] = depositsOf(await depositToL2(amount, l2Token))
  expect(others).toEqual([])
  return deposit as Deposit
}

const locked = (l2Token = bridge.l2Token) =>
  bridge.l1.read<bigint>(bridge.l1.bridge, bridgeAbi, 'deposits', [bridge.l1Token, l2Token])
const minted = () => bridge.l2.read<bigint>(bridge.l2Token, erc20Abi, 'totalSupply')
const onL1 = (account: Hex) =>
  bridge.l1.read<bigint>(bridge.l1Token, erc20Abi, 'balanceOf', [account])
const onL2 = (account: Hex) =>
  bridge.l2.read<bigint>(bridge.l2Token, erc20Abi, 'balanceOf', [account])

async function expectBacked(inFlight = 0n): Promise<void> {
  expect((await minted()) + inFlight).toBe(await locked())
  // Deposits to a token that is none stay locked too, so the bridge may hold more, never less.
  expect(await onL1(bridge.l1.bridge)).toBeGreaterThanOrEqual(await locked())
}

test('a deposit mints on L2 what it locks on L1, and a withdrawal gives it back', async () => {
  const [before, lockedBefore] = [await onL1(alice.address), await locked()]
  const deposit = await deposited(123n)
  expect((await relayDeposit(bridge, deposit)).outcome).toBe('relayed')
  expect(await onL2(alice.address)).toBe(123n)
  expect(await locked()).toBe(lockedBefore + 123n)
  await expectBacked()

  const withdrawal = withdrawalOf(await withdrawToL1(23n))
  expect(await onL2(alice.address)).toBe(100n)
  await expectBacked(23n)
  expect((await relayWithdrawal(bridge, withdrawal)).status).toBe('success')
  expect((await onL1(alice.address)) - before).toBe(23n)
  await expectBacked()
})

test('a message that was relayed cannot be relayed again, on either side', async () => {
  const deposit = await deposited(50n)
  expect((await relayDeposit(bridge, deposit)).outcome).toBe('relayed')
  const balance = await onL2(alice.address)
  for (const sender of [deposit.from, stranger.address]) {
    const replay = await relayDeposit(bridge, deposit, { sender, gas: enough })
    expect(replay.outcome).toBe('reverted')
  }
  expect(await onL2(alice.address)).toBe(balance)

  const withdrawal = withdrawalOf(await withdrawToL1(50n))
  expect((await relayWithdrawal(bridge, withdrawal)).status).toBe('success')
  const paid = await onL1(alice.address)
  expect((await relayWithdrawal(bridge, withdrawal)).status).toBe('reverted')
  expect(await onL1(alice.address)).toBe(paid)
  await expectBacked()
})

test('only the alias of the L1 messenger may relay a deposit first', async () => {
  const deposit = await deposited(5n)
  const early = await relayDeposit(bridge, deposit, { sender: stranger.address, gas: enough })
  expect(early.outcome).toBe('reverted')
  await expectBacked(5n)
  expect((await relayDeposit(bridge, deposit)).outcome).toBe('relayed')
  await expectBacked()
})

test('a deposit that failed for lack of gas is seen by the monitor and minted once later', async () => {
  const deposit = await deposited(77n)
  const before = await onL2(alice.address)
  const first = await relayDeposit(bridge, deposit, { gas: 230_000n })
  expect(first.outcome).toBe('failed')
  expect(await onL2(alice.address)).toBe(before)
  await expectBacked(77n)
  const again = { sender: stranger.address, gas: enough }
  expect((await relayDeposit(bridge, deposit, again)).outcome).toBe('relayed')
  expect((await relayDeposit(bridge, deposit, again)).outcome).toBe('reverted')
  expect(await onL2(alice.address)).toBe(before + 77n)
  await expectBacked()
})

test('a deposit to an L2 token of another L1 token mints nothing and is seen by the monitor', async () => {
  const foreign = await bridge.l2.deploy(holder, provenantTokenL2Abi, provenantTokenL2Bytecode, [
    stranger.address,
  ])
  const deposit = await deposited(9n, foreign)
  expect((await relayDeposit(bridge, deposit)).outcome).toBe('failed')
  const again = { sender: stranger.address, gas: enough }
  expect((await relayDeposit(bridge, deposit, again)).outcome).toBe('failed')
  expect(await bridge.l2.read(foreign, erc20Abi, 'totalSupply')).toBe(0n)
  expect(await locked(foreign)).toBe(9n)
  await expectBacked()
})

test('a withdrawal to another L1 token is refused before anything is burned', async () => {
  expect((await relayDeposit(bridge, await deposited(4n))).outcome).toBe('relayed')
  const before = await minted()
  expect((await withdrawToL1(4n, stranger.address)).status).toBe('reverted')
  expect(await minted()).toBe(before)
})

test('nobody but the SuperchainTokenBridge mints or burns by ERC-7802', async () => {
  const call = (functionName: 'crosschainMint' | 'crosschainBurn') =>
    encodeFunctionData({ abi: provenantTokenL2Abi, functionName, args: [alice.address, 1n] })
  const before = await minted()
  for (const sender of [stranger.address, alice.address, predeploys.bridge]) {
    for (const data of [call('crosschainMint'), call('crosschainBurn')]) {
      expect((await bridge.l2.send(sender, bridge.l2Token, data)).status).toBe('reverted')
    }
  }
  expect(await minted()).toBe(before)
  // Minted for a burn on another L2 and burned again, so that the other tests find what they expect.
  for (const data of [call('crosschainMint'), call('crosschainBurn')]) {
    const { status } = await bridge.l2.send(predeploys.superchainTokenBridge, bridge.l2Token, data)
    expect(status).toBe('success')
  }
  expect(await minted()).toBe(before)
})

test('each of the four transactions costs what the page of the token says', async () => {
  const locking = await depositToL2(1000n)
  const relaying = await relayDeposit(bridge, depositsOf(locking)[0] as Deposit)
  const burning = await withdrawToL1(100n)
  const paying = await relayWithdrawal(bridge, withdrawalOf(burning))
  expect(locking.gasUsed).toBeLessThan(110_000n)
  expect(relaying.gasUsed).toBeLessThan(106_000n)
  expect(burning.gasUsed).toBeLessThan(137_000n)
  expect(paying.gasUsed).toBeLessThan(120_000n)
})

test('after any sequence of deposits, withdrawals, failures and replays L2 holds what L1 locks', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('deposit' as const), amount: fc.bigInt(1n, 10n ** 24n) }),
    fc.record({ kind: fc.constant('withdraw' as const), amount: fc.bigInt(1n, 10n ** 24n) }),
    fc.record({ kind: fc.constantFrom('relay', 'starve', 'finalize', 'replay'), pick: fc.nat() }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 20 }), async (steps) => {
      const world = new Ledger()
      for (const each of steps) {
        if ('amount' in each) await world[each.kind](each.amount)
        else await world[each.kind](each.pick)
        await expectBacked(world.inFlight)
      }
      await world.drain()
      await expectBacked()
    }),
    { numRuns: 6, seed: 1 },
  )
})

interface Message<T> {
  readonly message: T
  readonly amount: bigint
}

/** What is under way between the chains, by plain bookkeeping. */
class Ledger {
  readonly #deposits: Message<Deposit>[] = []
  readonly #failed: Message<Deposit>[] = []
  readonly #withdrawals: Message<Withdrawal>[] = []
  readonly #done: Deposit[] = []

  get inFlight(): bigint {
    return [...this.#deposits, ...this.#failed, ...this.#withdrawals].reduce(
      (sum, { amount }) => sum + amount,
      0n,
    )
  }

  async deposit(amount: bigint): Promise<void> {
    this.#deposits.push({ message: await deposited(amount), amount })
  }

  async withdraw(wanted: bigint): Promise<void> {
    const balance = await onL2(alice.address)
    const amount = wanted < balance ? wanted : balance
    if (amount === 0n) return
    this.#withdrawals.push({ message: withdrawalOf(await withdrawToL1(amount)), amount })
  }

  async relay(pick: number): Promise<void> {
    const next = take(this.#deposits, pick)
    if (next === undefined) return this.#retry(pick)
    expect((await relayDeposit(bridge, next.message)).outcome).toBe('relayed')
    this.#done.push(next.message)
  }

  async starve(pick: number): Promise<void> {
    const next = take(this.#deposits, pick)
    if (next === undefined) return
    const { outcome } = await relayDeposit(bridge, next.message, { gas: 230_000n })
    expect(outcome).toBe('failed')
    this.#failed.push(next)
  }

  async finalize(pick: number): Promise<void> {
    const next = take(this.#withdrawals, pick)
    if (next === undefined) return
    expect((await relayWithdrawal(bridge, next.message)).status).toBe('success')
  }

  async replay(pick: number): Promise<void> {
    const done = this.#done[pick % this.#done.length]
    if (done === undefined) return
    const { outcome } = await relayDeposit(bridge, done, { sender: stranger.address, gas: enough })
    expect(outcome).toBe('reverted')
  }

  async drain(): Promise<void> {
    while (this.#deposits.length + this.#failed.length > 0) await this.relay(0)
    while (this.#withdrawals.length > 0) await this.finalize(0)
  }

  async #retry(pick: number): Promise<void> {
    const next = take(this.#failed, pick)
    if (next === undefined) return
    const options = { sender: stranger.address, gas: enough }
    expect((await relayDeposit(bridge, next.message, options)).outcome).toBe('relayed')
    this.#done.push(next.message)
  }
}

function take<T>(list: T[], pick: number): T | undefined {
  return list.splice(pick % Math.max(list.length, 1), 1)[0]
}
