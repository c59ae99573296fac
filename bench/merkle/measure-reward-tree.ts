// Runs in a process of its own, so that its peak memory is that of one tree.
import { rewardLeafSize } from '../../schema/codec/epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { pseudoRandomBytes } from './pseudo-random-bytes.ts'

const accounts = Number(process.argv[2])
const bytes = pseudoRandomBytes(accounts * rewardLeafSize, 3)

const started = performance.now()
const tree = buildOrderedMerkleTree({ bytes, size: rewardLeafSize })
const built = performance.now()
process.stdout.write(
  JSON.stringify({
    leaves: accounts,
    root: tree.root,
    seconds: (built - started) / 1000,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
