import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { hexToBytes } from 'viem'
import { z } from 'zod'
import { type CallBody, requestHash } from '../schema/codec/call-body.ts'
import { canonicalJson } from '../schema/codec/canonical-json.ts'
import { BaseError } from '../schema/errors.ts'
import type { Hex } from '../schema/events/event.ts'
import { hashPath } from './hash-path.ts'
import { readFileIfPresent } from './read-file-if-present.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/** Bodies of paid calls, readable only with the operator's key. */
export interface CallVault {
  /** Seals a body under the hash of its request and returns that hash. */
  put(body: CallBody): Promise<Hex>
  /** @throws `CALL_BODY_MISSING`, `CALL_BODY_UNREADABLE` (wrong key or changed bytes). */
  get(requestHash: Hex): Promise<CallBody>
  has(requestHash: Hex): Promise<boolean>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const formatVersion = 1
const nonceSize = 12
const tagSize = 16

const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const callBody = z.strictObject({
  request: z.strictObject({
    model: z.string(),
    prompt: z.string(),
    maxTokens: z.int(),
    nonce: hash,
  }),
  output: z.strictObject({ text: z.string(), completionTokens: z.array(z.int()) }),
})

/**
 * Opens a folder of sealed call bodies.
 *
 * File: version 1 | nonce 12 | tag 16 | AES-256-GCM ciphertext (NIST SP 800-38D) of the body as
 * canonical JSON, with version and request hash as associated data, so files cannot be swapped.
 *
 * @throws `CONFIG_INVALID` unless the key has 32 bytes.
 */
export function createCallVault(dir: string, operatorKey: Uint8Array): CallVault {
  if (operatorKey.length !== 32)
    throw new BaseError('CONFIG_INVALID', { facts: { operatorKeyBytes: operatorKey.length } })
  const key = Uint8Array.from(operatorKey)
  const close = async () => {}
  return {
    async put(body) {
      const id = requestHash(body.request)
      const plain = canonicalJson({
        output: { ...body.output },
        request: { ...body.request },
      })
      await writeFileAtomic(hashPath(dir, id), seal(key, id, plain))
      return id
    },
    async get(id) {
      const bytes = await readFileIfPresent(hashPath(dir, id))
      if (bytes === undefined)
        throw new BaseError('CALL_BODY_MISSING', { facts: { requestHash: id } })
      try {
        const body: CallBody = callBody.parse(JSON.parse(unseal(key, id, bytes)))
        if (requestHash(body.request) !== id) throw new RangeError('another request')
        return body
      } catch (cause) {
        throw new BaseError('CALL_BODY_UNREADABLE', { facts: { requestHash: id }, cause })
      }
    },
    has: async (id) => (await readFileIfPresent(hashPath(dir, id))) !== undefined,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const associatedData = (id: Hex) => Uint8Array.of(formatVersion, ...hexToBytes(id))

function seal(key: Uint8Array, id: Hex, plain: string): Uint8Array {
  const nonce = randomBytes(nonceSize)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associatedData(id))
  const sealed = [cipher.update(plain, 'utf8'), cipher.final()]
  return Buffer.concat([Uint8Array.of(formatVersion), nonce, cipher.getAuthTag(), ...sealed])
}

function unseal(key: Uint8Array, id: Hex, bytes: Uint8Array): string {
  const nonce = bytes.subarray(1, 1 + nonceSize)
  const tag = bytes.subarray(1 + nonceSize, 1 + nonceSize + tagSize)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagSize })
  decipher.setAAD(associatedData(id)).setAuthTag(tag)
  const plain = decipher.update(bytes.subarray(1 + nonceSize + tagSize))
  return Buffer.concat([plain, decipher.final()]).toString('utf8')
}
