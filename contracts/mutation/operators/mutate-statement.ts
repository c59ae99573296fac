import { type AstNode, childOf, childrenOf, rangeOf } from '../ast-node.ts'
import type { Edit, OperatorName } from '../mutant.ts'
import type { SourceText } from '../source-text.ts'
import { walkAst } from '../walk-ast.ts'

/**
 * Drops a whole statement: a guard, an assignment, a call, an event.
 *
 * @param parent - Without the step of a loop it would never end, so the head of a loop is left whole.
 */
export function mutateStatement(
  node: AstNode,
  parent: AstNode | undefined,
  source: SourceText,
): readonly Edit[] {
  if (parent?.nodeType === 'ForStatement' && parent['body'] !== node) return []
  const operator = operatorFor(node)
  if (operator === undefined) return []
  const { start, end } = rangeOf(node)
  // The range of a simple statement ends before its semicolon.
  const semicolon = source.slice(end, end + 1) === ';' ? 1 : 0
  return [
    {
      operator,
      start,
      end: end + semicolon,
      // A block, because the statement may be the whole body of an `if`.
      replacement: '{}',
      shown: { start, end: end + semicolon },
    },
  ]
}

function operatorFor(node: AstNode): OperatorName | undefined {
  if (node.nodeType === 'IfStatement') return guardOperator(node)
  if (node.nodeType === 'EmitStatement') return 'event-dropped'
  if (node.nodeType !== 'ExpressionStatement') return undefined
  const expression = childOf(node, 'expression')
  if (expression?.nodeType === 'Assignment') return 'assignment-dropped'
  if (expression?.nodeType === 'UnaryOperation') return 'assignment-dropped'
  if (expression?.nodeType !== 'FunctionCall') return undefined
  const called = childOf(expression, 'expression')?.['name']
  if (called === 'revert') return undefined
  return called === 'require' ? 'revert-removed' : 'call-dropped'
}

function guardOperator(node: AstNode): OperatorName | undefined {
  const body = childOf(node, 'trueBody')
  const condition = childOf(node, 'condition')
  if (body === undefined || condition === undefined || node['falseBody']) return undefined
  const only = body.nodeType === 'Block' ? childrenOf(body, 'statements')[0] : body
  if (only === undefined || !reverts(only)) return undefined
  return asksWhoCalls(condition) ? 'access-removed' : 'revert-removed'
}

function reverts(statement: AstNode): boolean {
  if (statement.nodeType === 'RevertStatement') return true
  const call = childOf(statement, 'expression')
  return call !== undefined && childOf(call, 'expression')?.['name'] === 'revert'
}

function asksWhoCalls(condition: AstNode): boolean {
  for (const { node } of walkAst(condition)) {
    const of = childOf(node, 'expression')
    if (node['memberName'] === 'sender' && of?.['name'] === 'msg') return true
  }
  return false
}
