import { keccak256, toHex } from 'viem'
import type { Hex } from '../../schema/events/event.ts'

/** A hash without meaning; the same name gives the same one in every run. */
export const someHash = (name: string): Hex => keccak256(toHex(`provenant gas bench ${name}`))
