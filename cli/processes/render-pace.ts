/** Where one chain is, for the line of a terminal and for the log. */
export interface ChainPace {
  readonly chainId: number
  /** `running` and the like; shown when it is another. */
  readonly state: string
  /** `block 7/9` or `event 7`. */
  readonly place: string
  readonly eventsPerSecond: number
  /** Blocks or events that are missing; undefined while that is not known. */
  readonly behind: number | undefined
  readonly unit: 'blocks' | 'events'
  /** Age of the newest thing that is there. */
  readonly lagSeconds: number | undefined
  readonly secondsLeft: number | undefined
}

/** Writes the pace of one chain in a few words. */
export function renderPace(pace: ChainPace): string {
  const { chainId, state, place, eventsPerSecond, behind, unit, lagSeconds, secondsLeft } = pace
  const lag = lagSeconds === undefined ? '' : `, newest ${renderSeconds(lagSeconds)} old`
  const parts = [
    place,
    `${Math.round(eventsPerSecond)} events/s`,
    ...(behind === undefined
      ? []
      : [behind === 0 ? `at the head${lag}` : `${behind} ${unit} behind${lag}`]),
    ...(behind && secondsLeft !== undefined ? [`${renderSeconds(secondsLeft)} left`] : []),
    ...(state === 'running' ? [] : [state]),
  ]
  return `chain ${chainId}: ${parts.join(', ')}`
}

/** `5 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function renderSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`
}
