import type { AddedContract, Deployment, NumberedId } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ContractAddresses } from './contract-addresses.ts'

/** A contract whose logs are facts. */
export interface IndexedContract {
  readonly name: keyof ContractAddresses
  /** Lowercase, as logs carry it. */
  readonly address: Hex
  /** Its logs of earlier blocks do not count. */
  readonly fromBlock: number
  /** It came beside the first of its kind. */
  readonly added: boolean
  /** Ids that are its own; all of them if there is no other contract of the kind. */
  readonly ids: readonly IdRange[]
}

/** Ids from `first` up to, and without, `end`. */
export interface IdRange {
  readonly name: NumberedId
  readonly first: bigint
  readonly end: bigint | undefined
}

/** Contracts by lowercase address. */
export type ContractBook = ReadonlyMap<Hex, IndexedContract>

/** What of a deployment says which logs are facts. */
export interface IndexedDeployment {
  readonly addresses: ContractAddresses
  readonly added?: readonly AddedContract[] | undefined
}

/** Lists the contracts of a deployment; the token's transfers are no facts, so it is not among them. */
export function contractBook({ addresses, added = [] }: IndexedDeployment): ContractBook {
  const { token: _, ...contracts } = addresses as Deployment['addresses']
  const places = [
    ...Object.entries(contracts).map(([name, address]) => ({
      ...{ contract: name as keyof ContractAddresses, address, fromBlock: 0 },
      firstIds: undefined,
    })),
    ...added,
  ]
  return new Map(
    places.map(({ contract: name, address, fromBlock, firstIds = {} }, i) => {
      const later = places.slice(i + 1).filter(({ contract }) => contract === name)
      const ids = new Set([...later, { firstIds }].flatMap((one) => namesOf(one.firstIds)))
      return [
        address.toLowerCase() as Hex,
        {
          ...{
            name,
            fromBlock,
            address: address.toLowerCase() as Hex,
            added: i >= places.length - added.length,
          },
          ids: [...ids].map((id) => {
            const end = later.map((one) => one.firstIds?.[id]).find((first) => first !== undefined)
            return {
              name: id,
              first: BigInt(firstIds[id] ?? 0),
              end: end === undefined ? undefined : BigInt(end),
            }
          }),
        },
      ]
    }),
  )
}

const namesOf = (ids: AddedContract['firstIds']) => Object.keys(ids ?? {}) as NumberedId[]
