import { join } from 'node:path'

/** Folders of the three stores: permanent artifacts, erasable rows, sealed calls. */
export const storePaths = (dir: string) => ({
  artifacts: join(dir, 'store'),
  rows: join(dir, 'rows'),
  calls: join(dir, 'calls'),
})
