import type { Hex } from '../schema/events/event.ts'

/**
 * Marks the time between sending a batch and moving its lanes: in between, the chain may already
 * show charges that the lanes still hold as pending, so reading an account would count them twice.
 */
export interface Settlement {
  /** Starts a batch with lanes of these payers; call the result when the lanes have moved. */
  begin(payers: ReadonlySet<Hex>): () => void
  touches(payer: Hex): boolean
  /** Changes with every begin and end. */
  readonly generation: number
  /** Resolves when no batch is being settled. */
  done(): Promise<void>
}

/** Starts out idle; there is one batch at a time. */
export function createSettlement(): Settlement {
  let generation = 0
  let payers: ReadonlySet<Hex> = new Set()
  let running = Promise.resolve()
  return {
    begin(touched) {
      generation += 1
      payers = touched
      let finish = () => {}
      running = new Promise((resolve) => {
        finish = resolve
      })
      return () => {
        generation += 1
        payers = new Set()
        finish()
      }
    },
    touches: (payer) => payers.has(payer),
    get generation() {
      return generation
    },
    done: () => running,
  }
}
