import type { Hex } from '../../schema/events/event.ts'

/** Lists a deployment for a person. */
export function renderDeployment(deployment: {
  readonly chainId: number
  readonly genesis: Hex
  readonly addresses: Readonly<Record<string, Hex>>
  readonly missing: readonly string[]
  readonly stepsRun?: number
  readonly differences?: readonly string[]
  readonly out?: string
}): string {
  const { chainId, genesis, addresses, missing, stepsRun, differences = [], out } = deployment
  const rows = Object.entries({ genesis, ...addresses })
  return [
    `Chain ${chainId}`,
    ...rows.map(([name, address]) => `  ${name.padEnd(12)} ${address}`),
    ...(missing.length === 0 ? [] : [`Missing: ${missing.join(', ')}`]),
    ...(stepsRun === undefined
      ? []
      : [stepsRun === 0 ? 'Nothing was missing.' : `${stepsRun} steps done and checked.`]),
    ...differences.map((difference) => `Changed since: ${difference}`),
    ...(out === undefined ? [] : [`Written to ${out}`]),
  ].join('\n')
}
