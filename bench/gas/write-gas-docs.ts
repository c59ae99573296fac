import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderGasDocs } from './render-gas-docs.ts'

const root = join(import.meta.dirname, '../..')
const result: unknown = JSON.parse(await readFile(join(root, 'bench/results/gas.json'), 'utf8'))
await writeFile(join(root, 'docs/contracts/gas.md'), renderGasDocs(result))
