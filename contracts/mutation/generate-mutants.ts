import type { AstNode } from './ast-node.ts'
import type { Edit, Mutant } from './mutant.ts'
import { mutateAssembly } from './operators/mutate-assembly.ts'
import { mutateModifier } from './operators/mutate-modifier.ts'
import { mutateOperation } from './operators/mutate-operation.ts'
import { mutateStatement } from './operators/mutate-statement.ts'
import { mutateValue } from './operators/mutate-value.ts'
import { SourceText } from './source-text.ts'
import { walkAst } from './walk-ast.ts'

/** Where a change would alter a name, a type or an error's text, but nothing that the contract does. */
const indifferent = new Set([
  'ArrayTypeName',
  'ErrorDefinition',
  'EventDefinition',
  'ImportDirective',
  'PragmaDirective',
  'RevertStatement',
  'StructDefinition',
])

/**
 * Generates every mutant of one source, ordered by position and operator.
 *
 * @param file - Path relative to `contracts/src`; it becomes part of the ids.
 * @param ast - The source unit as solc prints it for exactly this text.
 */
export function generateMutants(file: string, text: string, ast: AstNode): readonly Mutant[] {
  const source = new SourceText(text)
  const mutants: Mutant[] = []
  for (const { node, ancestors } of walkAst(ast)) {
    if (ancestors.some(({ nodeType }) => indifferent.has(nodeType))) continue
    for (const edit of editsOf(node, ancestors[0], source))
      mutants.push(describe(file, source, edit, scopeOf(ancestors)))
  }
  return mutants.sort((a, b) => a.edit.start - b.edit.start || (a.operator < b.operator ? -1 : 1))
}

function editsOf(node: AstNode, parent: AstNode | undefined, source: SourceText): readonly Edit[] {
  if (node.nodeType.startsWith('Yul')) return mutateAssembly(node, source)
  return [
    ...mutateOperation(node, source),
    ...mutateStatement(node, parent, source),
    ...mutateValue(node, parent, source),
    ...mutateModifier(node),
  ]
}

function describe(file: string, source: SourceText, edit: Edit, scope: string): Mutant {
  const { line, column } = source.position(edit.start)
  const { start, end } = edit.shown
  const mutated = `${source.slice(start, edit.start)}${edit.replacement}${source.slice(edit.end, end)}`
  return {
    id: `${file}:${line}:${column}:${edit.operator}`,
    file,
    line,
    column,
    operator: edit.operator,
    scope,
    original: onOneLine(source.slice(start, end)),
    mutated: onOneLine(mutated),
    edit,
  }
}

function scopeOf(ancestors: readonly AstNode[]): string {
  const owner = ancestors.find(({ nodeType }) =>
    ['FunctionDefinition', 'ModifierDefinition', 'ContractDefinition'].includes(nodeType),
  )
  if (owner === undefined) return ''
  return owner['kind'] === 'constructor' ? 'constructor' : String(owner['name'])
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
