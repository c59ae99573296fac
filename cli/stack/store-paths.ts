import { join } from 'node:path'

/** Folders of the three stores: permanent artifacts, erasable rows, sealed calls. */
export const storePaths = (dir: string) => ({
  artifacts: join(dir, 'store'),
  rows: join(dir, 'rows'),
  calls: join(dir, 'calls'),
})

/** Folder of the adapters that the GPU server reads, as PEFT directories. */
export const adaptersPath = (dir: string) => join(dir, 'adapters')
