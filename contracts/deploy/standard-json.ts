import { readSources } from './read-sources.ts'

/** What an explorer compiles to compare with the code on the chain. */
export interface StandardJson {
  readonly language: 'Solidity'
  readonly sources: Readonly<Record<string, { readonly content: string }>>
  readonly settings: Readonly<Record<string, unknown>>
}

/** Compiler of `foundry.toml`, with the commit that explorers ask for. */
export const compilerVersion = 'v0.8.30+commit.73712a01'

/**
 * Makes the compiler's input for one contract, with the settings of `foundry.toml`.
 *
 * @param contract Name in Solidity, e.g. `Genesis`.
 * @param unit Its source unit, e.g. `src/Genesis.sol`.
 * @throws `SOURCE_MISSING`
 */
export async function standardJson(contract: string, unit: string): Promise<StandardJson> {
  const sources = await readSources(unit)
  return {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: {
      remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      optimizer: { enabled: true, runs: 200 },
      metadata: { useLiteralContent: false, bytecodeHash: 'none', appendCBOR: true },
      outputSelection: { [unit]: { [contract]: ['abi', 'evm.bytecode', 'evm.deployedBytecode'] } },
      evmVersion: 'prague',
      viaIR: false,
      libraries: {},
    },
  }
}
