// Adds the platform packages that a registry mirror did not serve to package-lock.json, so that
// `npm ci` accepts the lock and other systems install their own binaries. Run after `npm install`.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const cpus = { amd64: 'x64', arm64: 'arm64', x64: 'x64' }
let added = 0
for (const [parent, entry] of Object.entries(lock.packages)) {
  if (parent === '') continue
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    const match = /-(android|darwin|linux|win32)-(amd64|arm64|x64)(-musl)?$/.exec(name)
    if (lock.packages[key] !== undefined || match === null) continue
    const [, os, cpu, musl] = match
    lock.packages[key] = {
      version,
      cpu: [cpus[cpu]],
      ...(entry.dev === true ? { dev: true } : {}),
      ...(musl === undefined ? {} : { libc: ['musl'] }),
      optional: true,
      os: [os],
    }
    added += 1
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)),
)
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added} platform packages added\n`)
