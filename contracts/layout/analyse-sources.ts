import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { makeNamespacedInput, solcInputOutputDecoder, validate } from '@openzeppelin/upgrades-core'

/** What upgrades-core found out about each contract, by `<source>:<contract>`. */
export type SourceAnalysis = ReturnType<typeof validate>

type SolcInput = Parameters<typeof makeNamespacedInput>[0]
type SolcOutput = Parameters<typeof makeNamespacedInput>[1]

interface Solc {
  compile(
    input: string,
    callbacks?: { readonly import: (path: string) => { readonly contents: string } },
  ): string
}

const require = createRequire(import.meta.url)
const { version } = require('solc/package.json') as { readonly version: string }

/**
 * Reads types and storage layouts of contracts, ERC-7201 namespaces included, without generating code.
 *
 * @param paths - Relative to `contracts/`, e.g. `src/ModelRegistry.sol`; imports are followed.
 * @throws {TypeError} with the compiler's messages when a source does not compile.
 */
export function analyseSources(paths: readonly string[]): SourceAnalysis {
  const sources: Record<string, { readonly content: string }> = {}
  const read = (path: string) => {
    const folder = path.startsWith('@') ? join('..', 'node_modules') : ''
    const contents = readFileSync(join(import.meta.dirname, '..', folder, path), 'utf8')
    sources[path] = { content: contents }
    return { contents }
  }
  for (const path of paths) read(path)
  const settings = {
    evmVersion: 'prague',
    outputSelection: { '*': { '': ['ast'], '*': ['storageLayout'] } },
  }
  const language = 'Solidity'
  const output = compile({ language, sources: { ...sources }, settings }, read)
  const input = { language, sources, settings } as SolcInput
  const namespaced = compile(makeNamespacedInput(input, output, version))
  return validate(output, solcInputOutputDecoder(input, output), version, input, namespaced)
}

function compile(
  input: unknown,
  read?: (path: string) => { readonly contents: string },
): SolcOutput {
  const solc = require('solc') as Solc
  const output = JSON.parse(solc.compile(JSON.stringify(input), read && { import: read })) as {
    readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
    readonly contracts: Record<string, Record<string, { evm?: unknown }>>
  }
  const errors = output.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (errors.length > 0)
    throw new TypeError(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  // upgrades-core reads the bytecode of every contract, only to tell deployed versions apart.
  for (const contract of Object.values(output.contracts).flatMap((file) => Object.values(file)))
    contract.evm = { bytecode: { object: '', linkReferences: {} } }
  return output as unknown as SolcOutput
}
