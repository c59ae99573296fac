import { queryGraphql } from '../graphql/query-graphql.ts'

/** The question every user of Provenant asks: where did this answer come from, and who was paid. */
const provenanceQuery = `
query Provenance($id: Hex!) {
  _meta { chainHead indexedBlock finalizedBlock lagBlocks }
  inference(id: $id) {
    id fee tokensIn tokensOut
    provenance { blockNumber txHash }
    model { name }
    modelVersion { version trainingRun { id datasetRoot artefactHash } }
    terms { platformBps ownerBps stakersBps contributorsBps }
    attribution {
      rule
      epoch { id status root manifestHash }
      rows { rowId score z contribution { id root datanet { uri } contributor { account } } }
      shares { account role amount }
    }
  }
}`

/** The part of the reply that the demo prints and checks. */
export interface ProvenanceChain {
  readonly _meta: {
    readonly chainHead: number | null
    readonly indexedBlock: number
    readonly finalizedBlock: number
    readonly lagBlocks: number | null
  }
  readonly inference: {
    readonly id: string
    readonly fee: string
    readonly tokensIn: number
    readonly tokensOut: number
    readonly provenance: { readonly blockNumber: number; readonly txHash: string }
    readonly model: { readonly name: string }
    readonly modelVersion: {
      readonly version: number
      readonly trainingRun: {
        readonly id: string
        readonly datasetRoot: string
        readonly artefactHash: string
      }
    }
    readonly terms: Readonly<Record<string, number>>
    readonly attribution: {
      readonly rule: string
      readonly epoch: {
        readonly id: string
        readonly status: string
        readonly root: string
        readonly manifestHash: string
      }
      readonly rows: readonly {
        readonly rowId: string
        readonly score: number
        readonly z: number
        readonly contribution: {
          readonly id: string
          readonly root: string
          readonly datanet: { readonly uri: string }
          readonly contributor: { readonly account: string }
        }
      }[]
      readonly shares: readonly {
        readonly account: string
        readonly role: string
        readonly amount: string
      }[]
    } | null
  } | null
}

/** Reads one call with everything behind it. */
export const queryProvenance = (url: string, callId: string): Promise<ProvenanceChain> =>
  queryGraphql<ProvenanceChain>(url, provenanceQuery, { id: callId })
