/**
 * Creates the text beside a progress line: speed and time left, from what this run has covered since
 * its first report.
 *
 * @param now milliseconds of a clock that does not jump.
 */
export function describePace(now: () => number): (done: number, total: number) => string {
  let first: { readonly done: number; readonly at: number } | undefined
  return (done, total) => {
    first ??= { done, at: now() }
    const seconds = (now() - first.at) / 1000
    const covered = done - first.done
    if (seconds <= 0 || covered <= 0) return ''
    const left = Math.ceil(((total - done) / covered) * seconds)
    return `${Math.round(covered / seconds)}/s, ${describeSeconds(Math.max(0, left))} left`
  }
}

function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
