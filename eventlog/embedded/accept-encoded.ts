import type { MethodDefinition } from '@grpc/grpc-js'

/** Lets a server answer with messages that are encoded already, besides those of the definition. */
export function acceptEncoded<Request, Response>(
  method: MethodDefinition<Request, Response>,
): MethodDefinition<Request, Response | Buffer> {
  return {
    ...method,
    responseSerialize: (value) =>
      Buffer.isBuffer(value) ? value : method.responseSerialize(value),
    responseDeserialize: method.responseDeserialize,
  }
}
