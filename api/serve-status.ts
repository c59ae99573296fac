import type { ServerResponse } from 'node:http'
import type { ApiMetrics } from './api-metrics.ts'
import type { Readiness } from './readiness.ts'

/** Answers `/health`, `/ready` and `/metrics`. @returns false for every other path */
export async function serveStatus(
  path: string,
  response: ServerResponse,
  sources: {
    readonly metrics: ApiMetrics
    readonly readReadiness: () => Promise<Readiness>
    readonly closing: boolean
  },
): Promise<boolean> {
  const { metrics, closing } = sources
  const send = (code: number, type: string, body: string) =>
    response.writeHead(code, { 'content-type': type, connection: 'close' }).end(body)
  const json = (code: number, body: object) => send(code, 'application/json', JSON.stringify(body))
  if (path === '/health') json(200, { process: 'api', state: closing ? 'closing' : 'running' })
  else if (path === '/ready') {
    const readiness = await sources.readReadiness()
    const ready = readiness.ready && !closing
    json(ready ? 200 : 503, { process: 'api', ...readiness, ready })
  } else if (path === '/metrics')
    send(200, metrics.contentType, await metrics.render(await sources.readReadiness()))
  else return false
  return true
}
