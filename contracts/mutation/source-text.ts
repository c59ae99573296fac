/** Solidity text addressed by UTF-8 bytes, as solc addresses it. */
export class SourceText {
  readonly #bytes: Buffer

  constructor(text: string) {
    this.#bytes = Buffer.from(text, 'utf8')
  }

  slice(start: number, end: number): string {
    return this.#bytes.subarray(start, end).toString('utf8')
  }

  /** The whole text with `[start, end)` replaced. */
  replace(start: number, end: number, replacement: string): string {
    return `${this.slice(0, start)}${replacement}${this.slice(end, this.#bytes.length)}`
  }

  /** Line and column of a byte, both from 1, the column in characters. */
  position(byte: number): { readonly line: number; readonly column: number } {
    const lines = this.slice(0, byte).split('\n')
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  }

  /** Byte range of the first `token` between two bytes that is not in a comment; undefined if none is. */
  find(token: string, from: number, to: number): { start: number; end: number } | undefined {
    const blanked = this.slice(from, to).replaceAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) =>
      ' '.repeat(Buffer.byteLength(comment)),
    )
    const at = blanked.indexOf(token)
    return at < 0 ? undefined : { start: from + at, end: from + at + token.length }
  }
}
