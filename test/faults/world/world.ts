import type { FaultyRpc } from '../../support/faulty-rpc.ts'
import type { TcpLink } from '../../support/tcp-link.ts'
import type { ChainUnderTest } from '../chain/chain-under-test.ts'
import type { HeadFaults } from '../links/head-faults.ts'
import type { Link, Role, Scenario } from '../plan/scenario.ts'
import type { RoleOptions } from '../processes/role-options.ts'
import type { SupervisedRole } from '../processes/supervised-role.ts'
import type { ScenarioPostgres } from '../storage/scenario-postgres.ts'
import type { SmallVolume } from '../storage/small-volume.ts'
import type { Lane } from './lane.ts'

/** Everything that takes part in one scenario. */
export interface World extends AsyncDisposable {
  readonly scenario: Scenario
  readonly lane: Lane
  readonly chain: ChainUnderTest
  readonly rpc: FaultyRpc
  readonly heads: { faults: HeadFaults }
  readonly links: Readonly<Record<Link, readonly TcpLink[]>>
  readonly postgres: ScenarioPostgres
  readonly volume: SmallVolume | undefined
  readonly database: string
  /** Past every link. */
  readonly databaseUrl: string
  readonly roles: Readonly<Record<Role, SupervisedRole>>
  readonly options: Readonly<Record<Role, RoleOptions>>
  /** Ends when the whole run is interrupted. */
  readonly signal: AbortSignal
  /** What goes on beside the steps and must be over before the world is healed. */
  readonly background: Promise<unknown>[]
}
