import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { z } from 'zod'

// The parser comes with the manifest package; Compose itself is not there to ask.
const require = createRequire(fileURLToPath(import.meta.resolve('@subsquid/manifest')))
const yaml = require('js-yaml') as { load(text: string): unknown }

/** The keys of the Compose specification that the file may use; anything else is a slip. */
const service = z.strictObject({
  image: z.string().regex(/^[a-z]+(?:\/[a-z]+)?:\d+(?:\.\d+)*$/, 'a pinned tag'),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/, 'only on this machine')),
  tmpfs: z.array(z.string().regex(/^\/[a-z/]+:mode=[0-7]{4},size=\d+[gm]$/)),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')]).rest(z.string()),
    interval: z.string().regex(/^\d+s$/),
    timeout: z.string().regex(/^\d+s$/),
    retries: z.int().positive(),
  }),
})
const compose = z.strictObject({ name: z.string(), services: z.record(z.string(), service) })

const read = () => compose.parse(yaml.load(readFileSync('compose.yaml', 'utf8')))

it('has only keys and forms of the Compose specification', () => {
  expect(Object.keys(read().services)).toEqual(['eventstore', 'kurrentdb', 'postgres'])
})

it('starts one EventStoreDB and nothing else unless it is asked to', () => {
  const { services } = read()
  const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
  expect(always.map(([name]) => name)).toEqual(['eventstore'])
  for (const [name, prefix] of [
    ['eventstore', 'EVENTSTORE'],
    ['kurrentdb', 'KURRENTDB'],
  ] as const) {
    const { environment } = services[name]!
    expect(Object.keys(environment).every((key) => key.startsWith(`${prefix}_`))).toBe(true)
    expect(environment[`${prefix}_INSECURE`]).toBe('true')
    expect(environment[`${prefix}_CLUSTER_SIZE`]).toBe('1')
  }
})

it('publishes every port once', () => {
  const ports = Object.values(read().services).flatMap((one) => one.ports)
  expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length)
})
