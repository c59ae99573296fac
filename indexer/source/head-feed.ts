import { numberToHex } from 'viem'
import type { NodeHeader } from './chain-node.ts'

interface Listener {
  readonly onMessage: (head: object) => void
  readonly onError: (error: Error) => void
}

/** Hands heads on to whoever subscribes, in the form of `eth_subscription`. */
export interface HeadFeed {
  push(head: NodeHeader): void
  fail(error: Error): void
  subscribe(listener: Listener): () => void
}

/** Creates a feed; a subscriber gets the last head at once, so that a quiet chain is caught up. */
export function createHeadFeed(): HeadFeed {
  const listeners = new Set<Listener>()
  let last: object | undefined
  return {
    push({ number, hash, parentHash }) {
      last = { number: numberToHex(number), hash, parentHash }
      for (const { onMessage } of listeners) onMessage(last)
    },
    fail(error) {
      for (const { onError } of [...listeners]) onError(error)
    },
    subscribe(listener) {
      listeners.add(listener)
      if (last !== undefined) listener.onMessage(last)
      return () => listeners.delete(listener)
    },
  }
}
