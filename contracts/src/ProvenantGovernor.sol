// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContributionVotes} from "./interfaces/IContributionVotes.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {
    GovernorCountingSimple
} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {
    GovernorPreventLateQuorum
} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {
    GovernorTimelockControl
} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Decides by contribution votes, acts through a timelock
/// @notice Proposals are decided by `ContributionVotes` at the start of the vote and run by OpenZeppelin's
/// TimelockController, which holds the admin role of the AccessManager: governance gives and takes roles,
/// sets their delays and decides subjective disputes, each after the timelock's delay. The guardian holds the
/// timelock's canceller role and can stop what is queued; it cannot propose, vote or run anything.
///
/// Out of reach, because the contracts that hold it are immutable: roots that were activated, what was
/// claimed, votes of attesters, balances of payers, stakes (beyond giving away the role SLASHER), recorded
/// calls, and credited votes.
contract ProvenantGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl,
    GovernorPreventLateQuorum
{
    /// @notice The settings at the start; all but `quorumFloor` can be changed by a proposal.
    struct Parameters {
        /// Seconds between proposal and vote.
        uint48 votingDelay;
        /// Seconds of voting.
        uint32 votingPeriod;
        /// Votes needed to propose.
        uint256 proposalThreshold;
        /// Votes for or abstaining that a proposal needs, in percent of the votes that count.
        uint256 quorumPercent;
        /// The least quorum, in votes.
        uint256 quorumFloor;
        /// Seconds of voting left at least when the quorum is reached.
        uint48 voteExtension;
    }

    /// @notice The least quorum, in votes. While few votes exist, or after many expired, a percentage alone
    /// would let very few decide; below it governance stands still, and the contracts go on without it.
    uint256 public immutable quorumFloor;

    /// @notice The settings that have no event of their own; emitted once.
    /// @param votes Whose votes count.
    /// @param quorumFloor The least quorum.
    event GovernorCreated(address votes, uint256 quorumFloor);

    /// @notice Sets the start; see `Parameters`.
    /// @param votes ContributionVotes; it names this contract as its governor.
    /// @param timelock What runs the proposals; it must name this contract as proposer and canceller.
    /// @param parameters The settings at the start.
    constructor(IVotes votes, TimelockController timelock, Parameters memory parameters)
        Governor("ProvenantGovernor")
        GovernorSettings(parameters.votingDelay, parameters.votingPeriod, parameters.proposalThreshold)
        GovernorVotes(votes)
        GovernorVotesQuorumFraction(parameters.quorumPercent)
        GovernorTimelockControl(timelock)
        GovernorPreventLateQuorum(parameters.voteExtension)
    {
        quorumFloor = parameters.quorumFloor;
        emit GovernorCreated(address(votes), parameters.quorumFloor);
    }

    /// @notice Votes for or abstaining that a proposal needs whose vote starts at `timepoint`.
    /// @param timepoint Unix seconds.
    function quorum(uint256 timepoint)
        public
        view
        override(Governor, GovernorVotesQuorumFraction)
        returns (uint256)
    {
        return Math.max(super.quorum(timepoint), quorumFloor);
    }

    /// @notice Seconds between proposal and vote.
    function votingDelay() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingDelay();
    }

    /// @notice Seconds of voting.
    function votingPeriod() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.votingPeriod();
    }

    /// @notice Votes needed to propose.
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @notice Where a proposal stands; one cancelled in the timelock is cancelled.
    /// @param proposalId The proposal.
    function state(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (ProposalState)
    {
        return super.state(proposalId);
    }

    /// @notice Always: nothing runs without the timelock's delay.
    /// @param proposalId The proposal.
    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    /// @notice Unix seconds after which a proposal is decided; later if its quorum was reached late.
    /// @param proposalId The proposal.
    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    /// @dev Voting keeps the voter's votes from expiring, whoever sends the ballot.
    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256 weight) {
        weight = super._castVote(proposalId, account, support, reason, params);
        IContributionVotes(address(token())).recordVote(account);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
