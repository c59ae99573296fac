import { describe, expect, it } from 'vitest'
import { type Adapter, adapterLayout, adapterSize } from './adapter.ts'
import { bundledBaseConfig, bundledLora } from './bundled-base.ts'
import type { ModelConfig } from './model-config.ts'
import { decodeAdapter, readAdapter } from './read-adapter.ts'
import { readSafetensors, type SafeTensor } from './read-safetensors.ts'
import { encodeAdapter } from './write-adapter.ts'
import { writeSafetensors } from './write-safetensors.ts'

const config: ModelConfig = {
  ...bundledBaseConfig,
  hiddenSize: 8,
  headCount: 4,
  headSize: 2,
  feedForwardSize: 12,
}
const lora = { rank: 2, alpha: 4, targets: ['q', 'v'] } as const
const adapter: Adapter = {
  lora,
  values: Float32Array.from({ length: adapterSize(config, lora) }, (_, i) => i / 7),
}
const files = encodeAdapter(adapter, config, 'tiny')

function withConfig(change: Record<string, unknown>) {
  const json = JSON.parse(Buffer.from(files['adapter_config.json']).toString('utf8'))
  const bytes = Buffer.from(JSON.stringify({ ...json, ...change }))
  return { ...files, 'adapter_config.json': bytes }
}

function withTensors(change: (tensors: Map<string, SafeTensor>) => void) {
  const tensors = new Map(readSafetensors(files['adapter_model.safetensors']).tensors)
  change(tensors)
  return { ...files, 'adapter_model.safetensors': writeSafetensors(tensors) }
}

const refusal = (changed: Parameters<typeof decodeAdapter>[0]): unknown => {
  try {
    decodeAdapter(changed, config)
  } catch (error) {
    return error
  }
  return undefined
}

describe('adapter files', () => {
  it('come back as they were written, byte for byte when written again', () => {
    const read = decodeAdapter(files, config)
    expect(read).toEqual(adapter)
    expect(encodeAdapter(read, config, 'tiny')).toEqual(files)
  })

  it('may name the targets in any order and with their path', () => {
    const changed = withConfig({ target_modules: ['v_proj', 'self_attn.q_proj'] })
    expect(decodeAdapter(changed, config)).toEqual(adapter)
  })

  it.each([
    ['another method', { peft_type: 'IA3' }],
    ['DoRA', { use_dora: true }],
    ['rank-stabilised scaling', { use_rslora: true }],
    ['modules to save', { modules_to_save: ['lm_head'] }],
    ['rank patterns', { rank_pattern: { q_proj: 8 } }],
    ['alpha patterns', { alpha_pattern: { q_proj: 8 } }],
    ['biases', { bias: 'all' }],
    ['some layers only', { layers_to_transform: [0] }],
    ['base weights changed by the initialisation', { init_lora_weights: 'pissa' }],
    ['targets in the feed-forward part', { target_modules: ['q_proj', 'up_proj'] }],
    ['targets given as a pattern', { target_modules: '.*' }],
    ['no targets', { target_modules: [] }],
    ['rank 0', { r: 0 }],
    ['a rank that is not an integer', { r: 1.5 }],
    ['a scaling that is not a number', { lora_alpha: null }],
  ])('are refused with %s', (_, change) => {
    expect(refusal(withConfig(change))).toMatchObject({ code: 'ADAPTER_INVALID' })
  })

  it('are refused with a tensor missing, added or of another shape, naming it', () => {
    const name = 'base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight'
    const missing = withTensors((tensors) => tensors.delete(name))
    const added = withTensors((tensors) => tensors.set('extra', tensors.get(name)!))
    const reshaped = withTensors((tensors) => {
      const tensor = tensors.get(name)!
      tensors.set(name, { ...tensor, shape: tensor.shape.toReversed() })
    })
    expect(refusal(missing)).toMatchObject({ code: 'ADAPTER_INVALID', facts: { tensor: name } })
    expect(refusal(added)).toMatchObject({ code: 'ADAPTER_INVALID', facts: { tensor: 'extra' } })
    expect(refusal(reshaped)).toMatchObject({ code: 'ADAPTER_INVALID', facts: { tensor: name } })
  })

  it('are refused when the weights are cut off', () => {
    const whole = files['adapter_model.safetensors']
    const cut = { ...files, 'adapter_model.safetensors': whole.subarray(0, whole.length - 1) }
    expect(refusal(cut)).toMatchObject({ code: 'SAFETENSORS_INVALID' })
  })

  it('are refused when the configuration is not JSON or a file is missing', async () => {
    const broken = { ...files, 'adapter_config.json': Buffer.from('{') }
    expect(refusal(broken)).toMatchObject({ code: 'ADAPTER_INVALID' })
    expect(refusal({})).toMatchObject({ code: 'ADAPTER_INVALID' })
    await expect(readAdapter('/nowhere', config)).rejects.toMatchObject({ code: 'ADAPTER_INVALID' })
  })
})

describe('adapterLayout', () => {
  it('lays the bundled adapter out in 16,384 numbers without holes', () => {
    const layout = adapterLayout(bundledBaseConfig, bundledLora)
    expect(adapterSize(bundledBaseConfig, bundledLora)).toBe(16_384)
    let at = 0
    for (const entry of layout) {
      expect(entry.offset).toBe(at)
      expect(entry.length).toBe(entry.shape[0] * entry.shape[1])
      at += entry.length
    }
  })
})
