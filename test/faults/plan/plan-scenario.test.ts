import { describe, expect, test } from 'vitest'
import { kinds } from './kinds.ts'
import { planScenario } from './plan-scenario.ts'

const run = (seed: number, scenarios = 200) =>
  Array.from({ length: scenarios }, (_, id) => planScenario(seed, id))
const steps = run(1).flatMap(({ steps: all }) => all)
const done = (what: string) => steps.filter((step) => step.do === what)

test('a scenario follows from seed and id alone and survives being printed', () => {
  expect(planScenario(4, 31)).toEqual(run(4, 32)[31])
  expect(JSON.parse(JSON.stringify(planScenario(4, 31)))).toEqual(planScenario(4, 31))
  expect(planScenario(5, 31)).not.toEqual({ ...planScenario(4, 31), seed: 5 })
})

test('the kinds take turns and have names of their own', () => {
  const names = run(9, kinds.length).map(({ kind }) => kind)
  expect(names).toEqual(kinds.map(({ name }) => name))
  expect(new Set(names).size).toBe(kinds.length)
})

describe('a run of 200 scenarios', () => {
  test('kills every part, PostgreSQL as a whole and in part, and restarts the node', () => {
    const killed = done('kill').flatMap((step) => (step.do === 'kill' ? [step.who] : []))
    expect(new Set(killed)).toEqual(new Set(['indexer', 'event-log', 'projector']))
    const struck = done('kill-postgres').flatMap((s) => (s.do === 'kill-postgres' ? [s.what] : []))
    expect(new Set(struck)).toEqual(new Set(['server', 'backend']))
    expect(done('restart-node').length).toBeGreaterThan(10)
  })

  test('forks in every shape, from one block to two hundred, over every transport', () => {
    const forks = run(1).flatMap(({ setup, steps: all }) =>
      all.flatMap((step) =>
        step.do === 'reorg' ? [{ ...step, over: setup.transport, finality: setup.finality }] : [],
      ),
    )
    for (const shape of ['same', 'longer', 'shorter'])
      for (const over of ['http', 'ws', 'ws+http'])
        expect(forks.filter((fork) => fork.shape === shape && fork.over === over)).not.toEqual([])
    const depths = forks.map(({ depth }) => depth)
    expect(Math.min(...depths)).toBe(1)
    expect(Math.max(...depths)).toBeGreaterThan(150)
    expect(forks.filter(({ depth, finality }) => depth > Number(finality)).length).toBeGreaterThan(
      9,
    )
  })

  test('has every failure of a provider, clocks of all, full disks and broken links', () => {
    const faults = done('rpc').flatMap((step) => (step.do === 'rpc' ? [step.faults] : []))
    const ways = new Set(faults.flatMap((fault) => Object.keys(fault)))
    for (const way of ['tooManyRequests', 'serverError', 'hang', 'truncated', 'dropped', 'down'])
      expect(ways).toContain(way)
    for (const way of ['rangeLimit', 'callsPerSecond', 'shuffledBatch', 'shuffledLogs', 'lag'])
      expect(ways).toContain(way)
    for (const what of ['heads', 'chain-clock', 'process-clock', 'disk', 'cut', 'hold', 'freeze'])
      expect(done(what)).not.toEqual([])
    expect(done('rival')).not.toEqual([])
  })
})
