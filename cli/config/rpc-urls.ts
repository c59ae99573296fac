import { z } from 'zod'

export const rpcUrl = z.url({
  protocol: /^(https?|wss?)$/,
  error: 'not an http(s) or ws(s) URL',
})

/** RPC URLs, comma separated, in order of preference. */
export const rpcUrls = z
  .string()
  .transform((text) => text.split(',').map((url) => url.trim()))
  .pipe(z.array(rpcUrl))
