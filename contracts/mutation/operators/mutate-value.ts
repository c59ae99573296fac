import { type AstNode, childOf, isBoolean, rangeOf } from '../ast-node.ts'
import type { Edit } from '../mutant.ts'
import type { SourceText } from '../source-text.ts'

/** Changes a value: number ± 1, truth value, negation, condition, what a function returns. */
export function mutateValue(
  node: AstNode,
  parent: AstNode | undefined,
  source: SourceText,
): readonly Edit[] {
  // A hash or an address compares with the literal 0 and with no other number.
  if (node.nodeType === 'Literal' && !/^(bytes|address)/.test(commonType(parent)))
    return mutateLiteral(node, source)
  if (node.nodeType === 'UnaryOperation' && node['operator'] === '!')
    return dropNegation(node, source)
  if (node.nodeType === 'IfStatement') return negateCondition(node, source)
  if (node.nodeType === 'Return') return mutateReturn(node, source)
  return []
}

function commonType(operation: AstNode | undefined): string {
  const type = operation?.['commonType'] as { typeString?: string } | undefined
  return type?.typeString ?? ''
}

function mutateLiteral(node: AstNode, source: SourceText): readonly Edit[] {
  const range = rangeOf(node)
  const text = source.slice(range.start, range.end)
  if (node['kind'] === 'bool') {
    const replacement = text === 'true' ? 'false' : 'true'
    return [{ operator: 'condition-negated', ...range, replacement, shown: range }]
  }
  const [number = ''] = text.split(/\s/)
  if (node['kind'] !== 'number' || !/^(0x[0-9a-fA-F_]+|[0-9_]+)$/.test(number)) return []
  return shiftNumber(number).map(([operator, replacement]) => ({
    operator,
    start: range.start,
    end: range.start + number.length,
    replacement,
    shown: range,
  }))
}

/** A number one higher and, unless it is zero, one lower, in its own notation. */
export function shiftNumber(
  number: string,
): readonly (readonly ['constant-up' | 'constant-down', string])[] {
  const value = BigInt(number.replaceAll('_', ''))
  const write = (shifted: bigint) =>
    number.startsWith('0x')
      ? `0x${shifted.toString(16).padStart(number.replaceAll('_', '').length - 2, '0')}`
      : shifted.toString()
  const up = ['constant-up', write(value + 1n)] as const
  return value === 0n ? [up] : [up, ['constant-down', write(value - 1n)]]
}

function dropNegation(node: AstNode, source: SourceText): readonly Edit[] {
  const range = rangeOf(node)
  const only = childOf(node, 'subExpression')
  if (only === undefined) return []
  const replacement = source.slice(rangeOf(only).start, rangeOf(only).end)
  return [{ operator: 'condition-negated', ...range, replacement, shown: range }]
}

/** Negates what no other operator of a condition can turn round: a call, a variable. */
function negateCondition(node: AstNode, source: SourceText): readonly Edit[] {
  const condition = childOf(node, 'condition')
  if (
    condition === undefined ||
    !['FunctionCall', 'Identifier', 'MemberAccess', 'IndexAccess'].includes(condition.nodeType)
  )
    return []
  const range = rangeOf(condition)
  const replacement = `!${source.slice(range.start, range.end)}`
  return [{ operator: 'condition-negated', ...range, replacement, shown: range }]
}

function mutateReturn(node: AstNode, source: SourceText): readonly Edit[] {
  const value = childOf(node, 'expression')
  if (value === undefined || value.nodeType === 'Literal') return []
  const range = rangeOf(value)
  const text = source.slice(range.start, range.end)
  const type = (value['typeDescriptions'] as { typeString?: string } | undefined)?.typeString ?? ''
  const replacement = isBoolean(value)
    ? `!(${text})`
    : /^u?int\d*$/.test(type)
      ? '0'
      : /^bytes\d+$/.test(type)
        ? `${type}(0)`
        : undefined
  if (replacement === undefined) return []
  return [{ operator: 'return-changed', ...range, replacement, shown: rangeOf(node) }]
}
