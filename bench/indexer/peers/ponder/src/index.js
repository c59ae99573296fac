import { ponder } from 'ponder:registry'
import { contribution, datanet, modelVersion, trainingRun } from 'ponder:schema'

const place = ({ block, transaction, log }) => ({
  blockNumber: Number(block.number),
  blockHash: block.hash,
  txHash: transaction.hash,
  logIndex: log.logIndex,
  timestamp: Number(block.timestamp),
})

ponder.on('Datanets:DatanetCreated', async ({ event, context }) => {
  const { datanetId, ...rest } = event.args
  await context.db.insert(datanet).values({ id: datanetId, ...rest, ...place(event) })
})

ponder.on('Datanets:ContributionSubmitted', async ({ event, context }) => {
  const { contributionId, ...rest } = event.args
  await context.db
    .insert(contribution)
    .values({ id: contributionId, status: 'submitted', ...rest, ...place(event) })
})

ponder.on('Models:TrainingRunRecorded', async ({ event, context }) => {
  const { runId, ...rest } = event.args
  await context.db.insert(trainingRun).values({ id: runId, ...rest, ...place(event) })
})

ponder.on('Models:ModelVersionPublished', async ({ event, context }) => {
  const { modelId, version } = event.args
  await context.db
    .insert(modelVersion)
    .values({ id: `${modelId}-${version}`, ...event.args, ...place(event) })
})
