import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const tools = import.meta.dirname
const { bundleCommand } = (await import(pathToFileURL(join(tools, 'bundle-command.mjs')).href)) as {
  bundleCommand(root: string, command: string): Promise<string>
}

let root: string

/** A package with one command that says a word and where its source lies. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'provenant-bundle-'))
  await mkdir(join(root, 'cli/commands'), { recursive: true })
  await mkdir(join(root, 'node_modules'))
  await symlink(join(tools, '../node_modules/tsx'), join(root, 'node_modules/tsx'))
  await mkdir(join(root, 'tools'))
  for (const tool of ['bundle-command.mjs', 'run-bundle.mjs'])
    await cp(join(tools, tool), join(root, 'tools', tool))
  await writeFile(join(root, 'package.json'), '{"type":"module"}')
  await writeFile(join(root, 'package-lock.json'), '{}')
  await writeFile(
    join(root, 'cli/run-program.ts'),
    'export const runProgram = async (commands: readonly (() => void)[]) => commands[0]!()',
  )
  await say('once')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function say(word: string, seconds = 1_700_000_000) {
  const path = join(root, 'cli/commands/say.ts')
  await writeFile(
    path,
    `import { basename } from 'node:path'
     export const sayCommand = (): (() => void) => () =>
       console.log('${word}', basename(import.meta.dirname), process.argv.slice(2).join(' '))`,
  )
  await utimes(path, seconds, seconds)
}

const run = async () => {
  const launcher = join(root, 'tools/run-bundle.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, 'say', '--loud'])
  return stdout.trim()
}

test('a bundled command runs with its arguments and knows where its source lies', async () => {
  expect(await run()).toBe('once commands say --loud')
})

test('a bundle is kept while no source changes, and replaced when one does', async () => {
  const first = await bundleCommand(root, 'say')
  expect(await bundleCommand(root, 'say')).toBe(first)
  // As long as the first, which is all that V8 compares for its code cache.
  await say('more', 1_700_000_001)
  const second = await bundleCommand(root, 'say')
  expect(second).not.toBe(first)
  expect(await run()).toBe('more commands say --loud')
  const kept = await readdir(join(root, 'node_modules/.cache/provenant'))
  expect(kept.filter((name) => name.endsWith('.cjs'))).toHaveLength(1)
})

test('two first starts at once do not disturb each other', async () => {
  expect(await Promise.all([run(), run()])).toEqual([
    'once commands say --loud',
    'once commands say --loud',
  ])
})
