import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort } from '../../../cli/services/find-free-port.ts'
import { startFaultyRpc } from '../../support/faulty-rpc.ts'
import { openTcpLink } from '../../support/tcp-link.ts'
import { startChainUnderTest } from '../chain/chain-under-test.ts'
import type { HeadFaults } from '../links/head-faults.ts'
import { headFilter } from '../links/head-filter.ts'
import type { Scenario } from '../plan/scenario.ts'
import { seededRandom } from '../plan/seeded-random.ts'
import type { RoleOptions } from '../processes/role-options.ts'
import { superviseRole } from '../processes/supervised-role.ts'
import type { Lane } from './lane.ts'
import type { World } from './world.ts'

/** A world cannot be made here: this machine does not permit what the scenario needs. */
export class NotPermitted extends Error {
  override name = 'NotPermitted'
}

/** Starts node, database, links and the product's processes for a scenario. */
export async function openWorld(
  lane: Lane,
  scenario: Scenario,
  signal: AbortSignal,
): Promise<World> {
  const { id, seed, setup } = scenario
  const opened: (() => Promise<unknown>)[] = []
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  const use = <T extends AsyncDisposable>(resource: T): T => {
    opened.push(() => Promise.resolve(resource[Symbol.asyncDispose]()))
    return resource
  }
  try {
    const small = setup.smallVolume ? await lane.smallPostgres() : undefined
    if (setup.smallVolume && small === undefined)
      throw new NotPermitted('no volume may be mounted here, so no disk can run full')
    const postgres = small?.postgres ?? (await lane.postgres())
    await postgres.revive()
    const database = `scenario_${id}`
    const databaseUrl = await postgres.createDatabase(database)
    opened.push(() => postgres.revive().then(() => postgres.dropDatabase(database)))

    const chainId = 100_000 + id
    const dir = join(lane.dir, `chain-${id}`)
    await mkdir(dir, { recursive: true })
    opened.push(() => rm(dir, { recursive: true, force: true }))
    const random = seededRandom(seed, id, 1)
    const chain = use(await startChainUnderTest({ chainId, dir, random }))
    const { blocks, spread, events } = setup.history
    await chain.mineSparse(blocks, spread, events)

    const rpc = use(
      await startFaultyRpc({ target: `http://127.0.0.1:${chain.port}`, seed: seed + id }),
    )
    const heads: { faults: HeadFaults } = { faults: {} }
    const headRandom = seededRandom(seed, id, 2)
    const http = use(await openTcpLink(() => Number(new URL(rpc.url).port)))
    const ws = use(
      await openTcpLink(
        () => chain.port,
        () => headFilter(headRandom, () => heads.faults),
      ),
    )
    const logPort = await findFreePort()
    const link = async (target: number) => use(await openTcpLink(() => target))
    const links = {
      node: [http, ws],
      'indexer-log': [await link(logPort)],
      'projector-log': [await link(logPort)],
      'log-database': [await link(postgres.port)],
      'tables-database': [await link(postgres.port)],
    }
    const logUrl = (name: 'indexer-log' | 'projector-log') =>
      `esdb://127.0.0.1:${links[name][0]?.port}?tls=false`
    const linkedUrl = (name: 'log-database' | 'tables-database') =>
      Object.assign(new URL(databaseUrl), { port: String(links[name][0]?.port) }).href
    const urls = { http: `http://127.0.0.1:${http.port}`, ws: `ws://127.0.0.1:${ws.port}` }
    const options: Record<RoleOptions['role'], RoleOptions> = {
      'event-log': { role: 'event-log', databaseUrl: linkedUrl('log-database'), port: logPort },
      indexer: {
        role: 'indexer',
        rpcUrls: { http: [urls.http], ws: [urls.ws], 'ws+http': [urls.ws, urls.http] }[
          setup.transport
        ],
        ...{ chainId, deployment: chain.deployment, finality: setup.finality },
        eventLogUrl: logUrl('indexer-log'),
      },
      projector: {
        role: 'projector',
        databaseUrl: linkedUrl('tables-database'),
        ...{ eventLogUrl: logUrl('projector-log'), chainId },
      },
    }
    const roles = {
      'event-log': superviseRole(lane.workers, options['event-log']),
      indexer: superviseRole(lane.workers, options.indexer),
      projector: superviseRole(lane.workers, options.projector),
    }
    // A scenario that passed has stopped them in order already.
    opened.push(() => Promise.all(Object.values(roles).map((role) => role.abandon())))
    return {
      ...{ scenario, lane, chain, rpc, heads, links, postgres, database, databaseUrl },
      ...{ roles, options, signal, volume: small?.volume, background: [] },
      [Symbol.asyncDispose]: closeAll,
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}
