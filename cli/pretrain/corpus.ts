import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import type { CorpusPart } from '../../gpu/training/draw-batch.ts'
import { chainCards } from './chain-cards.ts'
import { natspecCards } from './natspec-cards.ts'

const require = createRequire(import.meta.url)
const packageRoot = (name: string): string => dirname(require.resolve(`${name}/package.json`))

async function concatenate(root: string, wanted: (path: string) => boolean): Promise<Buffer> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(wanted)
    .sort()
  const texts: string[] = []
  for (const path of paths) texts.push(await readFile(join(root, path), 'latin1'))
  return toPlainAscii(texts.join('\n'))
}

/** Long hexadecimal strings cannot be predicted, so they only cost training time. */
const toPlainAscii = (text: string): Buffer =>
  Buffer.from(text.replace(/[^\n\x20-\x7e]/g, '').replace(/0x[0-9a-fA-F]{20,}/g, '0x'), 'latin1')

/**
 * Reads the pretraining text from installed dependencies: cards about viem's chains and about what
 * the NatSpec of OpenZeppelin documents, and the plain Solidity and TypeScript of both packages
 * (files in path order, printable ASCII and newlines).
 */
export async function readCorpus(): Promise<readonly CorpusPart[]> {
  const viem = packageRoot('viem')
  const compiled = /(^|\/)(_types|_esm|_cjs|node_modules|trusted-setups)\//
  const [solidity, typescript] = await Promise.all([
    concatenate(packageRoot('@openzeppelin/contracts'), (path) => path.endsWith('.sol')),
    concatenate(
      viem,
      (path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !compiled.test(path),
    ),
  ])
  const encode = (card: string): Uint8Array => Buffer.from(card, 'latin1')
  return [
    { records: chainCards().map(encode), weight: 0.52 },
    { records: natspecCards().map(encode), weight: 0.38 },
    { records: [solidity], weight: 0.06 },
    { records: [typescript], weight: 0.04 },
  ]
}
