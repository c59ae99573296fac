import { ReadModel } from './0001-read-model.ts'

/** Every migration, oldest first; applied ones are never edited. */
export const migrations = [ReadModel]
