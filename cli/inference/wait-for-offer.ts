import { setTimeout as sleep } from 'node:timers/promises'
import { BaseError } from '../../schema/errors.ts'
import { readOffers } from './read-offers.ts'

/**
 * Waits until the gateway offers a version of a model; it looks for new ones every few seconds.
 *
 * @throws `MODEL_NOT_READY` after 30 s, `GATEWAY_UNAVAILABLE`.
 */
export async function waitForOffer(
  gatewayUrl: string,
  name: string,
  version: number,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const offers = await readOffers(gatewayUrl)
    const offer = offers.find(({ id }) => id === name)
    if (offer !== undefined && offer.provenant.version >= version) return
    await sleep(250)
    signal.throwIfAborted()
  }
  throw new BaseError('MODEL_NOT_READY', { facts: { name, version } })
}
