import { bytesToHex, hexToBytes } from 'viem'
import { BaseError } from '../errors.ts'
import type { Hex } from '../events/event.ts'

/** One paid call as the ledger records it (codec 1). */
export interface PackedCall {
  readonly payer: Hex
  readonly modelId: number
  readonly modelVersion: number
  readonly termsVersion: number
  /** Base units, below 2^96. */
  readonly fee: bigint
  readonly tokensIn: number
  readonly tokensOut: number
  /** Seconds since 1970. */
  readonly calledAt: number
  readonly requestHash: Hex
  readonly outputHash: Hex
}

/** Bytes of one record: payer 20, model 4, version 2, terms 2, fee 12, in 4, out 4, time 4, hashes 64. */
export const packedCallSize = 116

/** Packs calls into the `data` of `recordBatch`, big-endian, without gaps. */
export function packCalls(calls: readonly PackedCall[]): Hex {
  const bytes = new Uint8Array(calls.length * packedCallSize)
  const view = new DataView(bytes.buffer)
  calls.forEach((call, i) => {
    const at = i * packedCallSize
    bytes.set(hexToBytes(call.payer), at)
    view.setUint32(at + 20, inRange(call.modelId, 2 ** 32))
    view.setUint16(at + 24, inRange(call.modelVersion, 2 ** 16))
    view.setUint16(at + 26, inRange(call.termsVersion, 2 ** 16))
    if (call.fee < 0n || call.fee >= 1n << 96n) throw new RangeError(`fee ${call.fee} is no uint96`)
    view.setUint32(at + 28, Number(call.fee >> 64n))
    view.setBigUint64(at + 32, call.fee & 0xffff_ffff_ffff_ffffn)
    view.setUint32(at + 40, inRange(call.tokensIn, 2 ** 32))
    view.setUint32(at + 44, inRange(call.tokensOut, 2 ** 32))
    view.setUint32(at + 48, inRange(call.calledAt, 2 ** 32))
    bytes.set(hexToBytes(call.requestHash), at + 52)
    bytes.set(hexToBytes(call.outputHash), at + 84)
  })
  return bytesToHex(bytes)
}

/**
 * Reads the records of a packed batch back.
 *
 * @throws `BATCH_MALFORMED` when the length is not a whole number of records.
 */
export function unpackCalls(data: Hex): readonly PackedCall[] {
  const bytes = hexToBytes(data)
  if (bytes.length % packedCallSize !== 0)
    throw new BaseError('BATCH_MALFORMED', { facts: { bytes: bytes.length } })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / packedCallSize }, (_, i) => {
    const at = i * packedCallSize
    const slice = (from: number, to: number) => bytesToHex(bytes.subarray(at + from, at + to))
    return {
      payer: slice(0, 20),
      modelId: view.getUint32(at + 20),
      modelVersion: view.getUint16(at + 24),
      termsVersion: view.getUint16(at + 26),
      fee: (BigInt(view.getUint32(at + 28)) << 64n) | view.getBigUint64(at + 32),
      tokensIn: view.getUint32(at + 40),
      tokensOut: view.getUint32(at + 44),
      calledAt: view.getUint32(at + 48),
      requestHash: slice(52, 84),
      outputHash: slice(84, 116),
    }
  })
}

function inRange(value: number, limit: number): number {
  if (!Number.isSafeInteger(value) || value < 0 || value >= limit)
    throw new RangeError(`${value} is not an integer below ${limit}`)
  return value
}
