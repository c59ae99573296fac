import { InvalidArgumentError } from 'commander'

/** Parses an option that counts something; refuses zero, signs and fractions. */
export function positiveInteger(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

/** Parses a seed: 0 to 2^32 − 1. */
export function seedNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 0xffff_ffff) return value
  throw new InvalidArgumentError('It must be a whole number below 2^32.')
}

/** Parses the name of a new model, under the rule of the model registry. */
export function modelName(text: string): string {
  if (/^[a-z0-9-]{3,32}$/.test(text)) return text
  throw new InvalidArgumentError('It must have 3 to 32 of a-z, 0-9 and -.')
}

/** Parses an account's address into lowercase. */
export function accountAddress(text: string): `0x${string}` {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text.toLowerCase() as `0x${string}`
  throw new InvalidArgumentError('It must be 0x and 40 hexadecimal digits.')
}

/** Parses a sha256 hash. */
export function artifactHash(text: string): `0x${string}` {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as `0x${string}`
  throw new InvalidArgumentError('It must be 0x and 64 lowercase hexadecimal digits.')
}
