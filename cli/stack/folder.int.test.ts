import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { planDeployment } from '../../contracts/deploy/plan-deployment.ts'
import { readDeployment } from '../chain/read-deployment.ts'
import { readKeyFile } from '../chain/read-key-file.ts'
import { keepChainId } from './keep-chain-id.ts'
import { lockStack } from './lock-stack.ts'

const made: string[] = []
let dir: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-folder-'))
  made.push(dir)
})

afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))))

test('a folder is locked while the process that holds it lives', async () => {
  const lock = join(dir, 'up.lock')
  await writeFile(lock, String(process.ppid))
  await expect(lockStack(dir)).rejects.toMatchObject({ code: 'STACK_RUNNING' })
  await writeFile(lock, '4194304')
  const unlock = await lockStack(dir)
  await unlock()
  await writeFile(lock, 'torn')
  await (await lockStack(dir))()
})

test('a folder keeps its chain id and refuses another one', async () => {
  const drawn = await keepChainId(dir, undefined)
  expect(await keepChainId(dir, undefined)).toBe(drawn)
  expect(await keepChainId(dir, drawn)).toBe(drawn)
  await expect(keepChainId(dir, drawn + 1)).rejects.toMatchObject({ code: 'WRONG_CHAIN_ID' })
})

test('a key file holds one key, and a wrong one is not printed', async () => {
  const path = join(dir, 'key')
  await writeFile(path, `0x${'0'.repeat(63)}1\n`)
  expect((await readKeyFile(path)).address).toBe('0x7e5f4552091a69125d5dfcb7b8c2659029395bdf')
  await writeFile(path, 'secret words')
  const refusal = await readKeyFile(path).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'KEY_FILE_INVALID' })
  expect(refusal).not.toHaveProperty('cause')
  expect(String(refusal)).not.toContain('secret')
  await expect(readKeyFile(join(dir, 'none'))).rejects.toMatchObject({ code: 'KEY_FILE_INVALID' })
})

test('a deployment of another chain is refused', async () => {
  const path = join(dir, 'deployment.json')
  const account = (digit: string) => `0x${digit.repeat(40)}` as const
  const { addresses } = planDeployment({
    ...{ admin: account('1'), operator: account('2'), epochPoster: account('3') },
    ...{ guardian: account('4'), disputeWindow: 1n, thawPeriod: 1n },
  })
  await writeFile(path, JSON.stringify({ chainId: 7, blockNumber: 1, addresses }))
  expect(await readDeployment(7, path)).toMatchObject({ chainId: 7, blockNumber: 1 })
  for (const [chainId, file] of [
    [8, path],
    [7, join(dir, 'none')],
    [7, undefined],
  ] as const)
    await expect(readDeployment(chainId, file)).rejects.toMatchObject({
      code: 'DEPLOYMENT_INVALID',
    })
})
