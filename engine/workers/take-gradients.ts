import type { Adapter } from '../../gpu/models/adapter.ts'
import type { BaseModel } from '../../gpu/models/base-model.ts'
import { decodeAdapter } from '../../gpu/models/read-adapter.ts'
import { readBaseModel } from '../../gpu/models/read-base-model.ts'
import { createGradientSession, type GradientSession } from '../../gpu/training/gradient-session.ts'
import { tokenizeRow } from '../../gpu/training/tokenize-row.ts'
import type { TokenizedExample } from '../../gpu/training/tokenized-example.ts'
import type { Row } from '../../schema/codec/row.ts'
import { isErrorWithCode } from '../../schema/errors.ts'
import { gradientWidth } from '../attribution/gradient-width.ts'
import { projectSigns } from '../attribution/project-signs.ts'
import { quantiseRow } from '../attribution/quantise-row.ts'
import type { GradientTask } from './engine-tasks.ts'

// One example per run: its bits then do not depend on its neighbours. A graph is the shortest
// multiple of 16 tokens that holds the example, because ORT's time grows with padding.
const lengthStep = 16

const models = new Map<string, Promise<BaseModel>>()
const sessions = new Map<string, GradientSession>()
let current: { readonly hash: string; readonly adapter: Adapter } | undefined

/** Takes the answer-token gradient of each row as int8 codes; erased rows become zero. */
export async function takeGradients(task: GradientTask): Promise<Int8Array> {
  const model = await loadModel(task.baseModelDir)
  const adapter = loadAdapter(task, model)
  const session = openSession(task.baseModelDir, model, adapter)
  const width = gradientWidth(session.size)
  const codes = new Int8Array(task.rows.length * width)
  const examples = task.rows.map((row) => row && tokenize(row, model.config.maxPositions))
  const present = examples.flatMap((example, position) => (example ? [position] : []))
  const gradients = await session.perExampleGradients(
    present.map((position) => examples[position]!),
    adapter,
  )
  const rows = width === session.size ? gradients : projectSigns(gradients, present.length)
  present.forEach((position, i) => {
    const target = codes.subarray(position * width, (position + 1) * width)
    quantiseRow(rows.subarray(i * width, (i + 1) * width), target)
  })
  return codes
}

/** Shortens an answer that does not fit the context; a row without room for one has no gradient. */
function tokenize(row: Row, maxPositions: number): TokenizedExample | null {
  for (let answer = row.answer; ; answer = [...answer].slice(0, -1).join('')) {
    try {
      return tokenizeRow(row.question, answer, maxPositions)
    } catch (error) {
      if (!isErrorWithCode(error, 'TEXT_INVALID')) throw error
      if (answer === '') return null
    }
  }
}

function loadModel(directory: string): Promise<BaseModel> {
  const known = models.get(directory)
  if (known !== undefined) return known
  const loading = readBaseModel(directory)
  models.set(directory, loading)
  loading.catch(() => models.delete(directory))
  return loading
}

function loadAdapter(task: GradientTask, model: BaseModel): Adapter {
  if (current?.hash === task.checkpointHash) return current.adapter
  const files = {
    'adapter_config.json': task.adapterConfig,
    'adapter_model.safetensors': task.weights,
  }
  const adapter = decodeAdapter(files, model.config)
  current = { hash: task.checkpointHash, adapter }
  return adapter
}

function openSession(directory: string, model: BaseModel, { lora }: Adapter): GradientSession {
  const key = JSON.stringify([directory, lora])
  const known = sessions.get(key)
  if (known !== undefined) return known
  const { maxPositions } = model.config
  const buckets = Array.from({ length: Math.ceil(maxPositions / lengthStep) }, (_, i) =>
    Math.min(maxPositions, (i + 1) * lengthStep),
  )
  const session = createGradientSession({ model, lora, buckets, batch: 1, threads: 1 })
  sessions.set(key, session)
  return session
}
