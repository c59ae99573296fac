import { expect, test } from 'vitest'
import type { ProjectorStatus } from './create-projector.ts'
import { createProjectorMetrics } from './projector-metrics.ts'

const status: ProjectorStatus = {
  ...{ state: 'running', position: 70n, events: 9, eventsPerSecond: 1.5, caughtUp: true },
  ...{ restarts: 0, deadLetters: 2, revision: 4n, createdAt: 1_000_000, delaySeconds: 0.25 },
}

const endsAt = (position: bigint, revision: bigint) => ({
  readLast: async () => ({ position, revision }) as never,
})

test('refused events and the lag are told per chain', async () => {
  const metrics = createProjectorMetrics('read-model', { now: () => 1_003_000 })
  const text = await metrics.render([
    { chainId: 5, status, eventLog: endsAt(90n, 11n) },
    { chainId: 6, status, eventLog: endsAt(70n, 4n) },
    { chainId: 7, status, eventLog: { readLast: () => Promise.reject(new Error('down')) } },
  ])
  const labels = (chain: number) => `{chain="${chain}",projection="read-model"}`
  for (const line of [
    `dead_letters_total${labels(5)} 2`,
    `events_total${labels(5)} 9`,
    `position${labels(5)} 70`,
    `lag_events${labels(5)} 7`,
    `behind_seconds${labels(5)} 3`,
    `lag_events${labels(6)} 0`,
    `behind_seconds${labels(6)} 0`,
    `lag_seconds${labels(7)} 0.25`,
    `events_per_second${labels(7)} 1.5`,
  ])
    expect(text).toContain(`provenant_projector_${line}\n`)
  expect(text).not.toContain(`lag_events${labels(7)}`)
})
