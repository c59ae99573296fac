import type { IndexerLogger } from '../../indexer/source/indexer-logger.ts'
import { type ChainPace, renderPace } from './render-pace.ts'

/** What of a stream a progress line needs; stderr is one. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface ShowPaceOptions {
  readonly read: () => readonly ChainPace[] | Promise<readonly ChainPace[]>
  readonly terminal: Terminal
  readonly logger: Pick<IndexerLogger, 'info'>
  /** Results are read by a program, so there is no line for a person. */
  readonly json: boolean
  /** Milliseconds between two looks. @default 500 in a terminal, 10000 elsewhere */
  readonly everyMs?: number
}

/** Begins a line anew; loggers that write to the same terminal do it too. */
const clear = '\r\u001b[2K'

/** Keeps one line of a terminal current; elsewhere writes a line to the log every ten seconds. */
export function showPace(options: ShowPaceOptions): Disposable {
  const { read, terminal, logger, json } = options
  const live = terminal.isTTY === true && !json
  let reading = false
  let shown = false
  const look = async () => {
    const chains = await read()
    if (live) {
      const text = chains.map(renderPace).join(' · ')
      terminal.write(`${clear}${text.slice(0, (terminal.columns ?? 80) - 1)}`)
      shown = true
    } else logger.info({ chains }, 'progress')
  }
  const timer = setInterval(
    () => {
      if (reading) return
      reading = true
      look()
        .catch(() => undefined)
        .finally(() => {
          reading = false
        })
    },
    options.everyMs ?? (live ? 500 : 10_000),
  )
  timer.unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
      if (shown) terminal.write('\n')
    },
  }
}
