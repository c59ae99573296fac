import { z } from 'zod'

const unsupported = (name: string) =>
  z
    .unknown()
    .refine((value) => value === undefined || value === null || value === false, {
      message: `${name} is not supported`,
    })
    .optional()

const sampling = {
  model: z.string().min(1).max(256),
  max_tokens: z.int().min(1).max(1_000_000).nullish(),
  /** 0 (greedy) if absent, unlike OpenAI's 1: equal requests get equal answers. */
  temperature: z.number().min(0).max(2).nullish(),
  /** Absent: drawn by the server and returned, so that the answer can be repeated. */
  seed: z
    .int()
    .min(-(2 ** 31))
    .max(2 ** 32)
    .nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1).nullish(),
  top_p: z.literal(1).nullish(),
  stop: unsupported('stop'),
  logprobs: unsupported('logprobs'),
  tools: unsupported('tools'),
} as const

const textPart = z.object({ type: z.literal('text'), text: z.string() })

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(textPart)]).nullish(),
})

/** Body of `POST /v1/chat/completions`; unknown fields are ignored, as vLLM does. */
export const chatRequestSchema = z.object({
  ...sampling,
  max_completion_tokens: z.int().min(1).max(1_000_000).nullish(),
  messages: z.array(message).min(1).max(1000),
})

/** Body of `POST /v1/completions`. */
export const completionRequestSchema = z.object({
  ...sampling,
  prompt: z.union([z.string(), z.array(z.int().min(0)).max(100_000)]),
})

/** Body of `POST /v1/load_lora_adapter`, in vLLM's shape. */
export const loadAdapterSchema = z.object({
  lora_name: z.string().regex(/^[\w.@:/-]{1,128}$/, 'must be 1 to 128 of A-Z a-z 0-9 _ . @ : / -'),
  lora_path: z.string().min(1).max(4096),
})

/** Body of `POST /v1/unload_lora_adapter`, in vLLM's shape. */
export const unloadAdapterSchema = z.object({ lora_name: z.string().min(1).max(256) })

export type ChatRequest = z.output<typeof chatRequestSchema>
export type CompletionRequest = z.output<typeof completionRequestSchema>
