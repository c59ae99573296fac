import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { validateUpgradeSafety } from '@openzeppelin/upgrades-core'
import { runForge } from '../run-forge.ts'

export interface UpgradeFindings {
  readonly contract: string
  /** What upgrades-core has against it; empty when it may run behind a proxy. */
  readonly problems: readonly string[]
}

/**
 * Compiles sources from scratch and lets upgrades-core check every upgradeable contract among them, as
 * `npx @openzeppelin/upgrades-core validate` does.
 *
 * @param paths - Relative to `contracts/`, e.g. `src/ModelRegistry.sol`.
 * @throws {TypeError} with the compiler's output when a source does not compile.
 */
export async function validateUpgrades(
  paths: readonly string[],
): Promise<readonly UpgradeFindings[]> {
  // Each check has its own folder, as upgrades-core takes every build info that it finds for current.
  const folder = await mkdtemp(join(import.meta.dirname, '..', 'cache', 'upgrades-'))
  try {
    const { exitCode, stdout, stderr } = await runForge([
      ...['build', '--build-info', '--ast', '--extra-output', 'storageLayout'],
      ...['--out', join(folder, 'out'), '--cache-path', join(folder, 'cache')],
      ...paths,
    ])
    if (exitCode !== 0) throw new TypeError(`${stdout}${stderr}`)
    const report = await validateUpgradeSafety(join(folder, 'out', 'build-info'))
    return report.upgradeableContractReports.map(({ contract, standaloneReport }) => ({
      contract,
      problems: standaloneReport.errors.map(({ kind }) => kind),
    }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
