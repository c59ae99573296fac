import { expect, test } from 'vitest'
import { createShutdown } from './shutdown.ts'

test('parts stop once, last first, and a failure does not keep the others running', async () => {
  const order: string[] = []
  const shutdown = createShutdown()
  shutdown.add('first', async () => {
    order.push('first')
  })
  shutdown.add('broken', async () => {
    throw new TypeError('stuck')
  })
  shutdown.add('last', async () => {
    order.push('last')
  })
  await expect(shutdown.run()).rejects.toThrow('some parts did not stop')
  await expect(shutdown.run()).rejects.toThrow('some parts did not stop')
  expect(order).toEqual(['last', 'first'])
})
