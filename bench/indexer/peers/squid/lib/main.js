const { event, indexed } = require('@subsquid/evm-abi')
const { address, bytes32, string, uint16, uint32, uint64, uint256 } = require('@subsquid/evm-codec')
const { EvmBatchProcessor } = require('@subsquid/evm-processor')
const { TypeormDatabase } = require('@subsquid/typeorm-store')
const { Contribution, Datanet, ModelVersion, TrainingRun } = require('./model.js')

const { datanets, models, topics } = JSON.parse(process.env.BENCH_CONTRACTS)

const datanetCreated = event(topics.DatanetCreated, 'DatanetCreated', {
  datanetId: indexed(uint256),
  owner: indexed(address),
  metaHash: bytes32,
  uri: string,
  licence: uint16,
})
const contributionSubmitted = event(topics.ContributionSubmitted, 'ContributionSubmitted', {
  datanetId: indexed(uint256),
  contributionId: indexed(uint256),
  contributor: indexed(address),
  root: bytes32,
  rows: uint32,
  byteSize: uint64,
  dataHash: bytes32,
})
const trainingRunRecorded = event(topics.TrainingRunRecorded, 'TrainingRunRecorded', {
  runId: indexed(uint256),
  modelId: indexed(uint256),
  trainer: indexed(address),
  datasetRoot: bytes32,
  configHash: bytes32,
  dataOrderHash: bytes32,
  artefactHash: bytes32,
})
const modelVersionPublished = event(topics.ModelVersionPublished, 'ModelVersionPublished', {
  modelId: indexed(uint256),
  version: indexed(uint32),
  runId: indexed(uint256),
  artefactHash: bytes32,
})

const processor = new EvmBatchProcessor()
  .setRpcEndpoint(process.env.RPC_URL)
  .setRpcDataIngestionSettings({ headPollInterval: 500 })
  .setFinalityConfirmation(Number(process.env.FINALITY))
  .setBlockRange({ from: 0 })
  .setFields({ log: { transactionHash: true } })
  .addLog({ address: [datanets, models], topic0: Object.values(topics) })

processor.run(new TypeormDatabase(), async ({ blocks, store }) => {
  const created = []
  const submitted = []
  const runs = []
  const versions = []
  for (const { header, logs } of blocks) {
    for (const log of logs) {
      const place = {
        blockNumber: header.height,
        blockHash: header.hash,
        txHash: log.transactionHash,
        logIndex: log.logIndex,
        timestamp: Math.floor(header.timestamp / 1000),
      }
      switch (log.topics[0]) {
        case topics.DatanetCreated: {
          const { datanetId, ...rest } = datanetCreated.decode(log)
          created.push(Object.assign(new Datanet(), { id: `${datanetId}`, ...rest, ...place }))
          break
        }
        case topics.ContributionSubmitted: {
          const { contributionId, ...rest } = contributionSubmitted.decode(log)
          submitted.push(
            Object.assign(
              new Contribution(),
              { id: `${contributionId}`, status: 'submitted' },
              rest,
              place,
            ),
          )
          break
        }
        case topics.TrainingRunRecorded: {
          const { runId, ...rest } = trainingRunRecorded.decode(log)
          runs.push(Object.assign(new TrainingRun(), { id: `${runId}`, ...rest, ...place }))
          break
        }
        default: {
          const args = modelVersionPublished.decode(log)
          const id = `${args.modelId}-${args.version}`
          versions.push(Object.assign(new ModelVersion(), { id, ...args, ...place }))
        }
      }
    }
  }
  for (const rows of [created, submitted, runs, versions])
    if (rows.length > 0) await store.insert(rows)
})
