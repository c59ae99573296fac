#!/usr/bin/env node
// forge only ever asks for `--version` and `--standard-json` with every source inlined on stdin,
// so the wasm compiler of npm stands in for a native solc that no registry of npm carries.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)
const { version: packageVersion } = require('solc/package.json')
const cacheFolder = join(dirname(fileURLToPath(import.meta.url)), '../contracts/cache')
const cachedVersion = join(cacheFolder, `solc-${packageVersion}.version`)

// Loading the 9 MB compiler only to print a version costs 0.3 s per forge command.
function compilerVersion() {
  try {
    return readFileSync(cachedVersion, 'utf8')
  } catch {
    const version = require('solc').version()
    mkdirSync(cacheFolder, { recursive: true })
    writeFileSync(cachedVersion, version)
    return version
  }
}

const flags = process.argv.slice(2)
if (flags.includes('--version')) {
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${compilerVersion()}\n`,
  )
} else if (flags.includes('--standard-json')) {
  const output = require('solc').compile(readFileSync(0, 'utf8'))
  // The wasm runtime installs exit handlers of its own; exit only once the pipe is drained.
  process.stdout.write(output, () => process.exit(0))
} else {
  process.stderr.write(`solc-wasm: unsupported flags: ${flags.join(' ')}\n`)
  process.exit(1)
}
