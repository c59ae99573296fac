import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import {
  accountAddress,
  artifactHash,
  modelName,
  positiveInteger,
  seedNumber,
} from './option-values.ts'

test.each([
  [positiveInteger, '1', 1],
  [positiveInteger, '9007199254740991', Number.MAX_SAFE_INTEGER],
  [seedNumber, '0', 0],
  [seedNumber, '4294967295', 0xffff_ffff],
  [modelName, 'a-1', 'a-1'],
  [accountAddress, `0x${'Ab'.repeat(20)}`, `0x${'ab'.repeat(20)}`],
  [artifactHash, `0x${'0f'.repeat(32)}`, `0x${'0f'.repeat(32)}`],
])('%o takes %s', (parse, text, value) => {
  expect(parse(text)).toBe(value)
})

test.each([
  [positiveInteger, ['0', '-1', '1.5', '1e3', '', ' 1', '9007199254740992', 'many']],
  [seedNumber, ['-1', '4294967296', '', '0x1']],
  [modelName, ['ab', 'Ab1', 'a b c', 'x'.repeat(33), '']],
  [accountAddress, ['0x12', `0x${'g'.repeat(40)}`, '']],
  [artifactHash, [`0x${'AB'.repeat(32)}`, `0x${'ab'.repeat(31)}`, 'ab'.repeat(32)]],
])('%o refuses everything else', (parse, texts) => {
  for (const text of texts) expect(() => parse(text), text).toThrow(InvalidArgumentError)
})
