import { type AstNode, childOf, rangeOf } from '../ast-node.ts'
import type { Edit, OperatorName } from '../mutant.ts'
import type { SourceText } from '../source-text.ts'

const swaps: Readonly<Record<string, readonly (readonly [OperatorName, string])[]>> = {
  '<': [
    ['compare-boundary', '<='],
    ['compare-negated', '>='],
  ],
  '<=': [
    ['compare-boundary', '<'],
    ['compare-negated', '>'],
  ],
  '>': [
    ['compare-boundary', '>='],
    ['compare-negated', '<='],
  ],
  '>=': [
    ['compare-boundary', '>'],
    ['compare-negated', '<'],
  ],
  '==': [['compare-negated', '!=']],
  '!=': [['compare-negated', '==']],
  '+': [['arithmetic', '-']],
  '-': [['arithmetic', '+']],
  '*': [['arithmetic', '/']],
  '/': [['arithmetic', '*']],
  '%': [['arithmetic', '*']],
  '<<': [['arithmetic', '>>']],
  '>>': [['arithmetic', '<<']],
  '&': [['arithmetic', '|']],
  '|': [['arithmetic', '&']],
  '^': [['arithmetic', '&']],
  '+=': [['arithmetic', '-=']],
  '-=': [['arithmetic', '+=']],
  '*=': [['arithmetic', '/=']],
  '/=': [['arithmetic', '*=']],
  '++': [['arithmetic', '--']],
  '--': [['arithmetic', '++']],
  '&&': [['logic', '||']],
  '||': [['logic', '&&']],
}

/** Swaps the operator of a comparison, a calculation or a junction for its neighbours. */
export function mutateOperation(node: AstNode, source: SourceText): readonly Edit[] {
  const token = findToken(node, source)
  if (token === undefined) return []
  return (swaps[String(node['operator'])] ?? []).map(([operator, replacement]) => ({
    operator,
    ...token,
    replacement,
    shown: rangeOf(node),
  }))
}

/** The AST does not say where the operator itself stands: it is between or beside the operands. */
function findToken(node: AstNode, source: SourceText): { start: number; end: number } | undefined {
  const operator = String(node['operator'])
  const { start, end } = rangeOf(node)
  const left = childOf(node, 'leftExpression') ?? childOf(node, 'leftHandSide')
  const right = childOf(node, 'rightExpression') ?? childOf(node, 'rightHandSide')
  if (left !== undefined && right !== undefined)
    return source.find(operator, rangeOf(left).end, rangeOf(right).start)
  const only = childOf(node, 'subExpression')
  if (only === undefined) return undefined
  return node['prefix'] === true
    ? source.find(operator, start, rangeOf(only).start)
    : source.find(operator, rangeOf(only).end, end)
}
