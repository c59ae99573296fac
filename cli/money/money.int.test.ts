import { afterAll, beforeAll, expect, test } from 'vitest'
import { deployContracts } from '../../contracts/deploy.ts'
import type { Deployment } from '../../schema/deployment.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { type ChainConnection, connectChain } from '../chain/connect-chain.ts'
import { deriveKey } from '../chain/derive-key.ts'
import { createDevChain } from '../chain/dev-chain.ts'
import type { Anvil } from '../services/start-anvil.ts'
import { roleKeys } from '../stack/role-keys.ts'
import { deposit } from './deposit.ts'
import { readBalance } from './read-balance.ts'
import { transferTokens } from './transfer-tokens.ts'

const keys = roleKeys(1)
const payer = deriveKey(1, 'payer')
let anvil: Anvil
let chain: ChainConnection
let deployment: Deployment

beforeAll(async () => {
  anvil = await startTestChain()
  chain = await connectChain(anvil.url, anvil.chainId)
  await createDevChain(chain).fund([keys.deployer.address, keys.admin.address, payer.address])
  deployment = await deployContracts({
    walletClient: chain.wallet(keys.deployer.privateKey),
    publicClient: chain.publicClient,
    admin: keys.admin.address,
    operator: keys.operator.address,
    epochPoster: keys.epochPoster.address,
    guardian: keys.guardian.address,
    disputeWindow: 60n,
    thawPeriod: 60n,
  })
})

afterAll(() => anvil?.close())

test('tokens move from holder to payer to escrow', async () => {
  await transferTokens({
    ...{ chain, deployment, from: chain.wallet(keys.admin.privateKey) },
    ...{ to: payer.address, amount: 100n },
  })
  await deposit({
    ...{ chain, deployment, payer: chain.wallet(payer.privateKey) },
    ...{ operator: keys.operator.address, amount: 60n },
  })
  expect(await readBalance(chain, deployment, payer.address)).toBe(40n)
  expect(await readBalance(chain, deployment, deployment.addresses.escrow)).toBe(60n)
})

test('a refused transaction is a coded error that names the function', async () => {
  await expect(
    deposit({
      ...{ chain, deployment, payer: chain.wallet(payer.privateKey) },
      ...{ operator: keys.operator.address, amount: 1000n },
    }),
  ).rejects.toMatchObject({ code: 'TRANSACTION_FAILED', facts: { function: 'deposit' } })
})

test('a node with another chain id is refused', async () => {
  await expect(connectChain(anvil.url, 1)).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
  await expect(connectChain('http://127.0.0.1:1')).rejects.toMatchObject({
    code: 'NODE_UNAVAILABLE',
    retryable: true,
  })
})
