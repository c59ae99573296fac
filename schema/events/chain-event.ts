import type { ChainMarker, UndecodableLog } from './chain.ts'
import type { ControlFact } from './control-events.ts'
import type { DatanetEvent } from './datanet.ts'
import type { EpochEvent } from './epoch.ts'
import type { InferenceEvent } from './inference.ts'
import type { ModelEvent } from './model.ts'
import type { MoneyEvent } from './money.ts'

/** Every fact that came from a log of one of our contracts. */
export type ChainFact =
  | DatanetEvent
  | ModelEvent
  | MoneyEvent
  | InferenceEvent
  | EpochEvent
  | ControlFact
  | UndecodableLog

/** Everything in a `chain-<id>` stream. */
export type ChainEvent = ChainFact | ChainMarker
