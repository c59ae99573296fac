import { index, onchainTable } from 'ponder'

const place = (t) => ({
  blockNumber: t.int8({ mode: 'number' }).notNull(),
  blockHash: t.text().notNull(),
  txHash: t.text().notNull(),
  logIndex: t.int8({ mode: 'number' }).notNull(),
  timestamp: t.int8({ mode: 'number' }).notNull(),
})

/** The order of a page, and each column that pages are filtered by with that order. */
const pages =
  (...filters) =>
  (table) =>
    Object.fromEntries(
      [undefined, ...filters].map((filter) => [
        `${filter ?? 'page'}Index`,
        index().on(
          ...(filter === undefined ? [] : [table[filter]]),
          ...[table.blockNumber.desc(), table.logIndex.desc(), table.id.desc()],
        ),
      ]),
    )

export const datanet = onchainTable(
  'datanet',
  (t) => ({
    id: t.bigint().primaryKey(),
    owner: t.text().notNull(),
    metaHash: t.text().notNull(),
    uri: t.text().notNull(),
    licence: t.int8({ mode: 'number' }).notNull(),
    ...place(t),
  }),
  pages(),
)

export const contribution = onchainTable(
  'contribution',
  (t) => ({
    id: t.bigint().primaryKey(),
    datanetId: t.bigint().notNull(),
    contributor: t.text().notNull(),
    root: t.text().notNull(),
    rows: t.int8({ mode: 'number' }).notNull(),
    byteSize: t.bigint().notNull(),
    dataHash: t.text().notNull(),
    status: t.text().notNull(),
    ...place(t),
  }),
  pages('datanetId', 'contributor'),
)

export const trainingRun = onchainTable(
  'training_run',
  (t) => ({
    id: t.bigint().primaryKey(),
    modelId: t.bigint().notNull(),
    trainer: t.text().notNull(),
    datasetRoot: t.text().notNull(),
    configHash: t.text().notNull(),
    dataOrderHash: t.text().notNull(),
    artefactHash: t.text().notNull(),
    ...place(t),
  }),
  pages('modelId'),
)

export const modelVersion = onchainTable(
  'model_version',
  (t) => ({
    id: t.text().primaryKey(),
    modelId: t.bigint().notNull(),
    version: t.int8({ mode: 'number' }).notNull(),
    runId: t.bigint().notNull(),
    artefactHash: t.text().notNull(),
    ...place(t),
  }),
  pages('modelId'),
)
