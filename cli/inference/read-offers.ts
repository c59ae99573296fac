import type { z } from 'zod'
import {
  askGateway,
  gatewaySchemas,
  parseGatewayJson,
  readGatewayText,
} from '../../gateway/gateway-api.ts'

/** A model that the gateway sells, with version, price and operator. */
export type Offer = z.infer<typeof gatewaySchemas.models>['data'][number]

/**
 * Reads what a gateway offers.
 *
 * @throws `GATEWAY_UNAVAILABLE`, `GATEWAY_INVALID`.
 */
export async function readOffers(gatewayUrl: string): Promise<readonly Offer[]> {
  const url = `${gatewayUrl}/v1/models`
  const text = await readGatewayText(url, await askGateway(url))
  return parseGatewayJson(url, gatewaySchemas.models, text).data
}
