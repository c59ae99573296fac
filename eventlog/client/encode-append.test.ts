import { expect, test } from 'vitest'
import { encodeAppend } from './encode-append.ts'

const id = '00000000-0000-4000-8000-000000000001'

test('an append says nothing of the time, on which client and server may disagree', () => {
  const [message] = encodeAppend(id, 's', [{ id, type: 'Happened', data: {} }], 'none')
  expect(message?.getIsFinal()).toBe(true)
  expect(message?.getOptions()?.hasDeadline()).toBe(false)
})
