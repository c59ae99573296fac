import { z } from 'zod'
import type { BatchManifest } from '../../schema/manifests/batch.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { GradientRows } from '../../schema/manifests/gradient-rows.ts'
import type { DatasetManifest, TrainingRunManifest } from '../../schema/manifests/training-run.ts'

const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const account = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)])
const decimal = z.string().regex(/^(0|[1-9][0-9]{0,77})$/)
const count = z.int().nonnegative()
const rowId = z.string().regex(/^[0-9]{1,78}:[0-9]{1,10}$/)

export const trainingRunManifest: z.ZodType<TrainingRunManifest> = z.strictObject({
  kind: z.literal('training-run'),
  version: z.literal(1),
  baseModelHash: hash,
  model: z.string(),
  adapter: z.strictObject({ 'adapter_config.json': hash, 'adapter_model.safetensors': hash }),
  checkpoints: z.array(z.strictObject({ step: count, permille: count, hash })).max(64),
  configHash: hash,
  datasetHash: hash,
  datasetRoot: hash,
  dataOrderHash: hash,
  logHash: hash,
})

export const datasetManifest: z.ZodType<DatasetManifest> = z.strictObject({
  kind: z.literal('dataset'),
  version: z.literal(1),
  contributions: z.array(
    z.strictObject({ contributionId: decimal, root: hash, rows: z.array(count) }),
  ),
})

export const batchManifest: z.ZodType<BatchManifest> = z.strictObject({
  kind: z.literal('batch'),
  version: z.literal(1),
  calls: z.array(
    z.strictObject({
      requestHash: hash,
      citations: z.array(z.strictObject({ rowId, scoreMicros: count })).max(1_000),
    }),
  ),
})

export const gradientRows: z.ZodType<GradientRows> = z.strictObject({
  kind: z.literal('gradient-rows'),
  version: z.literal(1),
  modelId: decimal,
  modelVersion: count,
  rows: z.array(z.strictObject({ rowId, contributor: account, cluster: count })),
  representatives: z.array(count),
})

const creditedRow = z.strictObject({
  rowId,
  contributor: account,
  cluster: count,
  scoreQ16: z.int(),
  zMilli: z.int(),
})
const share = z.strictObject({
  account,
  role: z.enum(['platform', 'owner', 'stakers', 'influence', 'retrieval', 'flat']),
  amount: decimal,
})

const weights = z.array(z.strictObject({ account, weight: z.string().regex(/^[1-9][0-9]{0,38}$/) }))
const tree = z.strictObject({ root: hash, leaves: z.int().positive(), hash })

export const epochManifest: z.ZodType<EpochManifest> = z.strictObject({
  kind: z.literal('epoch'),
  version: z.literal(2),
  chainId: z.int().positive(),
  epoch: decimal,
  fromBlock: decimal,
  toBlock: decimal,
  toBlockHash: hash,
  engineHash: hash,
  token: account,
  payees: z.strictObject({ platform: account, stakers: account }),
  previous: hash.nullable(),
  stores: z.array(
    z.strictObject({
      modelId: decimal,
      version: count,
      width: count,
      rowsHash: hash,
      checkpoints: z.array(
        z.strictObject({
          hash,
          lambdaQ48: decimal,
          segments: z.array(z.strictObject({ hash, rowCount: count })),
        }),
      ),
    }),
  ),
  calls: z.array(
    z.strictObject({
      callId: hash,
      batchId: decimal,
      index: count,
      recordHash: hash,
      modelId: decimal,
      version: count,
      fee: decimal,
      queryHash: hash,
      rule: z.enum(['influence', 'flat']),
      rows: z.array(creditedRow),
      used: z.array(z.strictObject({ rowId, contributor: account, scoreMicros: count })),
      weights: z.strictObject({ influence: weights, retrieval: weights }),
      shares: z.array(share),
    }),
  ),
  totalEarned: decimal,
  trees: z.strictObject({ rewards: tree, credits: tree, calls: tree }),
})
