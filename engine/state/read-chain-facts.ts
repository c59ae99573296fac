import { z } from 'zod'
import type { ArtifactStore } from '../../artifacts/artifact-store.ts'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import { BaseError } from '../../schema/errors.ts'
import type { ChainEvent, ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { openCommittedBatches } from './open-committed-batches.ts'

/** A block that can no longer be reverted. */
export interface FinalBlock {
  readonly height: number
  readonly hash: Hex
}

export interface FinalFacts {
  /** In chain order, from blocks up to `final`. */
  readonly facts: readonly ChainFact[]
  readonly final: FinalBlock
}

const headSchema = z.object({
  head: z.object({
    height: z.int().nonnegative(),
    hash: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  }),
})

const markers = new Set<string>(['BlockReverted', 'CursorAdvanced', 'BlockFinalized'])

/**
 * Reads the facts of a chain that can no longer change; money follows only those.
 *
 * The last event of every append says in `metadata.head` which block was final then. Facts of a
 * reverted block are dropped; if the same block comes back they were appended again after it.
 *
 * @param options.artifacts opens the calls of committed batches, see `openCommittedBatches`.
 * @param options.upTo leaves out later blocks, for a repeatable result while the chain goes on.
 * @returns undefined while nothing is final.
 * @throws EVENT_LOG_CORRUPT if the head of the stream is not readable.
 */
export async function readChainFacts(
  eventLog: EventLog,
  chainId: number,
  options: { readonly upTo?: FinalBlock; readonly artifacts?: Pick<ArtifactStore, 'get'> } = {},
): Promise<FinalFacts | undefined> {
  let facts: ChainFact[] = []
  let head: FinalBlock | undefined
  for await (const recorded of eventLog.read(chainStream(chainId))) {
    const event = recorded as unknown as ChainEvent
    if (event.type === 'BlockReverted') {
      const { hash } = event.data
      facts = facts.filter((fact) => fact.metadata.blockHash !== hash)
    } else if (!markers.has(event.type)) {
      facts.push(event as ChainFact)
    }
    if (recorded.metadata['head'] === undefined) continue
    const parsed = headSchema.safeParse(recorded.metadata)
    if (!parsed.success) {
      throw new BaseError('EVENT_LOG_CORRUPT', {
        facts: { stream: recorded.stream, revision: recorded.revision },
        cause: parsed.error,
      })
    }
    head = parsed.data.head
  }
  if (head === undefined) return undefined
  const final =
    options.upTo !== undefined && options.upTo.height < head.height ? options.upTo : head
  const kept = facts.filter((fact) => fact.metadata.blockNumber <= final.height)
  // Facts of a contract that was added later stand behind those of later blocks.
  if (kept.some((fact) => fact.metadata.late === true)) kept.sort(byPlace)
  const { artifacts } = options
  const opened = artifacts === undefined ? kept : await openCommittedBatches(kept, artifacts)
  return { facts: opened, final }
}

const byPlace = ({ metadata: a }: ChainFact, { metadata: b }: ChainFact): number =>
  a.blockNumber - b.blockNumber || a.logIndex - b.logIndex
