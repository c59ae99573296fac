import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { createPlanBuilder, genesisName } from './create-plan-builder.ts'
import { hashSteps } from './hash-steps.ts'
import { locatePlan } from './locate-plan.ts'

const abi = [
  {
    type: 'constructor',
    inputs: [{ name: 'partner', type: 'address' }],
    stateMutability: 'nonpayable',
  },
] as const
const bytecode = '0x600160015500'
const salt = `0x${'00'.repeat(32)}` as const

function twoPartners(label = 'call') {
  const plan = createPlanBuilder()
  const partner = (name: string, other: string) =>
    plan.create({ name, contract: 'Partner', abi, bytecode, args: [plan.addressOf(other)] })
  const first = partner('first', 'second')
  partner('second', 'first')
  plan.call('second', label, encodeAbiParameters([{ type: 'address' }], [first]))
  return plan
}

describe('a plan', () => {
  test('holds numbers where the addresses go, also of contracts that come later', () => {
    const { steps, numbers } = twoPartners().finish()
    expect([...numbers]).toEqual([
      [genesisName, 0],
      ['first', 1],
      ['second', 2],
    ])
    expect(steps.map(({ target, references }) => ({ target, references }))).toEqual([
      { target: 0, references: [{ offset: 6 + 12, number: 2 }] },
      { target: 0, references: [{ offset: 6 + 12, number: 1 }] },
      { target: 2, references: [{ offset: 12, number: 1 }] },
    ])
    expect(steps[0]?.data).toBe(`${bytecode}${'00'.repeat(32)}`)
    expect(steps[0]?.creation).toEqual({
      ...{ name: 'first', contract: 'Partner', unit: 'src/Partner.sol', codeBytes: 6 },
    })
  })

  test('has a hash for every rest, which depends on data and order but not on labels', () => {
    const { steps } = twoPartners().finish()
    const hashes = hashSteps(steps)
    expect(new Set(hashes).size).toBe(4)
    expect(hashes.at(-1)).toBe(salt)
    expect(hashSteps(steps.slice(1))).toEqual(hashes.slice(1))
    expect(hashSteps(twoPartners('another label').finish().steps)).toEqual(hashes)
    expect(hashSteps(steps.toReversed())[0]).not.toBe(hashes[0])
  })

  test('has addresses that differ by salt and by step', () => {
    const plan = twoPartners().finish()
    const located = locatePlan(plan, salt)
    const salted = locatePlan(plan, `0x${'01'.repeat(32)}`)
    const names = [genesisName, 'first', 'second']
    const all = [located, salted].flatMap(({ addressOf }) => names.map(addressOf))
    expect(new Set(all).size).toBe(6)
    expect(located.addressOf(genesisName)).toBe(located.genesis)
    expect(() => located.addressOf('third')).toThrow('the plan never creates third')
  })

  test('refuses a name that is created twice or never', () => {
    const plan = twoPartners()
    const again = { name: 'first', contract: 'Partner', abi, bytecode, args: [salt] } as const
    expect(() => plan.create(again as never)).toThrow('first is planned twice')
    plan.call('third', 'call', '0x')
    expect(() => plan.finish()).toThrow('the plan never creates third')
  })
})
