/** How far a step of a replay is. */
export interface ReplayProgress {
  readonly step: 'chain into log' | 'epochs from artifacts' | 'log into tables'
  readonly done: number
  readonly total: number
}
