import { type AstNode, isAstNode } from './ast-node.ts'

/** Yields a node and everything under it, each with its ancestors from the nearest to the root. */
export function* walkAst(
  node: AstNode,
  ancestors: readonly AstNode[] = [],
): Generator<{ readonly node: AstNode; readonly ancestors: readonly AstNode[] }> {
  yield { node, ancestors }
  const below = [node, ...ancestors]
  for (const child of Object.values(node)) {
    for (const item of Array.isArray(child) ? child : [child]) {
      if (isAstNode(item)) yield* walkAst(item, below)
    }
  }
}
