const { EntitySchema } = require('typeorm')

const number = { type: 'numeric' }
const integer = { type: 'bigint' }
const text = { type: 'text' }
const place = {
  blockNumber: integer,
  blockHash: text,
  txHash: text,
  logIndex: integer,
  timestamp: integer,
}

class Datanet {}
class Contribution {}
class TrainingRun {}
class ModelVersion {}

const entity = (target, id, columns) =>
  new EntitySchema({
    name: target.name,
    target,
    columns: { id: { ...id, primary: true }, ...columns, ...place },
  })

module.exports = {
  ...{ Datanet, Contribution, TrainingRun, ModelVersion },
  schemas: [
    entity(Datanet, number, { owner: text, metaHash: text, uri: text, licence: integer }),
    entity(Contribution, number, {
      datanetId: number,
      contributor: text,
      root: text,
      rows: integer,
      byteSize: number,
      dataHash: text,
      status: text,
    }),
    entity(TrainingRun, number, {
      modelId: number,
      trainer: text,
      datasetRoot: text,
      configHash: text,
      dataOrderHash: text,
      artefactHash: text,
    }),
    entity(ModelVersion, text, {
      modelId: number,
      version: integer,
      runId: number,
      artefactHash: text,
    }),
  ],
}
