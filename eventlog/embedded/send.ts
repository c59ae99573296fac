import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js'

/** Writes a message and waits while the peer does not read, so that a slow reader costs no memory. */
export function send<Response>(
  call:
    | ServerWritableStream<never, Response>
    | ({ write(message: Response): boolean } & NodeJS.EventEmitter),
  message: Response,
  signal: AbortSignal,
): Promise<void> | undefined {
  if (signal.aborted || call.write(message)) return undefined
  return new Promise((resolve) => {
    const done = () => {
      call.off('drain', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    call.on('drain', done)
    signal.addEventListener('abort', done)
  })
}

/** A signal that aborts when the call is over, whoever ends it. */
export function abortOnClose<Request, Response>(
  call: ServerWritableStream<Request, Response> | ServerDuplexStream<Request, Response>,
): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort()
  call.on('cancelled', abort)
  call.on('close', abort)
  call.on('error', abort)
  return controller.signal
}
