import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'

const require = createRequire(import.meta.url)
const { Manifest } = require('@subsquid/manifest') as {
  Manifest: { parse(text: string): { value?: Record<string, unknown>; error?: Error } }
}

test('squid.yaml is a valid manifest with an indexer, a projector and an api', () => {
  const { value, error } = Manifest.parse(readFileSync('squid.yaml', 'utf8'))
  expect(error).toBeUndefined()
  expect(value).toMatchObject({
    name: 'provenant',
    deploy: {
      processor: [{ name: 'indexer' }, { name: 'projector' }],
      api: { cmd: expect.any(Array) },
    },
  })
})
