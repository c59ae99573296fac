import { describe, expect, it } from 'vitest'
import { encodeModel } from './encode-model.ts'

describe('encodeModel', () => {
  it('gives the bytes that the onnx Python package reads back as the same model', () => {
    const bytes = encodeModel({
      nodes: [
        {
          type: 'Neg',
          inputs: ['x'],
          outputs: ['y'],
          attributes: { a: -1n, f: 0.5, s: 'hi', l: [1n, 300n] },
          domain: 'com.microsoft',
        },
      ],
      initializers: [
        { name: 'w', type: 'i64', shape: [1], data: Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0) },
        {
          name: 'e',
          type: 'bf16',
          shape: [2],
          data: { location: 'm.safetensors', offset: 300, length: 4 },
        },
      ],
      inputs: [{ name: 'x', type: 'f32', shape: ['n', 2] }],
      outputs: [{ name: 'y', type: 'f32', shape: ['n', 2] }],
    })
    const expected = [
      '0809',
      '42040a001012',
      '42110a0d636f6d2e6d6963726f736f66741001',
      '3add01',
      '0a530a017812017922034e6567',
      '2a110a016118ffffffffffffffffff01a00102',
      '2a0b0a0166150000003fa00101',
      '2a0a0a017322026869a00103',
      '2a0b0a016c400140ac02a00107',
      '3a0d636f6d2e6d6963726f736f6674',
      '12056772617068',
      '2a11080110074201774a080700000000000000',
      '2a40080210104201656a190a086c6f636174696f6e120d6d2e7361666574656e736f7273',
      '6a0d0a066f66667365741203333030',
      '6a0b0a066c656e677468120134',
      '7001',
      '5a140a0178120f0a0d080112090a0312016e0a020802',
      '62140a0179120f0a0d080112090a0312016e0a020802',
    ]
    expect(Buffer.from(bytes).toString('hex')).toBe(expected.join(''))
  })
})
