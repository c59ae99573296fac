import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstLive } from './first-live.ts'
import { noLimits } from './stream-limits.ts'

const events = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 4 }), wait: fc.nat(5_000) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let revision = -1
    let created = 0
    return steps.map(({ gap, wait }) => {
      revision += gap
      created += wait
      return { revision, created }
    })
  })

it('finds what a look at every event would find, in logarithmic many looks', async () => {
  const arbitrary = fc.record({
    events,
    from: fc.nat(80),
    truncateBefore: fc.nat(80),
    maxCount: fc.option(fc.integer({ min: 1, max: 80 }), { nil: undefined }),
    maxAgeSeconds: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    now: fc.nat(200_000),
  })
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ events: all, from, now, ...limits }) => {
      const head = all.at(-1)!.revision
      let looks = 0
      const findNext = (_: unknown, at: number) => {
        looks += 1
        return Promise.resolve(all.find(({ revision }) => revision >= at))
      }
      const state = {
        id: 1,
        name: 's',
        head,
        limits: { ...noLimits, ...limits },
        tombstoned: false,
      }
      const first = await firstLive({ findNext }, state, from, now)

      const { truncateBefore, maxCount = Number.POSITIVE_INFINITY, maxAgeSeconds } = limits
      const live = all.filter(
        ({ revision, created }) =>
          revision >= from &&
          revision >= truncateBefore &&
          revision > head - maxCount &&
          (maxAgeSeconds === undefined || created >= now - maxAgeSeconds * 1000),
      )
      expect(all.filter(({ revision }) => revision >= first)).toEqual(live)
      expect(looks).toBeLessThanOrEqual(Math.ceil(Math.log2(head + 2)) + 2)
    }),
    { numRuns: 500, seed: 10 },
  )
})
