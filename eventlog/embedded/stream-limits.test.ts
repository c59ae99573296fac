import { expect, it } from 'vitest'
import { DELETED, isLimited, noLimits, readLimits, truncateMetadata } from './stream-limits.ts'

const read = (text: string) => readLimits(Buffer.from(text))

it('reads the three limits and nothing else', () => {
  expect(read('{"$maxCount":5,"$maxAge":60,"$tb":7,"owner":"me"}')).toEqual({
    truncateBefore: 7,
    maxCount: 5,
    maxAgeSeconds: 60,
  })
  expect(isLimited(read('{"owner":"me","$acl":{}}'))).toBe(false)
})

it('takes the largest 64-bit number for a deleted stream and no number near it', () => {
  expect(read('{"$tb":9223372036854775807}').truncateBefore).toBe(DELETED)
  expect(read('{ "$tb" : 9223372036854775807 , "x": 1}').truncateBefore).toBe(DELETED)
  expect(read('{"$tb":9223372036854775806}').truncateBefore).toBe(0)
  expect(read('{"$tb":9007199254740991}').truncateBefore).toBe(Number.MAX_SAFE_INTEGER)
})

it.each([
  ['no JSON', '{"$maxCount":'],
  ['no object', '[1]'],
  ['nothing', ''],
  ['text', '{"$maxCount":"5"}'],
  ['zero', '{"$maxCount":0,"$maxAge":0,"$tb":0}'],
  ['negative', '{"$maxCount":-1,"$maxAge":-1,"$tb":-1}'],
  ['fractions', '{"$maxCount":1.5}'],
])('limits nothing by %s', (_, text) => {
  expect(read(text)).toEqual(noLimits)
})

it('keeps everything but the truncation when a stream is written to again', () => {
  const data = Buffer.from('{"$tb":9223372036854775807,"$maxCount":3,"owner":"me"}')
  expect(JSON.parse(truncateMetadata(data, 4).toString())).toEqual({
    $tb: 4,
    $maxCount: 3,
    owner: 'me',
  })
})
