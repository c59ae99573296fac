/**
 * Reads the data of server-sent events (WHATWG HTML §9.2) up to `[DONE]` or the end.
 *
 * @throws RangeError when an event grows over `maxBytes`.
 */
export async function* parseEventStream(
  body: AsyncIterable<Uint8Array>,
  maxBytes = 1_000_000,
): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const events = rest.split(/\r?\n\r?\n/)
    rest = events.pop() ?? ''
    if (rest.length > maxBytes) throw new RangeError(`an event of more than ${maxBytes} bytes`)
    for (const event of events) {
      const data = event
        .split(/\r?\n/)
        .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).replace(/^ /, '')] : []))
        .join('\n')
      if (data === '[DONE]') return
      if (data !== '') yield data
    }
  }
}
