import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getContractAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { genesisBytecode } from '../abi/genesis.ts'
import { planDeployment } from './plan-deployment.ts'
import type { StandardJson } from './standard-json.ts'
import { compilerVersion } from './standard-json.ts'
import { type VerificationEntry, writeVerification } from './write-verification.ts'

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>
}

const solc = createRequire(import.meta.url)('solc') as {
  compile(input: string): string
  version(): string
}
const account = (digit: string) => `0x${digit.repeat(40)}` as const
const { located, addresses } = planDeployment({
  ...{ admin: account('1'), operator: account('2'), epochPoster: account('3') },
  ...{ guardian: account('4'), disputeWindow: 3600n, thawPeriod: 3600n },
})

let folder: string
let entries: readonly VerificationEntry[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provenant-verification-'))
  entries = await writeVerification(located, folder)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('the index lists every contract with its address', async () => {
  const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as unknown
  expect(index).toEqual(entries)
  const listed = new Map(entries.map(({ name, address }) => [name, address]))
  for (const [name, address] of Object.entries(addresses)) expect(listed.get(name)).toBe(address)
  expect(listed.get('genesis')).toBe(located.genesis)
})

test('every input compiles to exactly the init code of the plan', async () => {
  expect(`v${solc.version()}`).toContain(compilerVersion)
  const compiled = new Map<string, string>()
  const initCodes = new Map(
    entries.map((entry) => [
      entry.name,
      `${compile(entry, compiled)}${entry.constructorArguments}`,
    ]),
  )
  expect(initCodes.get('genesis')).toBe(located.genesisInitCode.slice(2))
  expect(genesisBytecode.slice(2)).toBe(compiled.get('Genesis.json'))
  let nonce = 0n
  for (const step of located.plan.steps) {
    if (step.creation === undefined) continue
    nonce += 1n
    const entry = entries.find(({ name }) => name === step.creation?.name)
    const at = getContractAddress({ from: located.genesis, nonce }).toLowerCase()
    expect(entry?.address).toBe(at)
    const initCode = initCodes.get(step.creation.name) ?? ''
    const holes = step.references.reduce(
      (code, { offset }) =>
        code.slice(0, 2 * offset) + '0'.repeat(40) + code.slice(2 * offset + 40),
      initCode,
    )
    expect(holes === step.data.slice(2), `${step.creation.name} is what the plan creates`).toBe(
      true,
    )
  }

  function compile(entry: VerificationEntry, cache: Map<string, string>): string {
    const known = cache.get(entry.input)
    if (known !== undefined) return known

    const input = JSON.parse(readFileSync(join(folder, entry.input), 'utf8')) as StandardJson
    const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
    const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
    expect(errors.map(({ formattedMessage }) => formattedMessage)).toEqual([])
    const [unit = '', contract = ''] = entry.contract.split(':')
    const code = output.contracts[unit]?.[contract]?.evm.bytecode.object ?? ''
    cache.set(entry.input, code)
    return code
  }
}, 120_000)
