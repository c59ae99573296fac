import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChains } from './read-chains.ts'

let dir: string

const variable = (name: string) => `$${'{'}${name}}`

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'provenant-chains-'))
})

afterAll(() => rm(dir, { recursive: true }))

async function read(value: unknown, environment = {}) {
  const file = join(dir, 'chains.json')
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value))
  return readChains(file, environment)
}

test('several chains come with their defaults, keys from the environment and paths by the file', async () => {
  const chains = [
    {
      chainId: 1,
      rpcUrl: [`https://a.test/${variable('NODE_KEY')}`, 'wss://b.test'],
      finality: 'finalized',
    },
    {
      chainId: 2,
      rpcUrl: 'http://c.test',
      deployment: 'two.json',
      rateLimit: 5,
      databaseUrl: 'postgres://d/two',
    },
  ]
  expect(await read({ chains }, { NODE_KEY: 'secret' })).toEqual([
    {
      ...{ chainId: 1, rpcUrls: ['https://a.test/secret', 'wss://b.test'] },
      ...{ finality: 'finalized', rpcLimits: { inFlight: 10 } },
      ...{ gatewayUrl: undefined, databaseUrl: undefined, deploymentFile: undefined },
    },
    {
      ...{ chainId: 2, rpcUrls: ['http://c.test'], finality: 3 },
      rpcLimits: { inFlight: 10, callsPerSecond: 5 },
      ...{ gatewayUrl: undefined, deploymentFile: join(dir, 'two.json') },
      databaseUrl: 'postgres://d/two',
    },
  ])
})

const good = { chainId: 1, rpcUrl: 'http://a.test' }
const stored = { ...good, databaseUrl: 'postgres://a/b' }

test.each([
  ['no JSON', '{', undefined],
  ['no chain', { chains: [] }, 'chains'],
  ['a chain twice', { chains: [good, good] }, 'chainId'],
  ['one database for two chains', { chains: [stored, { ...stored, chainId: 2 }] }, 'databaseUrl'],
  ['a field nobody knows', { chains: [{ ...good, rpc: 'x' }] }, 'chains.0.rpc'],
  ['a URL of another kind', { chains: [{ ...good, rpcUrl: 'ftp://a' }] }, 'chains.0.rpcUrl.0'],
  ['a variable that is not set', { chains: [{ ...good, rpcUrl: [variable('NO')] }] }, undefined],
])('%s is refused', async (_, value, field) => {
  const refused = await read(value).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'CONFIG_INVALID', facts: { variable: 'PROVENANT_CHAINS' } })
  if (field !== undefined) expect(refused).toMatchObject({ facts: { field } })
})
