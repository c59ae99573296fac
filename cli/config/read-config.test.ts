import { expect, test } from 'vitest'
import { readConfig } from './read-config.ts'

test('defaults need no environment, other variables are ignored', () => {
  const config = readConfig({ HOME: 'x', PATH: 'y' })
  expect(config).toMatchObject({ workers: 2, finality: 3, seed: 1, dirIsGiven: false })
  expect(config.artifactsDir.startsWith(config.dir)).toBe(true)
  expect(Object.isFrozen(config)).toBe(true)
})

test('flags win over the environment', () => {
  const config = readConfig({ PROVENANT_SEED: '3' }, { PROVENANT_SEED: '4', PROVENANT_DIR: '/d' })
  expect(config).toMatchObject({ seed: 4, dir: '/d', dirIsGiven: true })
})

test('RPC URLs keep their order, and commands without WebSocket get the first over HTTP', () => {
  const config = readConfig({ PROVENANT_RPC_URL: 'ws://a:1/key, https://b ,http://c' })
  expect(config.rpcUrls).toEqual(['ws://a:1/key', 'https://b', 'http://c'])
  expect(config.rpcUrl).toBe('https://b')
  expect(readConfig({ PROVENANT_RPC_URL: 'ws://a' }).rpcUrl).toBeUndefined()
})

test('finality is a count or a tag of the node', () => {
  expect(readConfig({ PROVENANT_FINALITY: '12' })).toMatchObject({
    finality: 12,
    chainFinality: 12,
  })
  expect(readConfig({ PROVENANT_FINALITY: 'safe' })).toMatchObject({
    finality: 32,
    chainFinality: 'safe',
  })
})

test('limits of the RPC URLs are read', () => {
  expect(readConfig({ PROVENANT_RPC_RATE_LIMIT: '25' }).rpcLimits).toEqual({
    callsPerSecond: 25,
    inFlight: 10,
  })
})

test.each([
  ['PROVENANT_WORKERS', '0'],
  ['PROVENANT_WORKERS', 'many'],
  ['PROVENANT_DATABASE_URL', 'mysql://x'],
  ['PROVENANT_RPC_URL', 'not a url'],
  ['PROVENANT_RPC_URL', 'http://a,ftp://b'],
  ['PROVENANT_RPC_URL', 'http://a,,http://b'],
  ['PROVENANT_RPC_RATE_LIMIT', '0'],
  ['PROVENANT_GATEWAY_URL', 'ws://gateway'],
  ['PROVENANT_FINALITY', 'soon'],
  ['PROVENANT_FINALITY', '-1'],
  ['PROVENANT_FINALITY', '1.5'],
  ['PROVENANT_DEPLOYER_KEY', '0x12'],
  ['PROVENANT_LOG_LEVEL', 'loud'],
  ['PROVENANT_WORKRES', '2'],
])('%s=%s is refused and named', (variable, value) => {
  expect(() => readConfig({ [variable]: value })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      facts: expect.objectContaining({ variable: expect.stringContaining(variable) }),
    }),
  )
})
