import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Mutant } from './mutant.ts'
import { SourceText } from './source-text.ts'

/** A copy of `contracts/` in which one mutant at a time can live; forge's cache stays between them. */
export interface Workspace {
  /** Where forge runs. */
  readonly root: string
  /** Puts the mutant's text in place of its source. */
  apply(mutant: Mutant): Promise<void>
  /** Puts the original text back. */
  restore(mutant: Mutant): Promise<void>
  /**
   * Copies some files, as they are now, beside this workspace, where forge can compile them without links.
   *
   * @param name - The same name gets the same folder, with what is compiled there.
   * @returns Where forge runs.
   */
  copyFiles(name: string, files: readonly string[]): Promise<string>
  /** A second workspace with everything compiled that is compiled here. */
  duplicate(folder: string): Promise<Workspace>
}

/**
 * Copies sources, tests and settings of a Foundry project into a folder.
 *
 * @param project - Folder with `foundry.toml`, whose compiler is `../tools/…` and whose packages are `../node_modules`.
 * @param folder - Must not exist; gets `contracts/` beside links to tools and packages.
 * @param omitted - Names of Solidity files to leave out, with `.sol` and `.t.sol`.
 */
export async function createWorkspace(
  project: string,
  folder: string,
  omitted: readonly string[] = [],
): Promise<Workspace> {
  const root = join(folder, 'contracts')
  await mkdir(root, { recursive: true })
  const wanted = (path: string) => !omitted.some((name) => basename(path).split('.')[0] === name)
  for (const name of ['src', 'test'])
    await cp(join(project, name), join(root, name), { recursive: true, filter: wanted })
  await cp(join(project, 'foundry.toml'), join(root, 'foundry.toml'))
  await link(join(project, '..'), folder)
  return openWorkspace(folder)
}

async function link(from: string, to: string): Promise<void> {
  const links = [
    [join(from, 'tools'), join(to, 'tools')],
    [join(from, 'node_modules'), join(to, 'node_modules')],
    ['../node_modules', join(to, 'contracts', 'node_modules')],
  ] as const
  for (const [target, path] of links) {
    await rm(path, { force: true })
    await symlink(target, path, 'dir')
  }
}

function openWorkspace(folder: string): Workspace {
  const root = join(folder, 'contracts')
  const originals = new Map<string, string>()
  const pathOf = ({ file }: Mutant) => join(root, 'src', file)
  const originalOf = async (mutant: Mutant) => {
    const known = originals.get(mutant.file) ?? (await readFile(pathOf(mutant), 'utf8'))
    originals.set(mutant.file, known)
    return known
  }
  return {
    root,
    async apply(mutant) {
      const { start, end, replacement } = mutant.edit
      const source = new SourceText(await originalOf(mutant))
      await writeFile(pathOf(mutant), source.replace(start, end, replacement))
    },
    async restore(mutant) {
      await writeFile(pathOf(mutant), await originalOf(mutant))
    },
    async copyFiles(name, files) {
      const parent = join(folder, name)
      const copy = join(parent, 'contracts')
      await rm(join(copy, 'src'), { recursive: true, force: true })
      await rm(join(copy, 'test'), { recursive: true, force: true })
      await mkdir(copy, { recursive: true })
      for (const path of [...files, 'foundry.toml']) await cp(join(root, path), join(copy, path))
      await link(folder, parent)
      return copy
    },
    async duplicate(other) {
      await rm(other, { recursive: true, force: true })
      await cp(folder, other, { recursive: true, verbatimSymlinks: true })
      return openWorkspace(other)
    },
  }
}
