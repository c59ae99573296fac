import { expect, test } from 'vitest'
import { reasonFor, staleSurvivors } from './known-survivors.ts'
import type { Mutant } from './mutant.ts'
import { createMutationReport, isGoodEnough } from './mutation-report.ts'
import { renderMutationReport } from './render-mutation-report.ts'
import type { Outcome } from './test-mutant.ts'

function mutant(line: number): Mutant {
  const edit = { operator: 'logic', start: line, end: line, replacement: '' } as const
  return {
    id: `Escrow.sol:${line}:7:logic`,
    file: 'Escrow.sol',
    line,
    column: 7,
    operator: 'logic',
    scope: 'charge',
    original: `a${line} && b`,
    mutated: `a${line} || b`,
    edit: { ...edit, shown: { start: line, end: line } },
  }
}

function entry(line: number, shift = 0) {
  const { scope, original, mutated } = mutant(line)
  const id = mutant(line + shift).id
  return { id, scope, original, mutated, reason: 'both sides are the same number here' }
}

function reportOf(outcomes: readonly Outcome[], known: readonly ReturnType<typeof entry>[] = []) {
  return createMutationReport({
    outcomes: new Map(outcomes.map((outcome, line) => [mutant(line), outcome])),
    known,
    generated: 100,
    seed: '1',
    seconds: 12.4,
  })
}

const killed: Outcome = { kind: 'killed', by: 'T.t' }
const survived: Outcome = { kind: 'survived' }

test('what does not compile counts nowhere, what never ends is killed', () => {
  const report = reportOf([killed, { kind: 'timeout' }, { kind: 'invalid', by: 'type' }, survived])
  expect(report).toMatchObject({ mutants: 3, killed: 2, invalid: 1, timeouts: 1, rate: 0.6666 })
  expect(report.byFile).toEqual({ 'Escrow.sol': { mutants: 3, killed: 2 } })
})

test('the rate is never rounded up to the goal', () => {
  const outcomes = [...Array<Outcome>(18_999).fill(killed), ...Array<Outcome>(1001).fill(survived)]
  expect(reportOf(outcomes).rate).toBeLessThan(0.95)
})

test('a survivor carries its reason, wherever its line has moved', () => {
  const report = reportOf([killed, survived], [entry(1, 40)])
  expect(report.survivors).toMatchObject([{ line: 1, reason: entry(1).reason }])
})

test('a reason is void once the code it was written for has changed', () => {
  const changed = { ...entry(1), original: 'a1 && c' }
  expect(reasonFor([changed], mutant(1))).toBeUndefined()
  expect(staleSurvivors([changed, entry(2)], [mutant(1), mutant(2)])).toEqual([changed])
})

test('too few kills are accepted only if every survivor is explained', () => {
  expect(isGoodEnough(reportOf([killed, survived]))).toBe(false)
  expect(isGoodEnough(reportOf([killed, survived], [entry(1)]))).toBe(true)
  expect(isGoodEnough(reportOf([...Array<Outcome>(19).fill(killed), survived]))).toBe(true)
})

test('the text shows each survivor with its change and its reason or that it lacks one', () => {
  const text = renderMutationReport(reportOf([survived, survived], [entry(0)]))
  expect(text).toContain('SURVIVED Escrow.sol:0:7:logic (charge)\n  - a0 && b\n  + a0 || b')
  expect(text).toContain('both sides are the same number here')
  expect(text).toContain('no test notices it')
  expect(text).toContain('0 of 2 killed: 0.0 % (goal 95 %)')
})
