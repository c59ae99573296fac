import type { ReadMessage } from './decode-read-response.ts'

/** Measures the payloads of a message, in characters. */
export const messageSize = (message: ReadMessage): number =>
  message.kind === 'event' ? message.event.data.length + message.event.metadata.length : 0
