#!/usr/bin/env node
// Runs `test` or any `provenant` command on a machine that has only Node and npm.
// Plain JavaScript, because Node 20 cannot read TypeScript before the dependencies are there.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundledCommands, runBundle } from './run-bundle.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [command = '--help', ...args] = process.argv.slice(2)

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Provenant needs Node 20.19 or newer; this is ${process.version}.\n`)
  process.exit(2)
}

// Commands of the repository; every other one is a subcommand of `provenant`.
const scripts = {
  bench: 'bench/run.ts',
  'contracts:mutate': 'contracts/mutation/run.ts',
  'contracts:test': 'contracts/test-contracts.ts',
  'test:faults': 'test/faults/run.ts',
}

install()
if (command === 'test') run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args], root)
else if (bundledCommands.includes(command)) await runBundle(root, command)
else if (command !== 'setup') {
  const loader = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
  const script = scripts[command]
  const entry = script === undefined ? ['cli/main.ts', command] : [script]
  run(['--import', loader, join(root, entry[0]), ...entry.slice(1), ...args], process.cwd())
}

/** Installs the locked dependencies once; the stamp holds the lock file's hash and the platform. */
function install() {
  const key = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}-${major}`)
    .digest('hex')
  const stamp = join(root, 'node_modules', '.provenant-setup')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  process.stderr.write('Installing the locked dependencies with npm ci (once, about a minute) …\n')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
  writeFileSync(stamp, key)
}

function run(nodeArgs, cwd) {
  const child = spawn(process.execPath, nodeArgs, { cwd, stdio: 'inherit' })
  // A terminal sends Ctrl-C to both processes; a supervisor sends its signals only to this one.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT')
  })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}
