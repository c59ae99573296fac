// Runs in a process of its own, so that its peak memory is that of one tree.
import { createHash } from 'node:crypto'
import { bytesToHex } from 'viem'
import { hashContributionLeaves } from '../../schema/codec/hash-contribution-leaves.ts'
import { buildSortedMerkleNodes } from '../../schema/codec/sorted-merkle-nodes.ts'
import { pseudoRandomBytes } from './pseudo-random-bytes.ts'

const rows = Number(process.argv[2])
const salts = pseudoRandomBytes(32 * rows, 1)
const rowHashes = pseudoRandomBytes(32 * rows, 2)

const started = performance.now()
const leaves = hashContributionLeaves(salts, rowHashes)
const hashed = performance.now()
const tree = buildSortedMerkleNodes(leaves)
const built = performance.now()
const path = new Uint32Array(8 * tree.depth)
const digest = createHash('sha1')
for (let leaf = 0; leaf < rows; leaf++) {
  const length = tree.writeProof(leaf, path)
  if (leaf % 1000 === 0) digest.update(path.subarray(0, 8 * length))
}
const proven = performance.now()
process.stdout.write(
  JSON.stringify({
    leaves: rows,
    root: bytesToHex(tree.root),
    leafHashSeconds: (hashed - started) / 1000,
    treeSeconds: (built - hashed) / 1000,
    allProofsSeconds: (proven - built) / 1000,
    seconds: (proven - started) / 1000,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    proofDigest: digest.digest('hex'),
  }),
)
