/** What happens to the heads that a node tells over its WebSocket; shares of all heads. */
export interface HeadFaults {
  /** Told twice. */
  readonly twice?: number
  /** Told after the next one. */
  readonly late?: number
  /** Not told at all. */
  readonly lost?: number
  /** Told with half the JSON; any message, not only heads. */
  readonly truncated?: number
}
