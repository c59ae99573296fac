import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildPlan } from './deploy/build-plan.ts'
import { restrictedFunctions } from './restricted-functions.ts'

const sources = join(import.meta.dirname, 'src')
const account = (digit: string) => `0x${digit.repeat(40)}` as const

/** Solidity name → name in a deployment; a proxy stands for its implementation. */
const deployed = new Map(
  buildPlan({
    ...{ admin: account('1'), operator: account('2'), epochPoster: account('3') },
    ...{ guardian: account('4'), disputeWindow: 1n, thawPeriod: 1n },
  }).steps.flatMap(({ creation }) =>
    creation === undefined
      ? []
      : [[creation.contract, creation.name.replace('Implementation', '')]],
  ),
)

/** `restricted` functions of a source file, without those that only forward to one. */
function restrictedIn(file: string): readonly string[] {
  const text = readFileSync(join(sources, file), 'utf8')
  const functions = text.matchAll(/function (\w+)\s*\([^)]*\)([^{};]*)[{;]/g)
  return [...functions]
    .filter(([, , modifiers]) => /\brestricted\b/.test(modifiers ?? ''))
    .map(([, name]) => name as string)
}

test('every function that asks the AccessManager has a role, and no other one has', () => {
  const listed = restrictedFunctions.map(
    ({ contract, signature }) => `${contract}.${signature.name}`,
  )
  const registries = ['datanets', 'models']
  const expected = readdirSync(sources)
    .filter((file) => file.endsWith('.sol'))
    .flatMap((file) => {
      const name = deployed.get(file.replace('.sol', ''))
      const owners =
        file === 'UpgradeableRegistry.sol' ? registries : name === undefined ? [] : [name]
      return restrictedIn(file).flatMap((functionName) =>
        owners.map((owner) => {
          // The hook of UUPS runs inside this function, whose selector the AccessManager sees.
          const called = functionName === '_authorizeUpgrade' ? 'upgradeToAndCall' : functionName
          return `${owner}.${called}`
        }),
      )
    })
  expect(expected.length).toBeGreaterThan(10)
  expect(listed.toSorted()).toEqual(expected.toSorted())
})
