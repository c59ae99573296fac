import { type AstNode, childOf, rangeOf } from '../ast-node.ts'
import type { Edit } from '../mutant.ts'

/** Removes a modifier without arguments, e.g. `restricted`; those with arguments may be base constructors. */
export function mutateModifier(node: AstNode): readonly Edit[] {
  if (node.nodeType !== 'ModifierInvocation' || node['kind'] === 'baseConstructorSpecifier')
    return []
  const name = childOf(node, 'modifierName')?.['name']
  if (typeof name !== 'string') return []
  const operator = accessModifiers.has(name) ? 'access-removed' : 'modifier-removed'
  const range = rangeOf(node)
  return [{ operator, ...range, replacement: '', shown: range }]
}

const accessModifiers = new Set(['restricted', 'onlyOwner', 'onlyRole', 'onlyGovernance'])
