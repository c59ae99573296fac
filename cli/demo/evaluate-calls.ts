import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { RowVault } from '../../artifacts/row-vault.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { AttributedCall, EpochManifest } from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import type { AcceptedContribution } from '../training/read-accepted-contributions.ts'
import { type Credit, type HitRate, type KnownCall, measureHits } from './attribution-figures.ts'
import { type BaselineRow, createBm25Credit, createRandomCredit } from './baseline-credit.ts'
import { dealCredit, dealFact } from './deal-by-hash.ts'
import type { MadeCall } from './make-calls.ts'

export interface MethodFigures {
  readonly paraphrase: HitRate
  readonly heldOut: HitRate
}

/** Hit rates of the paying method and of the baselines that it has to beat. */
export interface AttributionFigures {
  readonly influence: MethodFigures
  readonly bm25: MethodFigures
  readonly random: MethodFigures
  /**
   * The same credit with facts dealt to eight imaginary contributors by hash. Real contributors own
   * neighbours, such as one folder, and a wrong answer usually names a neighbour: what a method
   * loses here was luck of the grouping.
   */
  readonly dealtByHash: { readonly influence: MethodFigures; readonly bm25: MethodFigures }
  /** Answers that equal the known one, as a share of each group. */
  readonly exactAnswers: { readonly paraphrase: number; readonly heldOut: number }
  /** Calls that no row stood out of, which pay by rows. */
  readonly flatCalls: number
}

/** Measures who was paid against who should have been, for all calls of the closed epochs. */
export async function evaluateCalls(options: {
  calls: readonly MadeCall[]
  manifests: readonly EpochManifest[]
  callIdOf: ReadonlyMap<string, Hex>
  /** Model name by id. */
  modelNames: ReadonlyMap<string, string>
  contributions: readonly AcceptedContribution[]
  artifacts: ArtifactStore
  rowVault: RowVault
  seed: number
}): Promise<AttributionFigures> {
  const attributed = new Map<string, AttributedCall>(
    options.manifests.flatMap(({ calls }) => calls.map((call) => [call.callId, call] as const)),
  )
  const clusters = new Map<string, number>()
  const baselines = new Map<string, readonly BaselineRow[]>()
  for (const store of options.manifests.at(-1)?.stores ?? []) {
    const bytes = await options.artifacts.get(store.rowsHash)
    const { rows } = JSON.parse(Buffer.from(bytes).toString('utf8')) as GradientRows
    const model = options.modelNames.get(store.modelId) ?? ''
    for (const { rowId, cluster } of rows) clusters.set(`${model} ${rowId}`, cluster)
    baselines.set(model, await readTexts(rows, options))
  }
  const clusterOf = (call: KnownCall, rowId: string) => clusters.get(`${call.model} ${rowId}`)
  const bm25 = new Map([...baselines].map(([model, rows]) => [model, createBm25Credit(rows)]))
  const random = new Map(
    [...baselines].map(([model, rows]) => [model, createRandomCredit(rows, options.seed)]),
  )
  const influence = (call: MadeCall): Credit => {
    const found = attributed.get(options.callIdOf.get(call.requestHash) ?? '')
    return found === undefined ? noCredit : paidCredit(found)
  }
  const measure = (method: (call: MadeCall) => Credit): MethodFigures => {
    const group = (name: KnownCall['group']) =>
      measureHits(
        options.calls
          .filter((call) => call.group === name)
          .map((call) => ({ call, credit: method(call) })),
        clusterOf,
      )
    return { paraphrase: group('paraphrase'), heldOut: group('heldOut') }
  }
  const answerOf = new Map(
    [...baselines].flatMap(([model, rows]) =>
      rows.map(({ rowId, answer }) => [`${model} ${rowId}`, answer] as const),
    ),
  )
  const dealt = (method: (call: MadeCall) => Credit): MethodFigures => {
    const group = (name: KnownCall['group']) =>
      measureHits(
        options.calls
          .filter((call) => call.group === name)
          .map((call) => ({
            call: { ...call, trueAccount: dealFact(call.expectedAnswer) },
            credit: dealCredit(method(call), (row) => answerOf.get(`${call.model} ${row}`)),
          })),
        clusterOf,
      )
    return { paraphrase: group('paraphrase'), heldOut: group('heldOut') }
  }
  const byBm25 = (call: MadeCall) => bm25.get(call.model)?.(call) ?? noCredit
  const exact = (name: KnownCall['group']) => {
    const group = options.calls.filter((call) => call.group === name)
    const right = group.filter((call) => call.givenAnswer === call.expectedAnswer).length
    return group.length === 0 ? 0 : Math.round((10_000 * right) / group.length) / 10_000
  }
  return {
    influence: measure(influence),
    bm25: measure(byBm25),
    random: measure((call) => random.get(call.model)?.(call) ?? noCredit),
    dealtByHash: { influence: dealt(influence), bm25: dealt(byBm25) },
    exactAnswers: { paraphrase: exact('paraphrase'), heldOut: exact('heldOut') },
    flatCalls: [...attributed.values()].filter(({ rule }) => rule === 'flat').length,
  }
}

const noCredit: Credit = { rows: [], accounts: new Map() }

/** What contributors were really paid for a call, retrieval and flat parts included. */
function paidCredit(call: AttributedCall): Credit {
  const accounts = new Map<string, number>()
  for (const { account, role, amount } of call.shares) {
    if (role === 'platform' || role === 'owner' || role === 'stakers') continue
    accounts.set(account, (accounts.get(account) ?? 0) + Number(amount))
  }
  const rows = call.rows.map(({ rowId, scoreQ16 }) => ({ rowId, weight: scoreQ16 }))
  return { rows, accounts }
}

async function readTexts(
  rows: GradientRows['rows'],
  options: {
    readonly contributions: readonly AcceptedContribution[]
    readonly rowVault: RowVault
  },
): Promise<readonly BaselineRow[]> {
  const contents = new Map<string, Awaited<ReturnType<RowVault['get']>>>()
  for (const { id, dataHash } of options.contributions)
    contents.set(id, await options.rowVault.get(dataHash))
  return rows.flatMap(({ rowId, contributor }) => {
    const [contribution = '', index = ''] = rowId.split(':')
    const row = contents.get(contribution)?.rows[Number(index)]?.row
    return row === undefined
      ? []
      : [
          {
            ...{ rowId, account: contributor, answer: row.answer },
            text: `${row.question} ${row.answer}`,
          },
        ]
  })
}
