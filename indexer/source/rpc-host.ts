/** Names an RPC URL for logs and metrics by its host alone: paths, queries and users are API keys. */
export function rpcHost(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return 'not a URL'
  }
}

/** Names each URL; a second URL of the same host gets a number. */
export function nameHosts(urls: readonly string[]): readonly string[] {
  const seen = new Map<string, number>()
  return urls.map((url) => {
    const host = rpcHost(url)
    const count = (seen.get(host) ?? 0) + 1
    seen.set(host, count)
    return count === 1 ? host : `${host} (${count})`
  })
}
