import { encodeFunctionData, keccak256, toHex, zeroAddress, zeroHash } from 'viem'
import { contributionVotesAbi, contributionVotesBytecode } from '../abi/contribution-votes.ts'
import { modelProposalsAbi, modelProposalsBytecode } from '../abi/model-proposals.ts'
import { provenantGovernorAbi, provenantGovernorBytecode } from '../abi/provenant-governor.ts'
import { timelockControllerAbi, timelockControllerBytecode } from '../abi/timelock-controller.ts'
import { genesisName, type PlanBuilder } from './create-plan-builder.ts'
import type { ResolvedSettings } from './resolve-settings.ts'

/**
 * Adds votes, governor, timelock and the bounties for models.
 *
 * The governor alone proposes to the timelock, it and the guardian can cancel there, and anybody can run
 * what is due.
 */
export function planGovernance(plan: PlanBuilder, settings: ResolvedSettings): void {
  const { addressOf, create } = plan
  const { governance, guardian } = settings
  const [access, rewards, genesis] = [
    addressOf('access'),
    addressOf('rewards'),
    addressOf(genesisName),
  ]
  const timelock = create({
    ...{ name: 'timelock', contract: 'TimelockController' },
    unit: 'node_modules/@openzeppelin/contracts/governance/TimelockController.sol',
    ...{ abi: timelockControllerAbi, bytecode: timelockControllerBytecode },
    args: [governance.timelockDelay, [addressOf('governor')], [zeroAddress], genesis],
  })
  const timelockCall = (
    functionName: 'grantRole' | 'renounceRole',
    role: string,
    account = genesis,
  ) =>
    encodeFunctionData({
      ...{ abi: timelockControllerAbi, functionName },
      args: [role === '' ? zeroHash : keccak256(toHex(role)), account],
    })
  const votes = create({
    ...{ name: 'votes', contract: 'ContributionVotes' },
    ...{ abi: contributionVotesAbi, bytecode: contributionVotesBytecode },
    args: [access, rewards, addressOf('models'), addressOf('governor'), governance],
  })
  create({
    ...{ name: 'governor', contract: 'ProvenantGovernor' },
    ...{ abi: provenantGovernorAbi, bytecode: provenantGovernorBytecode },
    args: [votes, timelock, governance],
  })
  create({
    ...{ name: 'proposals', contract: 'ModelProposals' },
    ...{ abi: modelProposalsAbi, bytecode: modelProposalsBytecode },
    args: [access, rewards, votes, addressOf('staking'), settings.modelProposals],
  })
  plan.call(
    'timelock',
    'let the guardian cancel',
    timelockCall('grantRole', 'CANCELLER_ROLE', guardian),
  )
  plan.call('timelock', 'take the timelock from Genesis', timelockCall('renounceRole', ''))
}
