import { expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/support/database.ts'
import { measureDay } from './measure-day.ts'

test('twenty minutes of chain, its forks and a restarted node are in the tables as they were', async () => {
  const databases: AsyncDisposable[] = []
  const database = {
    async create() {
      const created = await createTestDatabase()
      databases.push(created)
      return created.url
    },
    async [Symbol.asyncDispose]() {
      for (const created of databases) await created[Symbol.asyncDispose]()
    },
  }
  const { results, peakRssMb } = await measureDay(() => undefined, { blocks: 600, database })
  expect(results.verdict).toBeUndefined()
  expect(results.verified).toBe(true)
  expect(results.facts).toBeGreaterThan(600)
  expect(results.deepReorgs).toBeGreaterThanOrEqual(2)
  expect(results.revertedBlocks).toBeGreaterThanOrEqual(51)
  expect(results.chainHours).toBeGreaterThan(0.33)
  expect(peakRssMb).toBeLessThan(400)
}, 180_000)
