import { BaseError } from '../../schema/errors.ts'

/** Parses the bytes of a JSON file of a model directory, or throws `code`. */
export function parseJson(
  bytes: Uint8Array,
  file: string,
  code: 'MODEL_INVALID' | 'ADAPTER_INVALID',
): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new BaseError(code, { facts: { file, reason: 'not JSON' }, cause })
  }
}
