import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file system of its own that can be filled up. */
export interface SmallVolume extends Disposable {
  readonly path: string
  /** Takes all space but `freeKiB`, or gives it back. */
  fill(freeKiB: number | 'all'): void
}

/** Mounts a volume of `mebibytes` at `path`; undefined where this machine does not permit that. */
export function mountSmallVolume(path: string, mebibytes: number): SmallVolume | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  mkdirSync(path, { recursive: true })
  const options = `size=${mebibytes}m,uid=65534,gid=65534,mode=0700`
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  if (mounted.status !== 0) return undefined
  const ballast = join(path, 'ballast')
  const unmount = () => {
    spawnSync('umount', ['--lazy', path])
  }
  process.once('exit', unmount)
  return {
    path,
    fill(freeKiB) {
      rmSync(ballast, { force: true })
      if (freeKiB === 'all') return
      const { bavail, bsize } = statfsSync(path)
      const take = bavail * bsize - freeKiB * 1024
      if (take > 0) writeFileSync(ballast, Buffer.alloc(take))
    },
    [Symbol.dispose]() {
      process.off('exit', unmount)
      unmount()
    },
  }
}
