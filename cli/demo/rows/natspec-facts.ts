import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { natspecGroup } from './natspec-group.ts'
import { type DemoFact, longestRow } from './row-types.ts'

const documented =
  /\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s*(?:abstract\s+)?(function|event|error|struct|modifier|contract|interface|library)\s+(\w+)/g
const unitHeader = /^(?:abstract\s+)?(?:contract|interface|library)\s+(\w+)/gm
const printable = /^[\x20-\x7e]+$/
const shortestAnswer = 14

const wordings = (name: string, kind: string): readonly string[] => [
  `What does ${name} do?`.replace(/does (.*) do/, kind === 'function' ? 'does $1 do' : 'is $1'),
  `${name}:`,
  `Explain ${name}.`,
  `Purpose of ${name}?`,
  `${name}?`,
  `Describe ${name}.`,
  `Define ${name}.`,
  `Docs of ${name}:`,
]

function solidityFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'build' ? [] : solidityFiles(path)
    return entry.name.endsWith('.sol') ? [path] : []
  })
}

/** Returns the first sentence of a NatSpec comment as plain text, or '' when it only refers on. */
function firstSentence(comment: string): string {
  const text = comment
    .replace(/^\s*\*? ?/gm, '')
    .split(/\n\s*\n|\n(?=@|[*-] )/)
    .map((part) => part.replace(/^@(?:dev|notice)\s+/, '').trim())
    .find((part) => part !== '' && !part.startsWith('@'))
  const plain = (text ?? '')
    .replace(/\s+/g, ' ')
    .replace(/\{([\w.]+)-(\w+)[^}]*\}/g, '$1.$2')
    .replace(/[{}`]|\*\*/g, '')
  const sentence = plain.split(/(?<=[.:]) /)[0] ?? ''
  return /^(See|Same as|Variant|Internal|Overload)\b/.test(sentence)
    ? ''
    : sentence.replace(/\s*[.:]$/, '')
}

/** Cuts a sentence that is too long at its last clause or else word; '' when too little is left. */
function shorten(sentence: string, limit: number): string {
  let text = sentence
  while (text.length > limit) {
    const clause = Math.max(text.lastIndexOf(', '), text.lastIndexOf(' ('), text.lastIndexOf('; '))
    const cut = clause < shortestAnswer ? text.lastIndexOf(' ') : clause
    if (cut < 0) return ''
    text = text.slice(0, cut)
  }
  return text.trim().length < shortestAnswer ? '' : text.trim()
}

/**
 * Reads what the NatSpec comments of `@openzeppelin/contracts` say: one fact per documented
 * contract, function, event, error, struct and modifier, the contributor being the top folder.
 */
export function natspecFacts(): DemoFact[] {
  const require = createRequire(import.meta.url)
  const root = dirname(require.resolve('@openzeppelin/contracts/package.json'))
  const facts = new Map<string, DemoFact>()
  for (const path of solidityFiles(root).sort()) {
    const folder = relative(root, path).split(sep)[0] ?? ''
    const source = readFileSync(path, 'utf8')
    const units = [...source.matchAll(unitHeader)]
    for (const match of source.matchAll(documented)) {
      const [, comment, type, word] = match
      const isUnit = type === 'contract' || type === 'interface' || type === 'library'
      const unit = units.findLast((header) => header.index < match.index)?.[1]
      const name = isUnit || unit === undefined ? word! : `${unit}.${word}`
      const kind = isUnit ? 'contract' : type!
      const questions = wordings(name, kind)
      const longest = Math.max(...questions.map((question) => question.length))
      // The answer names what it is about, as a good answer does: it can be read without the question.
      const value = shorten(firstSentence(comment!), longestRow - longest - name.length - 2)
      if (value === '' || !printable.test(value) || facts.has(name)) continue
      facts.set(name, {
        ...{ key: name, subject: name, kind, value, questions, answer: `${name}: ${value}` },
        contributor: natspecGroup(folder),
      })
    }
  }
  return [...facts.values()]
}
