import type { ChainFinality } from '../../../schema/chain-finality.ts'
import type { Deployment } from '../../../schema/deployment.ts'
import type { Role } from '../plan/scenario.ts'

/** What a process is told to be. */
export type RoleOptions =
  | {
      readonly role: 'indexer'
      readonly rpcUrls: readonly string[]
      readonly chainId: number
      readonly deployment: Deployment
      readonly finality: ChainFinality
      readonly eventLogUrl: string
    }
  | { readonly role: 'event-log'; readonly databaseUrl: string; readonly port: number }
  | {
      readonly role: 'projector'
      readonly databaseUrl: string
      readonly eventLogUrl: string
      readonly chainId: number
    }

export type OptionsOf<R extends Role> = Extract<RoleOptions, { readonly role: R }>

/** What the suite says to a process. */
export type Order =
  | { readonly order: 'start'; readonly options: RoleOptions }
  | { readonly order: 'stop' }
  | { readonly order: 'clock'; readonly shiftMs: number }

/** What a process answers. */
export type Notice =
  | { readonly notice: 'idle' }
  | { readonly notice: 'started' }
  /** It ended by itself; the process goes with it. */
  | { readonly notice: 'failed'; readonly code: string; readonly detail: string }
