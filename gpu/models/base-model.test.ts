import { describe, expect, it } from 'vitest'
import { baseLayout } from './base-weights.ts'
import { bundledBaseConfig, bundledBaseDirectory } from './bundled-base.ts'
import { byteTokenizerFiles } from './byte-tokenizer-files.ts'
import { hashModelFiles } from './hash-model-files.ts'
import { formatModelConfig, parseModelConfig } from './model-config.ts'
import { decodeBaseModel, readBaseModel } from './read-base-model.ts'
import { encodeBaseModel } from './write-base-model.ts'

const config = {
  ...bundledBaseConfig,
  hiddenSize: 8,
  headCount: 4,
  headSize: 2,
  feedForwardSize: 12,
}
/** Multiples of 1/4 below 32 are exact in bf16. */
const model = {
  config,
  weights: new Map(
    baseLayout(config).map(({ name, length }) => [
      name,
      Float32Array.from({ length }, (_, i) => ((i * 7) % 128) / 4 - 16),
    ]),
  ),
}

const refusal = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe('base model files', () => {
  it('come back as they were written', () => {
    const files = encodeBaseModel(model)
    expect(decodeBaseModel(files['config.json'], files['model.safetensors'])).toEqual(model)
  })

  it('are refused when a tensor has another shape than the configuration says', () => {
    const files = encodeBaseModel(model)
    const wider = Buffer.from(JSON.stringify(formatModelConfig({ ...config, feedForwardSize: 13 })))
    expect(refusal(() => decodeBaseModel(wider, files['model.safetensors']))).toMatchObject({
      code: 'MODEL_INVALID',
      facts: { expected: '13x8', found: '12x8' },
    })
  })

  it('hash like sha256sum over the sha256sum of the files', () => {
    const files = { b: Buffer.from('two\n'), a: Buffer.from('one\n') }
    expect(hashModelFiles(files)).toBe(
      '0x73d931e3531f13247bbc3a0108fcd0c0ef480260a5e75980db7fa6e0bc531ac4',
    )
  })
})

describe('the bundled base model', () => {
  it('has the sizes that the adapters are made for', async () => {
    const { config: bundled, weights } = await readBaseModel(bundledBaseDirectory)
    expect(bundled).toEqual(bundledBaseConfig)
    const count = [...weights.values()].reduce((sum, values) => sum + values.length, 0)
    expect(count).toBe(2_233_920)
  })
})

describe('parseModelConfig', () => {
  const json = formatModelConfig(config)

  it('reads what formatModelConfig writes', () => {
    expect(parseModelConfig(json)).toEqual(config)
  })

  it('reads the rotary base where transformers 5 puts it', () => {
    const { rope_theta: _, ...rest } = json
    const nested = { ...rest, rope_parameters: { rope_type: 'default', rope_theta: 5e5 } }
    expect(parseModelConfig(nested).ropeTheta).toBe(5e5)
  })

  it.each([
    ['another architecture', { model_type: 'gpt2' }],
    ['an untied head', { tie_word_embeddings: false }],
    ['attention biases', { attention_bias: true }],
    ['RoPE scaling', { rope_scaling: { rope_type: 'yarn', factor: 4 } }],
    ['heads that do not divide', { num_key_value_heads: 3 }],
    ['an odd head size', { head_dim: 3 }],
    ['a size of zero', { hidden_size: 0 }],
    ['a size beyond reason', { num_hidden_layers: 1e9 }],
    ['no vocabulary size', { vocab_size: undefined }],
  ])('refuses %s', (_, change) => {
    expect(refusal(() => parseModelConfig({ ...json, ...change }))).toMatchObject({
      code: 'MODEL_INVALID',
    })
  })
})

describe('byteTokenizerFiles', () => {
  it('gives each byte its own symbol with the byte as id', () => {
    const { tokenizer } = byteTokenizerFiles(96)
    const { vocab, merges } = tokenizer['model'] as { vocab: Record<string, number>; merges: [] }
    expect(Object.values(vocab).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 256 }, (_, byte) => byte),
    )
    expect(vocab['a']).toBe(97)
    expect(vocab['Ġ']).toBe(32)
    expect(vocab['Ċ']).toBe(10)
    expect(merges).toEqual([])
  })
})
