// Runs in a process of its own, so that its peak memory is that of one tree.
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { bytesToHex } from 'viem'
import { pseudoRandomBytes } from './pseudo-random-bytes.ts'

const rows = Number(process.argv[2])
const salts = pseudoRandomBytes(32 * rows, 1)
const rowHashes = pseudoRandomBytes(32 * rows, 2)
const at = (bytes: Uint8Array, i: number) => bytesToHex(bytes.subarray(32 * i, 32 * i + 32))
const values = Array.from({ length: rows }, (_, i) => [i, at(salts, i), at(rowHashes, i)])

const started = performance.now()
const tree = StandardMerkleTree.of(values, ['uint32', 'bytes32', 'bytes32'])
const built = performance.now()
const sample = Math.min(rows, 1000)
for (let leaf = 0; leaf < sample; leaf++) tree.getProof(leaf)
const proven = performance.now()
process.stdout.write(
  JSON.stringify({
    leaves: rows,
    root: tree.root,
    seconds: (built - started) / 1000,
    secondsPer1000Proofs: (proven - built) / sample,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
