import { epochLeaf } from '../../schema/codec/leaves.ts'
import { buildMerkleTree } from '../../schema/codec/merkle-tree.ts'
import type { Epoch } from '../../schema/entities/epoch.ts'
import { EpochLeaf } from '../../schema/entities/epoch-leaf.ts'
import { BaseError } from '../../schema/errors.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { ApiContext } from '../context.ts'
import { type PageArguments, readPage } from '../page.ts'

export const epochResolvers = {
  leaves: (epoch: Epoch, page: PageArguments, { source }: ApiContext) =>
    readPage(source, EpochLeaf, [['account', 'ASC']], { epoch: epoch.id }, page),
  claim: (epoch: Epoch, { account }: { account: Hex }, context: ApiContext) =>
    readClaimProof(epoch, account, context),
}

/**
 * Builds the Merkle proof of one account from the indexed leaves.
 *
 * @throws `ROOT_MISMATCH` when the leaves do not fold to the epoch's root: no wrong proof leaves the house.
 */
async function readClaimProof(epoch: Epoch, account: Hex, { source, token }: ApiContext) {
  const leaves = await source.getRepository(EpochLeaf).findBy({ epoch: epoch.id })
  const own = leaves.find((leaf) => leaf.account === account)
  if (own === undefined) return null
  const tree = buildMerkleTree(leaves.map((l) => epochLeaf(l.account, token, l.cumulative)))
  if (tree.root !== epoch.root)
    throw new BaseError('ROOT_MISMATCH', {
      facts: { epoch: epoch.id, expected: epoch.root, actual: tree.root },
    })
  return {
    account,
    cumulative: own.cumulative,
    proof: tree.proof(epochLeaf(account, token, own.cumulative)),
  }
}
