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

test.each([
  ['PROVENANT_WORKERS', '0'],
  ['PROVENANT_WORKERS', 'many'],
  ['PROVENANT_DATABASE_URL', 'mysql://x'],
  ['PROVENANT_RPC_URL', 'not a url'],
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
