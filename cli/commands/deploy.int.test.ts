import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDeployment } from '../../schema/deployment.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { runCli } from '../../test/support/run-cli.ts'
import type { Anvil } from '../services/start-anvil.ts'

/** Anvil's first two accounts, which have funds. */
const keys = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
]
const account = (digit: string) => `0x${digit.repeat(40)}`
const settings = {
  ...{ admin: account('1'), operator: account('2'), epochPoster: account('3') },
  ...{ guardian: account('4'), disputeWindow: 3600, thawPeriod: '3600' },
  minBond: '1000000000000000000',
}

let anvil: Anvil
let dir: string

beforeAll(async () => {
  anvil = await startTestChain()
  dir = await mkdtemp(join(tmpdir(), 'provenant-deploy-'))
  await Promise.all(keys.map((key, i) => writeFile(join(dir, `key-${i}`), key)))
  await writeFile(join(dir, 'settings.json'), JSON.stringify(settings))
  await writeFile(join(dir, 'other.json'), JSON.stringify({ ...settings, disputeWindow: 7200 }))
})

afterAll(async () => {
  await anvil.close()
  await rm(dir, { recursive: true, force: true })
})

interface Printed {
  readonly addresses: Record<string, string>
  readonly missing: readonly string[]
  readonly stepsRun?: number
  readonly error?: { readonly code: string; readonly facts: Record<string, unknown> }
}

async function deploy(config: string, out: string, ...more: string[]) {
  const files = ['--config', join(dir, config), '--out', join(dir, out)]
  const flags = ['--rpc', anvil.url, ...files, '--json', ...more]
  const { code, stdout } = await runCli(['deploy', ...flags])
  return { code, ...(JSON.parse(stdout) as Printed) }
}

test('deploys once, keeps what is there and says when settings differ', async () => {
  const key = (i: number) => ['--key-file', join(dir, `key-${i}`)]
  const dry = await deploy('settings.json', 'chain.json', '--dry-run')
  expect(dry.code).toBe(0)
  expect(dry.missing[0]).toBe('create access')
  await expect(readFile(join(dir, 'chain.json'))).rejects.toThrow('ENOENT')

  const first = await deploy('settings.json', 'chain.json', ...key(0))
  expect(first).toMatchObject({ code: 0, stepsRun: dry.missing.length, missing: [] })
  expect(first.addresses).toEqual(dry.addresses)
  const written = parseDeployment(JSON.parse(await readFile(join(dir, 'chain.json'), 'utf8')))
  expect(written).toMatchObject({ chainId: anvil.chainId, addresses: first.addresses })
  const inputs = await readdir(join(dir, `${anvil.chainId}.verification`))
  expect(inputs).toEqual(expect.arrayContaining(['index.json', 'InferenceLedger.json']))

  const again = await deploy('settings.json', 'chain.json', ...key(1))
  expect(again).toMatchObject({ code: 0, stepsRun: 0, addresses: first.addresses })

  const other = await deploy('other.json', 'chain.json', ...key(0))
  expect(other).toMatchObject({ code: 4, error: { code: 'DEPLOYMENT_DIFFERS' } })
  const apart = await deploy('other.json', 'other-chain.json', ...key(0))
  expect(apart.stepsRun).toBe(dry.missing.length)
  for (const [name, address] of Object.entries(apart.addresses))
    expect(address).not.toBe(first.addresses[name])
}, 120_000)

test('names the field of the settings that is wrong', async () => {
  await writeFile(join(dir, 'bad.json'), JSON.stringify({ ...settings, minBond: '-1' }))
  const bad = await deploy('bad.json', 'chain.json', '--dry-run')
  expect(bad).toMatchObject({
    code: 3,
    error: { code: 'DEPLOY_SETTINGS_INVALID', facts: { field: 'minBond' } },
  })
}, 60_000)
