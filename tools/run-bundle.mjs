// Runs a bundled command in this process, with V8's code cache beside the bundle.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'
import { bundleCommand, replaceFile } from './bundle-command.mjs'

/** Commands that last and are started often; the others are read as TypeScript. */
export const bundledCommands = ['indexer', 'projector']

/** Seconds of running after which what a start needs has been compiled. */
const warmAfter = 1

/**
 * Runs a command from its bundle.
 *
 * @param {string} root folder of the package
 * @param {string} command one of `bundledCommands`
 */
export async function runBundle(root, command) {
  const file = await bundleCommand(root, command)
  const source = readFileSync(file, 'latin1')
  const cacheFile = `${file}.v8`
  const cachedData = existsSync(cacheFile) ? readFileSync(cacheFile) : undefined
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
    {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    },
  )
  if (cachedData === undefined || script.cachedDataRejected === true)
    process.once('exit', () => {
      if (process.uptime() > warmAfter) replaceFile(cacheFile, script.createCachedData())
    })
  const module = { exports: {} }
  const require = createRequire(join(root, 'package.json'))
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  await module.exports.run()
}

if (process.argv[1] === import.meta.filename)
  await runBundle(join(import.meta.dirname, '..'), process.argv[2] ?? '')
