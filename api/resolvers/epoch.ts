import { orderRewards } from '../../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves } from '../../schema/codec/pack-epoch-leaves.ts'
import type { Epoch } from '../../schema/entities/epoch.ts'
import { EpochLeaf } from '../../schema/entities/epoch-leaf.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { type PageArguments, readPage } from '../page.ts'

export const epochResolvers = {
  proposal: ({ proposalId }: Epoch, _: unknown, { loaders }: ApiContext) =>
    proposalId === null ? null : loaders.epochProposal.load(proposalId),
  leaves: (epoch: Epoch, page: PageArguments, { source }: ApiContext) =>
    readPage(source, EpochLeaf, { keys: ['account'], direction: 'ASC' }, { epoch: epoch.id }, page),
  claim: (epoch: Epoch, { account }: { account: Hex }, context: ApiContext) =>
    readClaimProof(epoch, account, context),
}

/**
 * Builds the Merkle proof of one account from the indexed leaves.
 *
 * @throws `ROOT_MISMATCH` when the leaves do not fold to the epoch's root: no wrong proof leaves the house.
 */
async function readClaimProof(epoch: Epoch, account: Hex, { source }: ApiContext) {
  const leaves = orderRewards(await source.getRepository(EpochLeaf).findBy({ epoch: epoch.id }))
  const index = leaves.findIndex((leaf) => leaf.account === account)
  const own = leaves[index]
  if (own === undefined) return null
  const tree = buildOrderedMerkleTree(packRewardLeaves(leaves))
  if (tree.root !== epoch.root)
    throw new BaseError('ROOT_MISMATCH', {
      facts: { epoch: epoch.id, expected: epoch.root, actual: tree.root },
    })
  return { ...own, index, proof: tree.proof(index) }
}
