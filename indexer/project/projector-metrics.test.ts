import { expect, test } from 'vitest'
import { createProjectorMetrics } from './projector-metrics.ts'

test('refused events are counted beside everything else', async () => {
  const metrics = createProjectorMetrics('read-model')
  const text = await metrics.render({
    status: () => ({
      ...{ state: 'running', position: 7n, events: 9, caughtUp: true, restarts: 0, deadLetters: 2 },
    }),
  })
  expect(text).toContain('provenant_projector_dead_letters_total{projection="read-model"} 2')
  expect(text).toContain('provenant_projector_events_total{projection="read-model"} 9')
  expect(text).toContain('provenant_projector_position{projection="read-model"} 7')
})
