import {
  createSeededRandom,
  type SeededRandom,
  shuffled,
} from '../../../gpu/training/seeded-random.ts'
import { copiedRows } from './copied-rows.ts'
import { garbageRows } from './garbage-rows.ts'
import type { DemoContributor, DemoDatanet, DemoFact, DemoQuestion, Row } from './row-types.ts'

export interface DatanetPlan {
  readonly name: string
  readonly summary: string
  readonly facts: readonly DemoFact[]
  readonly seed: number
  /** Facts that are uploaded, per kind; `*` stands for all kinds together. */
  readonly uploaded: Readonly<Record<string, number>>
  /** Rows (wordings) per uploaded fact, at most one less than the fact has. */
  readonly rowsPerFact: number
  readonly paraphrases: number
  readonly heldOut: number
  /** The account that uploads last and what it uploads, where the datanet has one. */
  readonly cheat?: {
    readonly name: string
    readonly role: 'copier' | 'garbage'
    readonly rows: number
  }
}

interface Split {
  readonly uploaded: readonly DemoFact[]
  readonly heldOut: readonly DemoFact[]
}

function split(plan: DatanetPlan, random: SeededRandom): Split {
  const total = Object.values(plan.uploaded).reduce((sum, count) => sum + count, 0)
  const uploaded: DemoFact[] = []
  const heldOut: DemoFact[] = []
  for (const [kind, count] of Object.entries(plan.uploaded)) {
    const facts = shuffled(
      plan.facts.filter((fact) => kind === '*' || fact.kind === kind),
      random,
    )
    const used = Math.min(count, facts.length)
    uploaded.push(...facts.slice(0, used))
    heldOut.push(...facts.slice(used, used + Math.round((plan.heldOut * count) / total)))
  }
  // `IERC20.Transfer` and `IERC20.transfer` are two facts, but a lowercased copy asks for both.
  const names = new Set(uploaded.map(({ key }) => key.toLowerCase()))
  return { uploaded, heldOut: heldOut.filter(({ key }) => !names.has(key.toLowerCase())) }
}

/** Makes one datanet of the demo: who uploads which rows, and the questions with known sources. */
export function buildDatanet(plan: DatanetPlan): DemoDatanet {
  const random = createSeededRandom(plan.seed)
  const { uploaded, heldOut } = split(plan, random)
  const wanted = new Set(shuffled(uploaded, random).slice(0, plan.paraphrases))
  const rows = new Map<string, Row[]>()
  const paraphrases: DemoQuestion[] = []
  for (const fact of uploaded) {
    const [spare, ...wordings] = shuffled(fact.questions, random)
    const own = rows.get(fact.contributor) ?? []
    const first = own.length
    for (const question of wordings.slice(0, plan.rowsPerFact)) {
      own.push({ question, answer: fact.answer })
    }
    rows.set(fact.contributor, own)
    if (!wanted.has(fact)) continue
    const { answer, kind, contributor } = fact
    const trueRows = own.slice(first).map((_, index) => first + index)
    paraphrases.push({ question: spare!, answer, kind, contributor, trueRows })
  }
  const contributors: DemoContributor[] = [...rows]
    .map(([name, own]) => ({ name, role: 'author' as const, rows: own }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  if (plan.cheat !== undefined) {
    const { name, role, rows: count } = plan.cheat
    const originals = contributors.flatMap((contributor) => contributor.rows)
    const made =
      role === 'copier' ? copiedRows(originals, count, plan.seed) : garbageRows(count, plan.seed)
    contributors.push({ name, role, rows: made })
  }
  const asked = heldOut.map((fact) => ({
    question: fact.questions[random.below(fact.questions.length)]!,
    answer: fact.answer,
    kind: fact.kind,
    contributor: fact.contributor,
    trueRows: [],
  }))
  return {
    name: plan.name,
    summary: plan.summary,
    contributors,
    questions: { paraphrases: shuffled(paraphrases, random), heldOut: shuffled(asked, random) },
  }
}
