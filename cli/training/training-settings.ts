import { fileURLToPath } from 'node:url'
import type { LoraConfig } from '../../gpu/models/adapter.ts'

/** p = 16,384 on the bundled base model: the largest adapter that needs no gradient projection. */
export const loraConfig: LoraConfig = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] }

/** Graph lengths in tokens; the last is the longest row. */
export const trainingBuckets: readonly number[] = [32, 48, 64, 96]

/** The bundled base model, made by `provenant pretrain`. */
export const bundledBaseModel = fileURLToPath(new URL('../../gpu/models/base', import.meta.url))
