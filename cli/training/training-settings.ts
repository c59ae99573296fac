import type { LoraConfig } from '../../gpu/models/adapter.ts'

/** p = 16,384 on the bundled base model: the largest adapter that needs no gradient projection. */
export const loraConfig: LoraConfig = { rank: 4, alpha: 8, targets: ['q', 'k', 'v', 'o'] }

/** Graph lengths in tokens; the last is the longest row. */
export const trainingBuckets: readonly number[] = [32, 48, 64, 96]
