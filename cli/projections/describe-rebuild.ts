import type { RebuildProgress } from '../../indexer/project/generations/rebuild-projection.ts'

/**
 * Creates the text beside the progress of a rebuild: speed and time left.
 *
 * @param now milliseconds of a clock that does not jump.
 */
export function describeRebuild(now: () => number): (progress: RebuildProgress) => string {
  const began = now()
  let first: bigint | undefined
  return ({ events, position, target }) => {
    first ??= position
    const seconds = (now() - began) / 1000
    if (seconds <= 0) return ''
    const speed = `${Math.round(events / seconds)} events/s`
    const covered = Number(position - first)
    if (covered <= 0) return speed
    const left = Math.ceil((Number(target - position) / covered) * seconds)
    return `${speed}, ${left} s left`
  }
}
