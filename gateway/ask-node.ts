import { BaseError, isErrorWithCode } from '../schema/errors.ts'

/** Runs a question to the chain node and names the failure if it does not answer. */
export async function askNode<T>(question: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (isErrorWithCode(cause)) throw cause
    throw new BaseError('NODE_UNAVAILABLE', { facts: { question }, cause })
  }
}
