import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'

/** Sizes of a Llama-architecture decoder with a tied head. */
export interface ModelConfig {
  readonly vocabularySize: number
  readonly hiddenSize: number
  readonly layerCount: number
  readonly headCount: number
  readonly keyValueHeadCount: number
  readonly headSize: number
  readonly feedForwardSize: number
  readonly maxPositions: number
  readonly ropeTheta: number
  readonly normEpsilon: number
}

const size = (max: number) => z.number().int().min(1).max(max)

const hubConfig = z.looseObject({
  model_type: z.literal('llama'),
  vocab_size: size(1_000_000),
  hidden_size: size(65_536),
  num_hidden_layers: size(512),
  num_attention_heads: size(1024),
  num_key_value_heads: size(1024).optional(),
  head_dim: size(1024).optional(),
  intermediate_size: size(262_144),
  max_position_embeddings: size(10_000_000),
  rms_norm_eps: z.number().gt(0).lt(1),
  rope_theta: z.number().gt(1).optional(),
  rope_parameters: z
    .looseObject({ rope_type: z.string().optional(), rope_theta: z.number().gt(1).optional() })
    .nullish(),
  rope_scaling: z.looseObject({ rope_type: z.string().optional() }).nullish(),
  hidden_act: z.literal('silu').optional(),
  attention_bias: z.literal(false).optional(),
  mlp_bias: z.literal(false).optional(),
  tie_word_embeddings: z.literal(true),
})

const scaled = (rope: { rope_type?: string | undefined } | null | undefined): boolean =>
  rope != null && (rope.rope_type ?? 'default') !== 'default'

/**
 * Reads the object of a Hugging Face `config.json`.
 *
 * @throws MODEL_INVALID for another architecture, an untied head, biases, RoPE scaling or sizes that
 * do not fit together.
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = hubConfig.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new BaseError('MODEL_INVALID', {
      facts: { file: 'config.json', field: issue?.path.join('.'), reason: issue?.message },
    })
  }
  const raw = parsed.data
  if (scaled(raw.rope_scaling) || scaled(raw.rope_parameters)) {
    throw new BaseError('MODEL_INVALID', {
      facts: {
        file: 'config.json',
        field: 'rope_scaling',
        reason: 'RoPE scaling is not supported',
      },
    })
  }
  const config: ModelConfig = {
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    layerCount: raw.num_hidden_layers,
    headCount: raw.num_attention_heads,
    keyValueHeadCount: raw.num_key_value_heads ?? raw.num_attention_heads,
    headSize: raw.head_dim ?? raw.hidden_size / raw.num_attention_heads,
    feedForwardSize: raw.intermediate_size,
    maxPositions: raw.max_position_embeddings,
    ropeTheta: raw.rope_theta ?? raw.rope_parameters?.rope_theta ?? 10_000,
    normEpsilon: raw.rms_norm_eps,
  }
  const fits =
    Number.isInteger(config.headSize) &&
    config.headSize % 2 === 0 &&
    config.headCount % config.keyValueHeadCount === 0
  if (!fits) {
    throw new BaseError('MODEL_INVALID', {
      facts: { file: 'config.json', reason: 'the head counts and the head size do not fit' },
    })
  }
  return config
}

/** Builds the object of a Hugging Face `config.json`; byte 10 (newline) ends, byte 0 pads. */
export function formatModelConfig(config: ModelConfig): Readonly<Record<string, unknown>> {
  return {
    architectures: ['LlamaForCausalLM'],
    attention_bias: false,
    bos_token_id: null,
    dtype: 'bfloat16',
    eos_token_id: 10,
    head_dim: config.headSize,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    intermediate_size: config.feedForwardSize,
    max_position_embeddings: config.maxPositions,
    mlp_bias: false,
    model_type: 'llama',
    num_attention_heads: config.headCount,
    num_hidden_layers: config.layerCount,
    num_key_value_heads: config.keyValueHeadCount,
    pad_token_id: 0,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: true,
    torch_dtype: 'bfloat16',
    vocab_size: config.vocabularySize,
  }
}
