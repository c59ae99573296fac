import { readFile, rename, writeFile } from 'node:fs/promises'
import { BaseError } from '../../schema/errors.ts'
import { readSafetensors } from '../models/read-safetensors.ts'
import { tensorToFloat32 } from '../models/tensor-to-float32.ts'
import { floatTensor, writeSafetensors } from '../models/write-safetensors.ts'
import type { PretrainState } from './pretrain-base.ts'

/**
 * Writes the state of a pretraining run; a crash while writing leaves the previous file.
 *
 * @param fingerprint names the options of the run; reading with another one fails
 */
export async function savePretrainState(
  path: string,
  state: PretrainState,
  fingerprint: string,
): Promise<void> {
  const tensor = (values: Float32Array) => floatTensor('F32', [values.length], values)
  const bytes = writeSafetensors(
    new Map([
      ['weights', tensor(state.weights)],
      ['adam.m', tensor(state.adam.m)],
      ['adam.v', tensor(state.adam.v)],
    ]),
    { format: 'pt', fingerprint, step: String(state.adam.step), loss: String(state.loss) },
  )
  await writeFile(`${path}.tmp`, bytes)
  await rename(`${path}.tmp`, path)
}

/**
 * Reads a state written by {@link savePretrainState}, or returns undefined if there is no file.
 *
 * @throws TRAINING_STATE_INVALID if it belongs to other options; SAFETENSORS_INVALID if damaged
 */
export async function loadPretrainState(
  path: string,
  fingerprint: string,
): Promise<PretrainState | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) return undefined
  const { tensors, metadata } = readSafetensors(bytes)
  const part = (name: string): Float32Array<ArrayBuffer> => {
    const tensor = tensors.get(name)
    if (tensor !== undefined) return tensorToFloat32(name, tensor)
    throw new BaseError('TRAINING_STATE_INVALID', { facts: { path, missing: name } })
  }
  const step = Number(metadata['step'])
  if (metadata['fingerprint'] !== fingerprint || !Number.isSafeInteger(step)) {
    throw new BaseError('TRAINING_STATE_INVALID', { facts: { path, step: metadata['step'] } })
  }
  const adam = { m: part('adam.m'), v: part('adam.v'), step }
  return { weights: part('weights'), adam, loss: Number(metadata['loss']) }
}
