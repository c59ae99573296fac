const slotBits = 13
const window = 0x1fff
const shortestMatch = 3
/** No match starts in the last 13 bytes or compares the last 4. */
const tailBytes = 13
const uncomparedBytes = 4
const literalRun = 32
const longestMatch = 262

/**
 * Size of `bytes` after FastLZ level 1 with a table of 2^13 positions: the measure by which Fjord
 * estimates how well a transaction compresses.
 *
 * Source: https://specs.optimism.io/protocol/fjord/exec-engine.html and the FastLZ format.
 */
export function fastLzSize(bytes: Uint8Array): number {
  const lastSeen = new Uint32Array(1 << slotBits)
  const remember = (at: number): number => {
    const slot = Math.imul(0x9e37_79b9, threeBytes(bytes, at)) >>> (32 - slotBits)
    const before = lastSeen[slot] ?? 0
    lastSeen[slot] = at
    return before
  }
  const limit = Math.max(0, bytes.length - tailBytes)
  let size = 0
  let literalsFrom = 0
  let at = 2
  while (at < limit) {
    const candidate = remember(at)
    const isMatch =
      at - candidate <= window && threeBytes(bytes, candidate) === threeBytes(bytes, at)
    if (!isMatch || at + 1 === limit) {
      at += 1
      continue
    }
    const length = matchLength(bytes, candidate, at)
    size += literalSize(at - literalsFrom) + matchSize(length)
    at += length
    remember(at)
    remember(at + 1)
    at += 2
    literalsFrom = at
  }
  return size + literalSize(bytes.length - literalsFrom)
}

const threeBytes = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)

/** Bytes that match, less two: the format counts that way. */
function matchLength(bytes: Uint8Array, earlier: number, later: number): number {
  const room = bytes.length - uncomparedBytes - later - shortestMatch
  let more = 0
  while (more < room) {
    const isEqual = bytes[earlier + shortestMatch + more] === bytes[later + shortestMatch + more]
    more += 1
    if (!isEqual) break
  }
  return more
}

function literalSize(count: number): number {
  const rest = count % literalRun
  return Math.floor(count / literalRun) * (literalRun + 1) + (rest === 0 ? 0 : rest + 1)
}

function matchSize(length: number): number {
  const rest = (length - 1) % longestMatch
  return 3 * Math.floor((length - 1) / longestMatch) + (rest >= 6 ? 3 : 2)
}
