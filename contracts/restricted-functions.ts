import { getAbiItem } from 'viem'
import { inferenceLedgerAbi } from './abi/inference-ledger.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'

/** The functions that need a role, and which one; all others are open or check for themselves. */
export const restrictedFunctions = [
  {
    contract: 'ledger',
    signature: getAbiItem({ abi: inferenceLedgerAbi, name: 'recordBatch' }),
    role: 'operator',
  },
  {
    contract: 'rewards',
    signature: getAbiItem({ abi: rewardsDistributorAbi, name: 'propose' }),
    role: 'epochPoster',
  },
  {
    contract: 'rewards',
    signature: getAbiItem({ abi: rewardsDistributorAbi, name: 'reject' }),
    role: 'guardian',
  },
] as const
