/** A node of solc's AST: only what all nodes have is typed, the rest is looked up by name. */
export interface AstNode {
  readonly nodeType: string
  /** `start:length:file` in UTF-8 bytes. */
  readonly src: string
  readonly [field: string]: unknown
}

/** Where a node begins and ends in its source, in UTF-8 bytes. */
export function rangeOf(node: AstNode): { readonly start: number; readonly end: number } {
  const [start = 0, length = 0] = node.src.split(':').map(Number)
  return { start, end: start + length }
}

/** The child that solc puts under `field`; undefined if the node has none there. */
export function childOf(node: AstNode, field: string): AstNode | undefined {
  const child = node[field]
  return isAstNode(child) ? child : undefined
}

/** The nodes that solc puts under `field` as a list; empty if there are none. */
export function childrenOf(node: AstNode, field: string): readonly AstNode[] {
  const children = node[field]
  return Array.isArray(children) ? children.filter(isAstNode) : []
}

/** True if the compiler says that the expression is a `bool`. */
export function isBoolean(node: AstNode): boolean {
  const type = node['typeDescriptions'] as { typeString?: string } | undefined
  return type?.typeString === 'bool'
}

/** True for whatever has the shape of an AST node. */
export function isAstNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value
}
