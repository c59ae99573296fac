import { describe, expect, test } from 'vitest'
import { type Deployment, parseDeployment } from './deployment.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as const

const valid: Deployment = {
  chainId: 31_337,
  blockNumber: 1,
  addresses: {
    token: address('1'),
    datanets: address('2'),
    models: address('3'),
    escrow: address('4'),
    ledger: address('5'),
    rewards: address('6'),
    access: address('7'),
    staking: address('8'),
    disputes: address('9'),
    faults: address('b'),
    votes: address('c'),
    governor: address('d'),
    timelock: address('e'),
    proposals: address('f'),
  },
}

describe('parseDeployment', () => {
  test('returns what a deployment file holds', () => {
    expect(parseDeployment(JSON.parse(JSON.stringify(valid)))).toEqual(valid)
  })

  test('lowers the case of addresses, because logs carry them lowercase', () => {
    const file = { ...valid, addresses: { ...valid.addresses, token: address('A') } }
    expect(parseDeployment(file).addresses.token).toBe(address('a'))
  })

  const registry = {
    ...{ contract: 'datanets', address: `0x${'0'.repeat(39)}1`, fromBlock: 9 },
    firstIds: { datanetId: '4', contributionId: '10' },
  } as const

  test('takes further contracts with the block they count from', () => {
    const added = [registry, { contract: 'governor', address: address('0'), fromBlock: 3 }] as const
    expect(parseDeployment({ ...valid, added })).toEqual({ ...valid, added })
  })

  test.each([
    ['money', { ...registry, contract: 'escrow' }],
    ['a registry without its first ids', { ...registry, firstIds: undefined }],
    ['an id of zero', { ...registry, firstIds: { datanetId: '0', contributionId: '1' } }],
    ['an address twice', { ...registry, address: valid.addresses.models }],
  ])('refuses as a further contract %s', (_, added) => {
    expect(() => parseDeployment({ ...valid, added: [added] })).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_INVALID' }),
    )
  })

  test.each([
    ['a missing address', { ...valid, addresses: { ...valid.addresses, ledger: undefined } }],
    ['a short address', { ...valid, addresses: { ...valid.addresses, ledger: '0x12' } }],
    ['an unknown field', { ...valid, operator: address('8') }],
    ['a chain id of zero', { ...valid, chainId: 0 }],
    ['no object at all', 'contracts'],
  ])('refuses %s', (_, file) => {
    expect(() => parseDeployment(file)).toThrow(
      expect.objectContaining({ code: 'DEPLOYMENT_INVALID' }),
    )
  })
})
