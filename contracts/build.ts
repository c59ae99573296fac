import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderAbi } from './render-abi.ts'
import { runForge } from './run-forge.ts'

const folder = join(import.meta.dirname, 'abi')

async function readCommitted(): Promise<ReadonlyMap<string, string>> {
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
    ),
  )
}

async function compile(flags: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runForge(['build', '--skip', 'test', ...flags])
  if (exitCode === 0) return
  process.stderr.write(`${stdout}${stderr}`)
  process.exit(exitCode)
}

await compile([])
// `forge lint` leaves artifacts without bytecode behind, which forge then takes for up to date.
const rendered = await renderAbi().catch(() => compile(['--force']).then(renderAbi))
const committed = await readCommitted()
const changed = [...rendered].filter(([name, content]) => committed.get(name) !== content)
const superfluous = [...committed.keys()].filter((name) => !rendered.has(name))

if (process.argv.includes('--check')) {
  const stale = [...changed.map(([name]) => name), ...superfluous]
  if (stale.length > 0) {
    process.stderr.write(
      `contracts/abi is stale: ${stale.join(', ')}\nrun: npx tsx contracts/build.ts\n`,
    )
    process.exit(1)
  }
  process.stdout.write(`contracts/abi is up to date (${rendered.size} files)\n`)
} else {
  for (const [name, content] of changed) await writeFile(join(folder, name), content)
  for (const name of superfluous) await rm(join(folder, name))
  process.stdout.write(`contracts/abi: ${rendered.size} files, ${changed.length} changed\n`)
}
