// Bundles one command of the command line with everything it imports into one file, and keeps it
// under node_modules/.cache: transpiling and resolving some 1,500 files takes most of a second.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Finds the bundle of a command, and makes it if there is none or a source has changed since.
 *
 * @param {string} root folder of the package
 * @param {string} command name of a command; `cli/commands/<command>.ts` exports `<command>Command`
 * @returns {Promise<string>} path of a CommonJS file that exports `run`; named after its content
 */
export async function bundleCommand(root, command) {
  const dir = join(root, 'node_modules/.cache/provenant')
  const known = readManifest(join(dir, `${command}.json`))
  if (known !== undefined && isFresh(root, known)) return join(dir, known.file)
  return build(root, command, dir, known)
}

function readManifest(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Compares each source with the time and size it had. */
function isFresh(root, { stamp, inputs }) {
  const same = ([path, time, length]) => {
    const { mtimeMs, size } = statSync(join(root, path), { throwIfNoEntry: false }) ?? {}
    return mtimeMs === time && size === length
  }
  return stamp === stampOf(root) && inputs.every(same)
}

/** Packages only change with the lock file, which the stamp of the installation stands for. */
function stampOf(root) {
  const installed = statSync(join(root, 'package-lock.json'))
  const bundler = statSync(import.meta.filename)
  return [installed, bundler].map(({ mtimeMs, size }) => `${mtimeMs}-${size}`).join(' ')
}

async function build(root, command, dir, previous) {
  const tsx = createRequire(join(root, 'package.json')).resolve('tsx')
  const { build: esbuild } = createRequire(tsx)('esbuild')
  const stamp = stampOf(root)
  const { outputFiles, metafile } = await esbuild({
    stdin: {
      contents: `
        import { ${command}Command } from './cli/commands/${command}.ts'
        import { runProgram } from './cli/run-program.ts'
        export const run = () => runProgram([${command}Command()])`,
      resolveDir: root,
      loader: 'ts',
    },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    write: false,
    metafile: true,
    logLevel: 'silent',
    // What a file knows of its place would be lost in silence.
    logOverride: { 'empty-import-meta': 'error' },
    plugins: [placeOfSources(root), missingPackages, fetchOfSquid],
  })
  const inputs = Object.keys(metafile.inputs)
    .filter((path) => !path.startsWith('node_modules/') && path !== '<stdin>')
    .map((path) => {
      const { mtimeMs, size } = statSync(join(root, path))
      return [path, mtimeMs, size]
    })
  const contents = outputFiles[0].text.replace(/[\u0080-\uffff]/g, escaped)
  // V8 takes a code cache for that of any source of the same length.
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16)
  const file = `${command}-${hash}.cjs`
  mkdirSync(dir, { recursive: true })
  replaceFile(join(dir, file), contents)
  replaceFile(join(dir, `${command}.json`), JSON.stringify({ file, stamp, inputs }))
  if (previous !== undefined && previous.file !== file)
    for (const old of [previous.file, `${previous.file}.v8`])
      rmSync(join(dir, old), { force: true })
  return join(dir, file)
}

/** One byte a character is read and compiled faster; esbuild escapes all but regular expressions. */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Another process may be reading the file, or writing it too. */
export function replaceFile(file, content) {
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, content)
  renameSync(fresh, file)
}

/** Our files go on knowing where they lie. */
const placeOfSources = (root) => ({
  name: 'place-of-sources',
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.startsWith(resolve(root, 'node_modules'))) return undefined
      const text = await readFile(path, 'utf8')
      if (!text.includes('import.meta.')) return undefined
      const contents = text
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      return { contents, loader: 'ts' }
    })
  },
})

/** Packages name optional ones (drivers of other databases) that are looked for only when used. */
const missingPackages = {
  name: 'missing-packages',
  setup(builder) {
    builder.onResolve(
      { filter: /^[^./]/ },
      async ({ path, kind, resolveDir, importer, pluginData }) => {
        if (pluginData === 'asked') return undefined
        const asked = { kind, resolveDir, importer, pluginData: 'asked' }
        const found = await builder.resolve(path, asked)
        return found.errors.length > 0 ? { path, external: true } : found
      },
    )
  },
}

/** Squid hides an import from TypeScript in a function; code in a `Script` cannot import by itself. */
const fetchOfSquid = {
  name: 'fetch-of-squid',
  setup(builder) {
    builder.onLoad({ filter: /@subsquid[/\\]http-client[/\\]esm\.js$/ }, () => ({
      contents: `
        const modules = { 'node-fetch': () => import('node-fetch') }
        exports.esm = (name) => modules[name]()`,
      loader: 'js',
    }))
  },
}
