import { createSeededRandom, shuffled } from '../../gpu/training/seeded-random.ts'
import type { KnownCall } from './attribution-figures.ts'
import type { DemoAccounts } from './demo-accounts.ts'
import type { UploadedDatanet } from './upload-datanets.ts'

/** A question that will be asked, before its answer is known. */
export type PlannedCall = Omit<KnownCall, 'givenAnswer'>

/**
 * Draws the questions of all epochs: paraphrases and held-out facts of both Datanets, mixed.
 *
 * @returns one list per epoch
 */
export function planCalls(options: {
  uploaded: readonly UploadedDatanet[]
  accounts: DemoAccounts
  modelOf: (datanet: string) => string
  perEpoch: number
  epochs: number
  seed: number
}): readonly (readonly PlannedCall[])[] {
  const random = createSeededRandom(options.seed)
  const total = options.perEpoch * options.epochs
  const perGroup = options.uploaded.flatMap(({ source }) => [
    { source, group: 'paraphrase' as const, questions: source.questions.paraphrases },
    { source, group: 'heldOut' as const, questions: source.questions.heldOut },
  ])
  const available = perGroup.reduce((sum, { questions }) => sum + questions.length, 0)
  const planned = perGroup.flatMap(({ source, group, questions }) => {
    const uploaded = options.uploaded.find((entry) => entry.source === source)
    const share = Math.ceil((questions.length * total) / available)
    return shuffled(questions, random)
      .slice(0, share)
      .map((question): PlannedCall => {
        const account = options.accounts.contributors.get(question.contributor)
        const contribution = uploaded?.contributions.get(question.contributor)
        if (account === undefined || contribution === undefined)
          throw new TypeError(`no upload of ${question.contributor}`)
        return {
          model: options.modelOf(source.name),
          group,
          question: question.question,
          expectedAnswer: question.answer,
          trueAccount: account.address,
          trueRows: question.trueRows.map((row) => `${contribution}:${row}`),
        }
      })
  })
  const mixed = shuffled(planned, random).slice(0, total)
  return Array.from({ length: options.epochs }, (_, epoch) =>
    mixed.slice(epoch * options.perEpoch, (epoch + 1) * options.perEpoch),
  )
}
