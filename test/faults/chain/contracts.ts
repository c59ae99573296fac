import type { Deployment } from '../../../schema/deployment.ts'
import type { Hex } from '../../../schema/events/event.ts'

const names = [
  ...['token', 'datanets', 'models', 'escrow', 'ledger', 'rewards', 'access', 'staking'],
  ...['disputes', 'faults', 'votes', 'governor', 'timelock', 'proposals'],
] as const satisfies readonly (keyof Deployment['addresses'])[]

/** Where the emitters stand; block 1 is the first with their code. */
export const contracts = Object.fromEntries(
  names.map((name, i) => [name, `0x${(i + 1).toString(16).padStart(2, '0').repeat(20)}` as Hex]),
) as unknown as Deployment['addresses']

/** Contracts whose logs are facts. */
export const watchedAddresses: readonly Hex[] = names
  .filter((name) => name !== 'token')
  .map((name) => contracts[name])
