import type { Hex } from '../../schema/events/event.ts'

/** Writes an address the way events hold it. */
export const lower = (address: Hex): Hex => address.toLowerCase() as Hex
