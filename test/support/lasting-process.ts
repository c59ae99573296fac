import { request } from 'node:http'
import { type CliProcess, firstJson, startCli } from './run-cli.ts'

/** A lasting `provenant` process that has printed where it is reached. */
export interface LastingProcess {
  readonly pid: number
  /** What it printed when it was ready to work. */
  readonly printed: { readonly url: string; readonly healthUrl: string }
  /** Asks `/health`, `/ready` or `/metrics`. */
  get(path: string): Promise<{ readonly status: number; readonly text: string }>
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>
  /** Lines of its log. */
  log(): readonly Record<string, unknown>[]
  /** Everything that it has written to stdout and stderr. */
  output(): string
}

/** Starts a process and waits until it has printed its result. */
export async function startProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<LastingProcess> {
  const started: CliProcess = startCli([...args, '--json'], environment)
  const printed = await firstJson<LastingProcess['printed']>(started)
  return {
    pid: started.child.pid ?? 0,
    printed,
    get: (path) => get(new URL(path, printed.healthUrl)),
    async stop(signal) {
      const before = performance.now()
      started.child.kill(signal)
      return { code: await started.ended, ms: performance.now() - before }
    },
    log: () =>
      started
        .stderr()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    output: () => started.stdout() + started.stderr(),
  }
}

/** Without a pool, so that no connection of ours is open when the process stops. */
function get(url: URL): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end()
  })
}
