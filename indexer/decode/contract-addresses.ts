import type { Deployment } from '../../schema/deployment.ts'

/** Contracts whose logs are facts, with lowercase addresses; the token's transfers are none. */
export type ContractAddresses = Omit<Deployment['addresses'], 'token'>
