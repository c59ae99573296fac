import { createRequire } from 'node:module'
import { z } from 'zod'
import { BaseError } from '../../schema/errors.ts'
import { type AstNode, isAstNode } from './ast-node.ts'

const require = createRequire(import.meta.url)

const outputSchema = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  sources: z
    .record(z.string(), z.object({ ast: z.custom<AstNode>(isAstNode).optional() }))
    .default({}),
})

/**
 * Parses Solidity with the compiler of npm, with types, without generating code.
 *
 * @param sources - Path → text of what is to be parsed.
 * @param resolve - Text of an imported path; undefined if there is none.
 * @returns Path → source unit, for exactly the paths of `sources`.
 * @throws `CONTRACTS_INVALID` with the first error of the compiler.
 */
export function parseSolidity(
  sources: ReadonlyMap<string, string>,
  resolve: (path: string) => string | undefined,
): ReadonlyMap<string, AstNode> {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries([...sources].map(([path, content]) => [path, { content }])),
    settings: {
      remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      outputSelection: Object.fromEntries(
        [...sources.keys()].map((path) => [path, { '': ['ast'] }]),
      ),
    },
  }
  const solc = require('solc') as {
    compile(input: string, callbacks: { import(path: string): object }): string
  }
  const load = (path: string) => {
    const contents = resolve(path)
    return contents === undefined ? { error: 'not found' } : { contents }
  }
  const output = outputSchema.parse(
    JSON.parse(solc.compile(JSON.stringify(input), { import: load })),
  )
  const error = output.errors.find(({ severity }) => severity === 'error')
  if (error !== undefined)
    throw new BaseError('CONTRACTS_INVALID', { facts: { compiler: error.formattedMessage.trim() } })
  return new Map([...sources.keys()].map((path) => [path, output.sources[path]?.ast as AstNode]))
}
