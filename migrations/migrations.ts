import { ReadModel } from './0001-read-model.ts'
import { ControlFacts } from './0002-control-facts.ts'
import { FinalizedViews } from './0003-finalized-views.ts'

/** Every migration, oldest first; applied ones are never edited. */
export const migrations = [ReadModel, ControlFacts, FinalizedViews]
