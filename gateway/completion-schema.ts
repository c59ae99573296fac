import { z } from 'zod'

const tokens = z.array(z.int().min(0).max(255))

/** Vendor field of the GPU server: the exact tokens, because text loses bytes that are not UTF-8. */
export const provenanceSchema = z.looseObject({
  prompt_tokens: z.union([z.int().nonnegative(), tokens.transform(({ length }) => length)]),
  completion_tokens: tokens,
})

/** What the gateway needs of a whole answer. */
export const completionSchema = z.looseObject({
  choices: z.tuple([
    z.looseObject({
      message: z.looseObject({ content: z.string() }),
      finish_reason: z.string(),
    }),
  ]),
  provenant: provenanceSchema,
})

/** What the gateway needs of one piece of a streamed answer. */
export const chunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content: z.string().nullish() }).optional(),
        finish_reason: z.string().nullish(),
      }),
    )
    .optional(),
  provenant: provenanceSchema.optional(),
  error: z.unknown(),
})
