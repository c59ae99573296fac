import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { BaseError } from '../schema/errors.ts'

/**
 * Finds the forge binary that npm installed for this machine.
 *
 * The npm wrapper of forge guesses its tool from npm_package_name, so it cannot be called itself.
 *
 * @throws `PLATFORM_UNSUPPORTED` when there is none.
 */
export function findForge(): string {
  const require = createRequire(import.meta.url)
  const fromWrapper = createRequire(require.resolve('@foundry-rs/forge/package.json'))
  const name = `@foundry-rs/forge-${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`
  try {
    return fromWrapper.resolve(`${name}/bin/forge${platform() === 'win32' ? '.exe' : ''}`)
  } catch (cause) {
    throw new BaseError('PLATFORM_UNSUPPORTED', { facts: { package: name }, cause })
  }
}
