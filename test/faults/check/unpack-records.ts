import {
  encodeAbiParameters,
  type Hex,
  hexToBigInt,
  hexToNumber,
  keccak256,
  size,
  slice,
} from 'viem'

/** Type and data of a fact. */
export interface Meaning {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

const recordSize = 116

/**
 * Reads a packed batch of codec 1 (docs/contracts: 116 bytes a record, big-endian).
 *
 * @returns undefined where the batch contradicts itself
 */
export function unpackRecords(
  chainId: number,
  ledger: Hex,
  args: Readonly<Record<string, unknown>>,
  skippedLanes: ReadonlySet<number>,
): readonly Meaning[] | undefined {
  const data = args['data'] as Hex
  const operator = String(args['operator']).toLowerCase()
  const batchId = args['batchId'] as bigint
  if (args['codec'] !== 1 || size(data) % recordSize !== 0) return undefined
  const calls: Meaning[] = []
  let lane = -1
  let laneKey = ''
  for (let index = 0; index * recordSize < size(data); index++) {
    const record = slice(data, index * recordSize, (index + 1) * recordSize)
    const number = (from: number, to: number) => hexToNumber(slice(record, from, to))
    const key = `${slice(record, 0, 24)}${slice(record, 26, 28)}`
    if (key !== laneKey) lane += 1
    laneKey = key
    if (skippedLanes.has(lane)) continue
    calls.push({
      type: 'InferenceRecorded',
      data: {
        callId: keccak256(
          encodeAbiParameters(
            [{ type: 'uint256' }, { type: 'address' }, { type: 'uint256' }, { type: 'uint32' }],
            [BigInt(chainId), ledger, batchId, index],
          ),
        ),
        batchId: String(batchId),
        ...{ index, operator, payer: slice(record, 0, 20) },
        modelId: String(number(20, 24)),
        modelVersion: number(24, 26),
        termsVersion: number(26, 28),
        fee: String(hexToBigInt(slice(record, 28, 40))),
        tokensIn: number(40, 44),
        tokensOut: number(44, 48),
        calledAt: number(48, 52),
        requestHash: slice(record, 52, 84),
        outputHash: slice(record, 84, 116),
      },
    })
  }
  if (calls.length !== args['calls']) return undefined
  const { codec, digest, dataHash } = args
  return [
    {
      type: 'BatchCommitted',
      data: { batchId: String(batchId), operator, codec, calls: args['calls'], digest, dataHash },
    },
    ...calls,
  ]
}
