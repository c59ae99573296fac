import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { type RunState, readRunState, removeRunState, writeRunState } from './run-state.ts'

const address: Hex = `0x${'ab'.repeat(20)}`
const state: RunState = {
  pid: process.pid,
  seed: 1,
  chainId: 7,
  finality: 3,
  workers: 2,
  rpcUrl: 'http://127.0.0.1:1',
  development: true,
  databaseUrl: 'postgresql://x',
  eventLogUrl: 'esdb://x',
  artifactsDir: '/a',
  apiUrl: 'http://127.0.0.1:2',
  gatewayUrl: 'http://127.0.0.1:3',
  gpuUrl: 'http://127.0.0.1:4',
  healthUrl: 'http://127.0.0.1:5/health',
  deployment: {
    chainId: 7,
    blockNumber: 1,
    addresses: {
      ...{ token: address, datanets: address, models: address, escrow: address },
      ...{ ledger: address, rewards: address, access: address, staking: address },
      ...{ disputes: address, faults: address, votes: address },
      ...{ governor: address, timelock: address, proposals: address },
    },
  },
}

test('a state is read back while its process lives', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'provenant-state-'))
  try {
    await expect(readRunState(dir)).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' })
    await writeRunState(dir, state)
    expect(await readRunState(dir)).toEqual(state)
    await writeRunState(dir, { ...state, pid: 4_194_304 })
    await expect(readRunState(dir)).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' })
    await writeFile(join(dir, 'provenant.json'), '{ torn')
    await expect(readRunState(dir)).rejects.toMatchObject({ code: 'STACK_NOT_RUNNING' })
    await removeRunState(dir)
    await removeRunState(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
