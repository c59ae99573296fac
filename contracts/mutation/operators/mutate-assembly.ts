import { type AstNode, childOf, rangeOf } from '../ast-node.ts'
import type { Edit, OperatorName } from '../mutant.ts'
import type { SourceText } from '../source-text.ts'
import { shiftNumber } from './mutate-value.ts'

const swaps: Readonly<Record<string, readonly [OperatorName, string]>> = {
  add: ['arithmetic', 'sub'],
  sub: ['arithmetic', 'add'],
  mul: ['arithmetic', 'add'],
  div: ['arithmetic', 'mul'],
  mod: ['arithmetic', 'div'],
  and: ['arithmetic', 'or'],
  or: ['arithmetic', 'and'],
  xor: ['arithmetic', 'and'],
  shl: ['arithmetic', 'shr'],
  shr: ['arithmetic', 'shl'],
  lt: ['compare-negated', 'gt'],
  gt: ['compare-negated', 'lt'],
  eq: ['compare-negated', 'lt'],
}

/** Swaps instructions of inline assembly, shifts its numbers by one and drops its statements. */
export function mutateAssembly(node: AstNode, source: SourceText): readonly Edit[] {
  const range = rangeOf(node)
  if (node.nodeType === 'YulLiteral' && node['kind'] === 'number') {
    return shiftNumber(source.slice(range.start, range.end)).map(([operator, replacement]) => ({
      operator,
      ...range,
      replacement,
      shown: range,
    }))
  }
  if (node.nodeType === 'YulAssignment')
    return [{ operator: 'assignment-dropped', ...range, replacement: '', shown: range }]
  if (node.nodeType === 'YulExpressionStatement')
    return [{ operator: 'call-dropped', ...range, replacement: '', shown: range }]
  if (node.nodeType !== 'YulFunctionCall') return []
  const name = childOf(node, 'functionName')
  const swap = swaps[String(name?.['name'])]
  if (name === undefined || swap === undefined) return []
  return [{ operator: swap[0], ...rangeOf(name), replacement: swap[1], shown: range }]
}
