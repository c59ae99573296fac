import { describe, expect, it } from 'vitest'
import { chainFacts } from './chain-facts.ts'
import { copiedRows } from './copied-rows.ts'
import { readDemoDatanets } from './demo-datanets.ts'
import { natspecFacts } from './natspec-facts.ts'
import { longestRow } from './row-types.ts'

const { datanets } = readDemoDatanets({ seed: 7 })
const rowsOf = (index: number) => datanets[index]!.contributors.flatMap(({ rows }) => rows)
const facts = [chainFacts(), natspecFacts()]

describe('the rows of the demo', () => {
  it('are at least 3,000 in two datanets from at least six authors, a copier and a garbage maker', () => {
    expect(datanets).toHaveLength(2)
    expect(rowsOf(0).length + rowsOf(1).length).toBeGreaterThanOrEqual(3000)
    const roles = datanets.flatMap(({ contributors }) => contributors.map(({ role }) => role))
    expect(roles.filter((role) => role === 'author').length).toBeGreaterThanOrEqual(6)
    expect(roles.filter((role) => role === 'copier')).toHaveLength(1)
    expect(roles.filter((role) => role === 'garbage')).toHaveLength(1)
  })

  it('are printable ASCII and fit the context with their separator', () => {
    for (const { question, answer } of [...rowsOf(0), ...rowsOf(1)]) {
      expect(`${question}${answer}`).toMatch(/^[\x20-\x7e]+$/)
      expect(question.length + answer.length).toBeLessThanOrEqual(longestRow)
      expect(question.trim()).toBe(question)
      expect(answer.trim()).toBe(answer)
      expect(answer).not.toBe('')
    }
  })

  it('come out the same twice and differently for another seed', () => {
    expect(readDemoDatanets({ seed: 7 })).toEqual({ datanets })
    expect(readDemoDatanets({ seed: 8 })).not.toEqual({ datanets })
  })

  it('hold every fact once per wording and never the wording that is asked', () => {
    for (const [index, datanet] of datanets.entries()) {
      const authors = datanet.contributors.filter(({ role }) => role === 'author')
      const questions = authors.flatMap(({ rows }) => rows.map(({ question }) => question))
      expect(new Set(questions).size).toBe(questions.length)
      const all = new Set(rowsOf(index).map(({ question }) => question))
      for (const { question, answer, contributor, trueRows } of datanet.questions.paraphrases) {
        expect(all.has(question)).toBe(false)
        expect(trueRows.length).toBeGreaterThan(0)
        const { rows } = authors.find(({ name }) => name === contributor)!
        for (const row of trueRows) expect(rows[row]!.answer).toBe(answer)
      }
    }
  })

  it('leave out every wording of the facts that are held out', () => {
    for (const [index, datanet] of datanets.entries()) {
      const all = new Set(rowsOf(index).map(({ question }) => question.toLowerCase()))
      expect(datanet.questions.heldOut.length).toBeGreaterThanOrEqual(60)
      for (const { question, contributor } of datanet.questions.heldOut) {
        const fact = facts[index]!.find(({ questions }) => questions.includes(question))!
        expect(fact.contributor).toBe(contributor)
        for (const wording of fact.questions) expect(all.has(wording.toLowerCase())).toBe(false)
      }
    }
  })

  it('take the true row of a question from a row about the same fact', () => {
    for (const [index, datanet] of datanets.entries()) {
      for (const { question, contributor, trueRows } of datanet.questions.paraphrases) {
        const fact = facts[index]!.find(({ questions }) => questions.includes(question))!
        const { rows } = datanet.contributors.find(({ name }) => name === contributor)!
        for (const row of trueRows) expect(fact.questions).toContain(rows[row]!.question)
      }
    }
  })
})

describe('copied rows', () => {
  it('keep the answers and change at most a few bytes of the questions', () => {
    const originals = rowsOf(0).slice(0, 200)
    const copies = copiedRows(originals, 40, 3)
    expect(copies).toHaveLength(40)
    for (const copy of copies) {
      const source = originals.some(
        ({ question, answer }) =>
          answer === copy.answer && Math.abs(question.length - copy.question.length) <= 1,
      )
      expect(source).toBe(true)
    }
    const verbatim = copies.filter((copy) =>
      originals.some(({ question }) => question === copy.question),
    )
    expect(verbatim.length).toBeGreaterThanOrEqual(10)
    expect(verbatim.length).toBeLessThan(40)
  })
})
