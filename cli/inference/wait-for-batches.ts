import { setTimeout as sleep } from 'node:timers/promises'
import { askGateway, readGatewayText } from '../../gateway/gateway-api.ts'

const pollMs = 250

/**
 * Waits until the gateway has recorded every answered call on the chain, or `patienceMs` is over.
 *
 * @returns calls that are still not on the chain, such as those of a lane the ledger refuses
 * @throws `GATEWAY_UNAVAILABLE`
 */
export async function waitForBatches(
  gatewayUrl: string,
  options: { readonly patienceMs: number; readonly signal: AbortSignal },
): Promise<number> {
  const url = `${gatewayUrl}/metrics`
  for (let waited = 0; ; waited += pollMs) {
    const text = await readGatewayText(url, await askGateway(url))
    const pending = Number(/^provenant_gateway_pending_calls (\d+)$/m.exec(text)?.[1] ?? 0)
    if (pending === 0 || waited >= options.patienceMs) return pending
    await sleep(pollMs)
    options.signal.throwIfAborted()
  }
}
