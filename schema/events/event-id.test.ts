import { expect, test } from 'vitest'
import { eventId } from './event-id.ts'

test('ids are stable, distinct and well-formed UUIDs of version 5', () => {
  const id = eventId([1, '0xab', 0, 0])
  expect(id).toBe(eventId([1, '0xab', 0, 0]))
  expect(id).not.toBe(eventId([1, '0xab', 0, 1]))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
