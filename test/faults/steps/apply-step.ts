import { setTimeout as sleep } from 'node:timers/promises'
import { waitForAgreement } from '../check/wait-for-agreement.ts'
import type { Step } from '../plan/scenario.ts'
import type { World } from '../world/world.ts'
import { awaitFirstAppend } from './await-first-append.ts'
import { reorganise } from './reorganise.ts'
import { startRival } from './start-rival.ts'

/** Lets one thing happen. What lasts goes on beside the next steps. */
export async function applyStep(world: World, step: Step): Promise<void> {
  const { chain, roles, links, postgres, volume, signal, background } = world
  const goOn = (rest: Promise<unknown>) => {
    // Whether it went well is asked when the world is healed.
    rest.catch(() => undefined)
    background.push(rest)
  }
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
  switch (step.do) {
    case 'mine': {
      const room = world.scenario.setup.smallVolume ? 20_000 : 0
      return chain.mine(step.blocks, step.events, { gap: step.gap ?? 0, room })
    }
    case 'pause':
      return pause(step.ms)
    case 'first-append':
      return awaitFirstAppend(world)
    case 'settle':
      return void (await waitForAgreement(world, 8000))
    case 'kill':
      await roles[step.who].begun()
      await pause(step.after)
      return roles[step.who].kill(pause(step.down))
    case 'freeze':
      return goOn(roles[step.who].freeze(step.ms))
    case 'rival':
      return goOn(startRival(world, step.who, step.ms))
    case 'kill-postgres':
      if (step.what === 'backend') return postgres.killBackend(world.database)
      return goOn(postgres.kill(() => pause(step.down)))
    case 'restart-node':
      return chain.restart(step.lost, () => pause(step.down))
    case 'rpc':
      return world.rpc.set(step.faults)
    case 'heads':
      world.heads.faults = step.faults
      return
    case 'cut': {
      for (const link of links[step.link]) link.refuse(true)
      await pause(step.down)
      for (const link of links[step.link]) link.refuse(false)
      return
    }
    case 'hold': {
      for (const link of links[step.link]) link.hold()
      const over = pause(step.ms).then(() => {
        for (const link of links[step.link]) link.release()
      })
      return goOn(over)
    }
    case 'reorg':
      return reorganise(world, step)
    case 'chain-clock':
      return chain.moveClock(step.seconds)
    case 'process-clock':
      return roles[step.who].shiftClock(step.seconds)
    case 'disk': {
      volume?.fill(step.free)
      if (step.newLogFile) await postgres.beginLogFile()
      return
    }
    default:
      return step satisfies never
  }
}
