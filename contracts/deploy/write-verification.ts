import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeAbiParameters } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { faultsAddress } from './faults-address.ts'
import type { LocatedPlan } from './locate-plan.ts'
import type { PlanCreation, PlanStep } from './plan.ts'
import { compilerVersion, standardJson } from './standard-json.ts'

/** One contract of `index.json`. */
export interface VerificationEntry {
  /** Under which the deployment lists the contract. */
  readonly name: string
  /** As explorers ask for it: source unit and contract. */
  readonly contract: string
  readonly address: Hex
  readonly compilerVersion: string
  /** ABI-encoded, without `0x`. */
  readonly constructorArguments: string
  /** The compiler's standard-json input, beside `index.json`. */
  readonly input: string
}

/**
 * Writes what an explorer needs to verify every contract of a plan.
 *
 * @param folder Gets `index.json` and one standard-json input per Solidity contract.
 * @throws `SOURCE_MISSING`
 */
export async function writeVerification(
  located: LocatedPlan,
  folder: string,
): Promise<readonly VerificationEntry[]> {
  await mkdir(folder, { recursive: true })
  const genesis = {
    ...{ name: 'genesis', contract: 'Genesis', unit: 'src/Genesis.sol' },
    address: located.genesis,
    constructorArguments: (located.hashes[0] as Hex).slice(2),
  }
  const { addressOf } = located
  const faults = {
    ...{ name: 'faults', contract: 'EpochFaults', unit: 'src/EpochFaults.sol' },
    address: faultsAddress(addressOf('disputes')),
    constructorArguments: encodeAbiParameters(
      [{ type: 'address' }, { type: 'address' }, { type: 'address' }],
      [addressOf('rewards'), addressOf('ledger'), addressOf('models')],
    ).slice(2),
  }
  const created = located.plan.steps.flatMap((step) =>
    step.creation === undefined ? [] : [describe(located, step, step.creation)],
  )
  const entries: VerificationEntry[] = []
  for (const { contract, unit, ...entry } of [genesis, ...created, faults]) {
    const input = `${contract}.json`
    await writeFile(join(folder, input), `${JSON.stringify(await standardJson(contract, unit))}\n`)
    entries.push({ ...entry, contract: `${unit}:${contract}`, compilerVersion, input })
  }
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(entries, null, 2)}\n`)
  return entries
}

function describe(located: LocatedPlan, step: PlanStep, creation: PlanCreation) {
  const names = new Map([...located.plan.numbers].map(([name, number]) => [number, name]))
  let data: string = step.data
  for (const { offset, number } of step.references) {
    const address = located.addressOf(names.get(number) as string).slice(2)
    const at = 2 + 2 * offset
    data = data.slice(0, at) + address + data.slice(at + 40)
  }
  return {
    ...{ name: creation.name, contract: creation.contract, unit: creation.unit },
    address: located.addressOf(creation.name),
    constructorArguments: data.slice(2 + 2 * creation.codeBytes),
  }
}
