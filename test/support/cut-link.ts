import { openTcpLink } from './tcp-link.ts'

/** A way to a database that is lost for good after so many pieces of its answers. */
export interface CutLink extends AsyncDisposable {
  /** The same database by this way. */
  readonly url: string
  /** The way was lost before it was closed. */
  readonly lost: boolean
}

/** Opens a way to a database that lets `pieces` of its answers through. */
export async function openCutLink(databaseUrl: string, pieces: number): Promise<CutLink> {
  let passed = 0
  const target = Number(new URL(databaseUrl).port)
  const link = await openTcpLink(
    () => target,
    () => ({
      down(chunk) {
        passed += 1
        if (passed > pieces) link.refuse(true)
        return passed > pieces ? [] : [chunk]
      },
    }),
  )
  return {
    url: Object.assign(new URL(databaseUrl), { port: String(link.port) }).href,
    get lost() {
      return passed > pieces
    },
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}
