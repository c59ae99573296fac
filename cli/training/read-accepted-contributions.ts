import { getAbiItem } from 'viem'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import type { Deployment } from '../../schema/deployment.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ChainConnection } from '../chain/connect-chain.ts'

export interface AcceptedContribution {
  readonly id: string
  readonly datanetId: string
  readonly contributor: Hex
  readonly root: Hex
  readonly dataHash: Hex
  readonly rows: number
}

/** Reads the accepted contributions of some Datanets from the chain, in id order. */
export async function readAcceptedContributions(
  chain: ChainConnection,
  deployment: Deployment,
  datanetIds: readonly bigint[],
): Promise<readonly AcceptedContribution[]> {
  const range = {
    address: deployment.addresses.datanets,
    fromBlock: BigInt(deployment.blockNumber),
    args: { datanetId: [...datanetIds] },
    strict: true,
  } as const
  const [submitted, accepted] = await Promise.all([
    chain.publicClient.getLogs({
      ...range,
      event: getAbiItem({ abi: datanetRegistryAbi, name: 'ContributionSubmitted' }),
    }),
    chain.publicClient.getLogs({
      ...range,
      event: getAbiItem({ abi: datanetRegistryAbi, name: 'ContributionAccepted' }),
    }),
  ])
  const ids = new Set(accepted.map(({ args }) => args.contributionId))
  return submitted
    .filter(({ args }) => ids.has(args.contributionId))
    .sort((a, b) => (a.args.contributionId < b.args.contributionId ? -1 : 1))
    .map(({ args }) => ({
      id: args.contributionId.toString(),
      datanetId: args.datanetId.toString(),
      contributor: args.contributor.toLowerCase() as Hex,
      root: args.root,
      dataHash: args.dataHash,
      rows: args.rows,
    }))
}
