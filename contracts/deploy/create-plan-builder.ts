import {
  type Abi,
  type ContractConstructorArgs,
  encodeDeployData,
  keccak256,
  size,
  toHex,
} from 'viem'
import type { Hex } from '../../schema/events/event.ts'
import type { Plan, PlanCreation, PlanReference } from './plan.ts'

interface Draft {
  readonly label: string
  readonly target?: string
  readonly data: Hex
  readonly creation?: PlanCreation
}

/** Name that stands for Genesis itself. */
export const genesisName = 'genesis'

export interface PlanBuilder {
  /** A stand-in for the address of a contract of the plan, which may come later; use it in arguments. */
  addressOf(name: string): Hex
  /** Adds the creation of a contract. @returns Its stand-in. */
  create<const A extends Abi>(creation: {
    readonly name: string
    /** Name in Solidity. */
    readonly contract: string
    /** Source unit; `src/<contract>.sol` by default. */
    readonly unit?: string
    readonly abi: A
    readonly bytecode: Hex
    readonly args: ContractConstructorArgs<A>
  }): Hex
  /** Adds a call of a contract that was created before. */
  call(name: string, label: string, data: Hex): void
  finish(): Plan
}

/**
 * Starts a plan whose arguments are encoded as if all addresses were known.
 *
 * A stand-in is 20 bytes of a hash, so it occurs in the encoded data only where it was put.
 */
export function createPlanBuilder(): PlanBuilder {
  const steps: Draft[] = []
  const numbers = new Map([[genesisName, 0]])
  const standIns = new Map<string, string>()
  const addressOf = (name: string): Hex => {
    const standIn = keccak256(toHex(`provenant plan: address of ${name}`)).slice(0, 42) as Hex
    standIns.set(standIn.slice(2), name)
    return standIn
  }
  return {
    addressOf,
    create({ name, contract, unit = `src/${contract}.sol`, abi, bytecode, args }) {
      if (numbers.has(name)) throw new TypeError(`${name} is planned twice`)
      numbers.set(name, numbers.size)
      const options = { abi, bytecode, args } as Parameters<typeof encodeDeployData>[0]
      const creation = { name, contract, unit, codeBytes: size(bytecode) }
      steps.push({ label: `create ${name}`, data: encodeDeployData(options), creation })
      return addressOf(name)
    },
    call(name, label, data) {
      steps.push({ label, target: name, data })
    },
    finish() {
      const numberOf = (name: string): number => {
        const number = numbers.get(name)
        if (number === undefined) throw new TypeError(`the plan never creates ${name}`)
        return number
      }
      return {
        numbers,
        steps: steps.map(({ target, data, ...rest }) => ({
          ...rest,
          target: target === undefined ? 0 : numberOf(target),
          ...takeOut(data, standIns, numberOf),
        })),
      }
    },
  }
}

function takeOut(
  data: Hex,
  standIns: ReadonlyMap<string, string>,
  numberOf: (name: string) => number,
): { readonly data: Hex; readonly references: readonly PlanReference[] } {
  const references: PlanReference[] = []
  let text: string = data.toLowerCase()
  for (const [standIn, name] of standIns)
    for (let at = text.indexOf(standIn); at !== -1; at = text.indexOf(standIn, at)) {
      references.push({ offset: at / 2 - 1, number: numberOf(name) })
      text = text.slice(0, at) + '0'.repeat(40) + text.slice(at + 40)
    }
  references.sort((a, b) => a.offset - b.offset)
  return { data: text as Hex, references }
}
