import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { epochStream } from '../schema/events/streams.ts'
import type { Engine } from './create-engine.ts'
import {
  createEpochCloser,
  type EpochCloser,
  type EpochCloserOptions,
} from './create-epoch-closer.ts'
import { tinyEngine } from './testing/tiny-engine.fixture.ts'
import { tinyCalls, tinyUploads } from './testing/tiny-uploads.fixture.ts'
import { chainId, type TinyWorld, tinyWorld } from './testing/tiny-world.fixture.ts'

let world: TinyWorld
let engine: Engine
let stop: AbortController
let running: Promise<void> | undefined
let now: number

beforeEach(async () => {
  world = await tinyWorld(tinyUploads)
  await world.recordCalls(tinyCalls())
  engine = tinyEngine(world)
  stop = new AbortController()
  now = 0
})

afterEach(async () => {
  stop.abort()
  await running?.catch(() => undefined)
  await engine.close()
  await world[Symbol.asyncDispose]()
})

function start(options: Partial<EpochCloserOptions> = {}): EpochCloser {
  const closer = createEpochCloser({
    ...{ engine, eventLog: world.eventLog, artifacts: world.artifacts, chainId, pollMs: 10 },
    ...{ everyMs: 1000, now: () => now, logger: pino({ level: 'silent' }), ...options },
  })
  running = closer.run(stop.signal)
  return closer
}

const closedEpochs = () =>
  world.eventLog.events.filter(({ stream }) => stream === epochStream(chainId)).length

const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5)
}

test('it indexes the model, closes an epoch, and the next one only when that is old enough', async () => {
  const closed: number[] = []
  const closer = start({ onClosed: (calls) => closed.push(calls) })
  await until(() => closedEpochs() === 1 && closer.status().state === 'waiting')
  expect(closer.status()).toMatchObject({
    ...{ lastEpoch: '1', openCalls: 0, epochsClosed: 1, modelsIndexed: 1, failures: 0 },
  })
  // The log of this world dates everything 1970.
  now = 999
  await world.recordCalls(tinyCalls().slice(0, 2))
  await until(() => closer.status().openCalls === 2 && closer.status().state === 'waiting')
  await sleep(50)
  expect(closedEpochs()).toBe(1)
  now = 1000
  await until(() => closedEpochs() === 2)
  await until(() => closer.status().state === 'waiting')
  expect(closer.status().lastEpoch).toBe('2')
  expect(closed).toEqual([8, 2])
})

test('it waits for as many calls as an epoch needs', async () => {
  const closer = start({ minCalls: 9 })
  await until(() => closer.status().openCalls === 8 && closer.status().state === 'waiting')
  await sleep(50)
  expect(closedEpochs()).toBe(0)
  await world.recordCalls(tinyCalls().slice(0, 1))
  await until(() => closedEpochs() === 1)
})

test('a log that is down is tried again, and says so meanwhile', async () => {
  world.eventLog.failAfter(0)
  const closer = start()
  await until(() => closer.status().state === 'retrying')
  expect(closer.status()).toMatchObject({ lastError: 'EVENT_LOG_UNAVAILABLE', failures: 1 })
  world.eventLog.failAfter(Number.POSITIVE_INFINITY)
  await until(() => closedEpochs() === 1 && closer.status().state === 'waiting')
  expect(closer.status().lastError).toBeUndefined()
})

test('an error that no retry cures ends it', async () => {
  const broken = { ...engine, status: () => Promise.reject(new TypeError('a bug')) }
  const closer = start({ engine: broken })
  await expect(running).rejects.toThrow('a bug')
  expect(closer.status().state).toBe('stopped')
})
