import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'
import type { Hex } from '../../schema/events/event.ts'

const compilerSchema = z.object({
  compile: z.custom<(input: string) => string>((value) => typeof value === 'function'),
})

const outputSchema = z.object({
  contracts: z.object({
    'StubPortal.sol': z.object({
      StubPortal: z.object({
        evm: z.object({ bytecode: z.object({ object: z.string().regex(/^[0-9a-f]+$/) }) }),
      }),
    }),
  }),
})

/** Compiles the stand-in for the portal, which is no part of the committed ABIs. */
export async function compileStubPortal(): Promise<Hex> {
  const content = await readFile(join(import.meta.dirname, '../test/StubPortal.sol'), 'utf8')
  const { compile } = compilerSchema.parse(createRequire(import.meta.url)('solc'))
  const output = compile(
    JSON.stringify({
      language: 'Solidity',
      sources: { 'StubPortal.sol': { content } },
      settings: {
        evmVersion: 'prague',
        outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
      },
    }),
  )
  const { contracts } = outputSchema.parse(JSON.parse(output))
  return `0x${contracts['StubPortal.sol'].StubPortal.evm.bytecode.object}`
}
