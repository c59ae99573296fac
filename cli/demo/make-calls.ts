import { privateKeyToAccount } from 'viem/accounts'
import { createPayerClient } from '../../gateway/client.ts'
import type { Hex } from '../../schema/events/event.ts'
import { fundPayer } from '../money/fund-payer.ts'
import type { Stack } from '../stack/start-stack.ts'
import type { KnownCall } from './attribution-figures.ts'
import type { DemoAccounts } from './demo-accounts.ts'
import type { PlannedCall } from './plan-calls.ts'
import { seededBytes } from './seeded-bytes.ts'

/** A call that was answered and paid. */
export interface MadeCall extends KnownCall {
  readonly requestHash: Hex
  readonly citations: number
  readonly tokensIn: number
  readonly tokensOut: number
}

/** Tokens of prompt and answer together that the bundled model can hold. */
const context = 96

/** What every payer of the demo puts into escrow. */
const escrowed = 10n * 10n ** 18n

/** Gives the payers tokens and puts them into escrow for the operator. */
export async function fundPayers(stack: Stack, accounts: DemoAccounts): Promise<void> {
  const { chain } = stack.services
  const { deployment, keys } = stack
  const treasury = chain.wallet(keys.admin.privateKey)
  const operator = keys.operator.address
  for (const { privateKey } of accounts.payers) {
    const payer = chain.wallet(privateKey)
    await fundPayer({ chain, deployment, treasury, payer, operator, amount: escrowed })
  }
}

/** Asks all questions of an epoch, each payer one after the other, and settles them on-chain. */
export async function makeCalls(options: {
  stack: Stack
  accounts: DemoAccounts
  calls: readonly PlannedCall[]
  seed: number
  signal: AbortSignal
  onProgress: (done: number, total: number) => void
}): Promise<readonly MadeCall[]> {
  const { stack, accounts, calls, signal } = options
  const made: MadeCall[] = new Array(calls.length)
  let done = 0
  await Promise.all(
    accounts.payers.map(async ({ privateKey }, payer) => {
      const client = createPayerClient({
        gatewayUrl: stack.gateway.url,
        account: privateKeyToAccount(privateKey),
        randomBytes: seededBytes(options.seed, `nonces of payer ${payer}`),
      })
      // The two models are two lanes: they run side by side, calls of one lane in turn.
      const own = [...calls.entries()].filter(([index]) => index % accounts.payers.length === payer)
      const models = [...new Set(own.map(([, call]) => call.model))]
      await Promise.all(
        models.map(async (model) => {
          for (const [index, call] of own) {
            if (call.model !== model) continue
            signal.throwIfAborted()
            // The model answers in whole sentences: everything that its context of 96 bytes leaves.
            const maxTokens = context - Buffer.byteLength(call.question)
            const answer = await client.ask(call.model, call.question, { maxTokens })
            const { requestHash, citations, tokensIn, tokensOut } = answer.provenance
            made[index] = {
              ...call,
              givenAnswer: answer.text.trim(),
              ...{ requestHash, tokensIn, tokensOut, citations: citations.length },
            }
            done += 1
            options.onProgress(done, calls.length)
          }
        }),
      )
    }),
  )
  await stack.gateway.flush()
  return made
}
