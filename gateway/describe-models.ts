import type { LedgerChain } from './ledger-chain.ts'
import type { ServedModel } from './model-directory.ts'

/** What `/v1/models` says of a model: everything that goes into a voucher. */
export interface ModelDescription {
  readonly id: string
  readonly object: 'model'
  readonly created: 0
  readonly owned_by: string
  readonly provenant: {
    readonly modelId: number
    readonly version: number
    readonly termsVersion: number
    /** Base units per 1,000 tokens as decimals. */
    readonly pricePer1kIn: string
    readonly pricePer1kOut: string
    readonly contextTokens: number
    readonly chainId: number
    readonly ledger: string
    readonly operator: string
  }
}

/** Describes the models in OpenAI's shape. */
export const describeModels = (
  models: readonly ServedModel[],
  { chainId, ledger, operator }: Pick<LedgerChain, 'chainId' | 'ledger' | 'operator'>,
  contextTokens: number,
): readonly ModelDescription[] =>
  models.map((model) => ({
    id: model.name,
    object: 'model',
    created: 0,
    owned_by: model.owner,
    provenant: {
      modelId: model.modelId,
      version: model.version,
      termsVersion: model.termsVersion,
      pricePer1kIn: model.pricePer1kIn,
      pricePer1kOut: model.pricePer1kOut,
      contextTokens,
      chainId,
      ledger,
      operator,
    },
  }))
