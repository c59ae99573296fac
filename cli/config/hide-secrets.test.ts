import { expect, test } from 'vitest'
import { hideSecrets } from './hide-secrets.ts'

const key = `0x${'ab'.repeat(32)}`
const hide = hideSecrets({
  PROVENANT_OPERATOR_KEY: key,
  PROVENANT_DATABASE_URL: 'postgresql://me:p%40ss%22word@db:5432/provenant',
  PROVENANT_RPC_URL:
    'https://node.example/v2/0123456789abcdef, https://b.example?apikey=fedcba9876543210',
  HOME: '/root',
  NODE_TOKEN: 'a-token-of-somebody',
  EMPTY_KEY: '',
})

test('keys are blanked with and without 0x', () => {
  expect(hide(`key ${key} or ${key.slice(2)}.`)).toBe('key *** or ***.')
})

test('passwords are blanked as they are written in URLs, decoded and in JSON', () => {
  expect(hide('p%40ss%22word')).toBe('***')
  expect(hide('p@ss"word')).toBe('***')
  expect(hide(JSON.stringify({ message: 'p@ss"word' }))).toBe('{"message":"***"}')
})

test('API keys in paths and queries are blanked, hosts and names of databases are not', () => {
  expect(hide('https://node.example/v2/0123456789abcdef')).toBe('https://node.example/v2/***')
  expect(hide('https://b.example?apikey=fedcba9876543210')).toBe('https://b.example?apikey=***')
  expect(hide('postgresql://db:5432/provenant /root')).toBe('postgresql://db:5432/provenant /root')
})

test('keys and tokens of variables with other names are blanked, as files may name those', () => {
  expect(hide('a-token-of-somebody and more')).toBe('*** and more')
})

test('the password of any URL is blanked, also one that no variable holds', () => {
  expect(hide('postgresql://you:abc@other/x')).toBe('postgresql://you:***@other/x')
})
