import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createAdapterPool } from './adapter-pool.ts'

it('evicts the least recently used adapter', () => {
  const pool = createAdapterPool(2)
  const use = (key: string) => {
    const lease = pool.acquire(key)!
    pool.release(lease.row)
    return lease
  }
  const a = use('a')
  const b = use('b')
  use('a')
  expect(use('c')).toEqual({ row: b.row, fresh: true })
  expect(use('a')).toEqual({ row: a.row, fresh: false })
  expect(pool.stats()).toEqual({ hits: 2, misses: 3, evictions: 1, resident: 2 })
})

it('makes a newcomer wait while every row is in use', () => {
  const pool = createAdapterPool(1)
  const { row } = pool.acquire('a')!
  expect(pool.acquire('b')).toBeUndefined()
  pool.release(row)
  expect(pool.acquire('b')).toEqual({ row, fresh: true })
})

it('forgets an adapter that could not be loaded', () => {
  const pool = createAdapterPool(1)
  pool.discard(pool.acquire('broken')!.row)
  expect(pool.acquire('broken')?.fresh).toBe(true)
})

it('never gives a row in use to another adapter, whatever the order of requests', () => {
  const operations = fc.array(
    fc.record({ key: fc.integer({ min: 0, max: 7 }), release: fc.boolean(), pick: fc.nat() }),
    { maxLength: 200 },
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), operations, (rows, steps) => {
      const pool = createAdapterPool(rows)
      const content = new Map<number, string>()
      const held: { row: number; key: string }[] = []
      for (const { key, release, pick } of steps) {
        if (release && held.length > 0) {
          pool.release(held.splice(pick % held.length, 1)[0]!.row)
          continue
        }
        const lease = pool.acquire(String(key))
        if (lease === undefined) {
          expect(new Set(held.map((use) => use.row)).size).toBe(rows)
          continue
        }
        expect(lease.row).toBeGreaterThanOrEqual(1)
        expect(lease.row).toBeLessThanOrEqual(rows)
        if (lease.fresh) content.set(lease.row, String(key))
        held.push({ row: lease.row, key: String(key) })
        for (const use of held) expect(content.get(use.row)).toBe(use.key)
      }
    }),
    { seed: 11 },
  )
})
