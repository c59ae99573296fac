import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { BaseError } from '../../schema/errors.ts'

const blockSize = 512
const driver = 'libvk_swiftshader.so'

/**
 * Writes the SwiftShader Vulkan driver of `@sparticuz/chromium` into `directory` as
 * `libvulkan.so.1`, the name that Dawn and onnxruntime look for.
 *
 * The loader reads `LD_LIBRARY_PATH` only when a process starts, so set it to `directory` in the
 * environment of a child process. Throws `DEVICE_UNAVAILABLE` if the package is not installed.
 */
export function unpackSwiftshader(directory: string): void {
  const tar = readArchive()
  mkdirSync(directory, { recursive: true })
  for (let at = 0; at + blockSize <= tar.length && tar[at] !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8)
    const start = at + blockSize
    if (name.endsWith(driver)) {
      writeFileSync(join(directory, 'libvulkan.so.1'), tar.subarray(start, start + size))
      return
    }
    at = start + Math.ceil(size / blockSize) * blockSize
  }
  throw new BaseError('DEVICE_UNAVAILABLE', { facts: { device: 'swiftshader', missing: driver } })
}

function readArchive(): Buffer {
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
    return brotliDecompressSync(readFileSync(join(entry, '../../../bin/swiftshader.tar.br')))
  } catch (cause) {
    throw new BaseError('DEVICE_UNAVAILABLE', {
      facts: { device: 'swiftshader', package: '@sparticuz/chromium' },
      cause,
    })
  }
}
