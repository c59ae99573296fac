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

/** One behind a proxy, one of a package, one with a tuple as argument; compiling all takes a minute. */
const compiled = ['staking', 'rewards', 'datanets', 'timelock']

test('the inputs compile to exactly the init code of the plan', async () => {
  expect(`v${solc.version()}`).toContain(compilerVersion)
  const files = entries.filter(({ name }) => compiled.includes(name)).map(({ input }) => input)
  const codes = compile(mergeInputs(await Promise.all([...files, 'Genesis.json'].map(readInput))))
  expect(locatedInitCode('genesis', codes)).toBe(located.genesisInitCode.slice(2))
  let nonce = 0n
  for (const { creation, data, references } of located.plan.steps) {
    if (creation === undefined) continue
    nonce += 1n
    const { name } = creation
    const address = getContractAddress({ from: located.genesis, nonce }).toLowerCase()
    expect(entries.find((entry) => entry.name === name)?.address).toBe(address)
    if (!compiled.includes(name)) continue
    let initCode = locatedInitCode(name, codes)
    for (const { offset } of references)
      initCode = initCode.slice(0, 2 * offset) + '0'.repeat(40) + initCode.slice(2 * offset + 40)
    expect(initCode === data.slice(2), `${name} is what the plan creates`).toBe(true)
  }
}, 120_000)

test('one input alone is enough for its contract', async () => {
  const codes = compile(await readInput('Genesis.json'))
  expect(codes.get('src/Genesis.sol:Genesis')).toBe(genesisBytecode.slice(2))
})

async function readInput(name: string): Promise<StandardJson> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as StandardJson
}

function mergeInputs(inputs: readonly StandardJson[]): StandardJson {
  const [first] = inputs as readonly [StandardJson]
  const selections = inputs.map(({ settings }) => settings['outputSelection'])
  return {
    ...first,
    sources: Object.assign({}, ...inputs.map(({ sources }) => sources)),
    settings: { ...first.settings, outputSelection: Object.assign({}, ...selections) },
  }
}

function compile(input: StandardJson): ReadonlyMap<string, string> {
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  expect(errors.map(({ formattedMessage }) => formattedMessage)).toEqual([])
  return new Map(
    Object.entries(output.contracts).flatMap(([unit, contracts]) =>
      Object.entries(contracts).map(
        ([contract, { evm }]) => [`${unit}:${contract}`, evm.bytecode.object] as const,
      ),
    ),
  )
}

function locatedInitCode(name: string, codes: ReadonlyMap<string, string>): string {
  const entry = entries.find((other) => other.name === name)
  return `${codes.get(entry?.contract ?? '')}${entry?.constructorArguments}`
}
