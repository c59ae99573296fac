import type { Hex } from '../../schema/events/event.ts'

/** A log as a node tells it, checked; hex is lowercase. */
export interface NodeLog {
  address: Hex
  topics: Hex[]
  data: Hex
  blockNumber: number
  blockHash: Hex
  transactionHash: Hex
  transactionIndex: number
  logIndex: number
}

/**
 * Checks the answer to `eth_getLogs`.
 *
 * By hand: there may be thousands of logs in an answer, and a general validator takes five times as
 * long for each.
 *
 * @throws TypeError naming the first field that is not of the protocol
 */
export function parseNodeLogs(answer: unknown): NodeLog[] {
  if (!Array.isArray(answer)) throw new TypeError('the answer is no list of logs')
  return answer.map(parseLog)
}

function parseLog(value: unknown, index: number): NodeLog {
  if (typeof value !== 'object' || value === null) throw new TypeError(`logs[${index}] is no log`)
  const log = value as Readonly<Record<string, unknown>>
  const { topics } = log
  if (!Array.isArray(topics)) throw wrong(index, 'topics')
  return {
    address: readHex(log['address'], index, 'address'),
    topics: topics.map((topic) => readHex(topic, index, 'topics')),
    data: readHex(log['data'], index, 'data'),
    blockNumber: readQuantity(log['blockNumber'], index, 'blockNumber'),
    blockHash: readHex(log['blockHash'], index, 'blockHash'),
    transactionHash: readHex(log['transactionHash'], index, 'transactionHash'),
    transactionIndex: readQuantity(log['transactionIndex'], index, 'transactionIndex'),
    logIndex: readQuantity(log['logIndex'], index, 'logIndex'),
  }
}

const lowercaseHex = /^0x[0-9a-f]*$/
const anyHex = /^0x[0-9a-f]*$/i

function readHex(value: unknown, index: number, field: string): Hex {
  if (typeof value !== 'string') throw wrong(index, field)
  if (lowercaseHex.test(value)) return value as Hex
  if (anyHex.test(value)) return value.toLowerCase() as Hex
  throw wrong(index, field)
}

function readQuantity(value: unknown, index: number, field: string): number {
  const number = typeof value === 'string' && anyHex.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number)) throw wrong(index, field)
  return number
}

const wrong = (index: number, field: string) =>
  new TypeError(`logs[${index}].${field} is not of the protocol`)
