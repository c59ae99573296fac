import { encodeDeployData, getContractAddress, getCreate2Address } from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import { genesisAbi, genesisBytecode } from '../abi/genesis.ts'
import { create2Deployer } from './create2-deployer.ts'
import { hashSteps } from './hash-steps.ts'
import type { Plan } from './plan.ts'

/** A plan and where it puts its contracts, on every chain. */
export interface LocatedPlan {
  readonly plan: Plan
  /** `hashes[i]` = hash of the steps from `i` on. */
  readonly hashes: readonly Hex[]
  readonly salt: Hex
  readonly genesisInitCode: Hex
  /** Lowercase. */
  readonly genesis: Hex
  /** Lowercase address of a contract of the plan. */
  addressOf(name: string): Hex
}

/** Computes all addresses of a plan; they depend on the plan and the salt alone. */
export function locatePlan(plan: Plan, salt: Hex): LocatedPlan {
  const hashes = hashSteps(plan.steps)
  const genesisInitCode = encodeDeployData({
    abi: genesisAbi,
    bytecode: genesisBytecode,
    args: [hashes[0] as Hex],
  })
  const genesis = getCreate2Address({ from: create2Deployer, salt, bytecode: genesisInitCode })
  return {
    plan,
    hashes,
    salt,
    genesisInitCode,
    genesis: genesis.toLowerCase() as Hex,
    addressOf(name) {
      const nonce = plan.numbers.get(name)
      if (nonce === undefined) throw new TypeError(`the plan never creates ${name}`)
      if (nonce === 0) return genesis.toLowerCase() as Hex
      return getContractAddress({ from: genesis, nonce: BigInt(nonce) }).toLowerCase() as Hex
    },
  }
}
