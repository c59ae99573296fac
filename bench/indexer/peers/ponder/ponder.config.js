import { createConfig } from 'ponder'
import { parseAbi } from 'viem'

const { datanets, models } = JSON.parse(process.env.BENCH_CONTRACTS)

// biome-ignore lint/style/noDefaultExport: Ponder reads the default export.
export default createConfig({
  database: { kind: 'postgres', connectionString: process.env.DATABASE_URL },
  chains: {
    lab: { id: Number(process.env.CHAIN_ID), rpc: process.env.RPC_URL, pollingInterval: 500 },
  },
  contracts: {
    Datanets: {
      chain: 'lab',
      address: datanets,
      startBlock: 0,
      abi: parseAbi([
        'event DatanetCreated(uint256 indexed datanetId, address indexed owner, bytes32 metaHash, string uri, uint16 licence)',
        'event ContributionSubmitted(uint256 indexed datanetId, uint256 indexed contributionId, address indexed contributor, bytes32 root, uint32 rows, uint64 byteSize, bytes32 dataHash)',
      ]),
    },
    Models: {
      chain: 'lab',
      address: models,
      startBlock: 0,
      abi: parseAbi([
        'event TrainingRunRecorded(uint256 indexed runId, uint256 indexed modelId, address indexed trainer, bytes32 datasetRoot, bytes32 configHash, bytes32 dataOrderHash, bytes32 artefactHash)',
        'event ModelVersionPublished(uint256 indexed modelId, uint32 indexed version, uint256 indexed runId, bytes32 artefactHash)',
      ]),
    },
  },
})
