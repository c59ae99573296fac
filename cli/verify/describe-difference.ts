import type { VerifyDifference } from '../../indexer/verify/verify-difference.ts'

const sentences: Readonly<
  Record<VerifyDifference['between'], Readonly<Record<VerifyDifference['kind'], string>>>
> = {
  'chain and log': {
    missing: 'the event log lacks what the chain has',
    extra: 'the event log has what the chain has not',
    different: 'the event log says something else than the chain',
    twice: 'the event log has it twice',
  },
  'log and tables': {
    missing: 'the table lacks a row that the event log makes',
    extra: 'the table has a row that no event makes',
    different: 'the row says something else than the event log',
    twice: 'the table has it twice',
  },
}

/** Names a difference for a person: block, what it is, what is wrong with it. */
export function describeDifference(found: VerifyDifference): string {
  const { between, kind, height, blockHash, what, id, deadLetter } = found
  const refused = deadLetter === undefined ? '' : `; refused with ${deadLetter}`
  return `block ${height} (${blockHash.slice(0, 10)}…) ${what} ${id}: ${sentences[between][kind]}${refused}`
}
