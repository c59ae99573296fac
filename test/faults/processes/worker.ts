import type { Notice, Order } from './role-options.ts'
import { shiftClock } from './shifted-clock.ts'
import type { RunningRole } from './start-role.ts'

/**
 * A process under test. It is one part of the product at a time; between scenarios it is idle, which
 * saves the second that loading its modules takes.
 */
const { startRole } = await import('./start-role.ts')
let running: RunningRole | undefined

const say = (notice: Notice) => process.send?.(notice)
/** The traffic has such logs on purpose. */
const expected = 'undecodable logs kept'
const log = (facts: object, message: string) => {
  if (message === expected) return
  process.stderr.write(`${new Date().toISOString()} ${message} ${JSON.stringify(facts)}\n`)
}
const logger = { debug: () => undefined, info: log, warn: log, error: log }

function fail(error: unknown): void {
  const code = (error as { code?: unknown } | undefined)?.code
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const notice: Notice = {
    notice: 'failed',
    code: typeof code === 'string' ? code : 'UNKNOWN',
    detail,
  }
  const { send } = process
  if (send === undefined) process.exit(1)
  send.call(process, notice, undefined, undefined, () => process.exit(1))
}

async function obey(order: Order): Promise<void> {
  if (order.order === 'clock') shiftClock(order.shiftMs)
  else if (order.order === 'start') {
    const started = await startRole(order.options, logger)
    running = started
    started.ended.then(undefined, (error: unknown) => {
      if (running === started) fail(error)
    })
    say({ notice: 'started' })
  } else {
    const stopping = running
    running = undefined
    await stopping?.close()
    shiftClock(0)
    say({ notice: 'idle' })
  }
}

let queue: Promise<void> = Promise.resolve()
process.on('message', (order: Order) => {
  queue = queue.then(() => obey(order)).catch(fail)
})
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0))
say({ notice: 'idle' })
