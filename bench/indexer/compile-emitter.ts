import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Hex } from '../../schema/events/event.ts'

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Readonly<
    Record<
      string,
      Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>
    >
  >
}

/** Compiles the emitter of bursts into the code that a contract of its kind has on chain. */
export function compileEmitter(): Hex {
  const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
  const content = readFileSync(join(import.meta.dirname, 'BurstEmitter.sol'), 'utf8')
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { 'BurstEmitter.sol': { content } },
        settings: {
          optimizer: { enabled: true, runs: 1_000_000 },
          outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } },
        },
      }),
    ),
  ) as SolcOutput
  const error = output.errors?.find(({ severity }) => severity === 'error')
  const emitter = output.contracts['BurstEmitter.sol']?.['BurstEmitter']
  if (error !== undefined || emitter === undefined)
    throw new SyntaxError(error?.formattedMessage ?? 'no contract')
  return `0x${emitter.evm.deployedBytecode.object}`
}
