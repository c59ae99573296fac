// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./IAgentStaking.sol";
import {IEpochFaults} from "./IEpochFaults.sol";
import {IRewardsDistributor} from "./IRewardsDistributor.sol";

/// @title Fault proofs and disputes about epochs
/// @notice Two ways to stop an epoch before it is activated, while the previous root stays claimable.
/// Objective: anyone proves one of the faults of `IEpochFaults` in one transaction, without a bond; the
/// epoch is rejected and its poster slashed. Nothing in that way is trusted.
/// Subjective: what only a re-computation shows, above all the weights themselves, is disputed with a bond.
/// The epoch is held; k of n attesters vote by commit and reveal; if neither side gets k votes, governance
/// decides; if that does not happen either, the epoch is rejected without a slash. In this way the
/// attesters and then governance are trusted.
interface IEpochDisputes {
    /// @notice How a dispute ended.
    enum Outcome {
        Open,
        /// The epoch was wrong: rejected, poster slashed, bond back.
        Upheld,
        /// The epoch goes on, the bond is the treasury's.
        Dismissed,
        /// Nobody decided: epoch rejected, nobody slashed, bond back.
        Undecided,
        /// The epoch was rejected meanwhile for another reason: bond back, no second slash.
        Superseded
    }

    /// @notice All settings; they never change.
    struct Settings {
        /// What opening a dispute costs if it is dismissed, base units.
        uint128 challengerBond;
        /// What a poster loses by a wrong epoch, base units; at most its bond.
        uint128 slashAmount;
        /// The winner's part of the slash, at most 5,000 of 10,000: else a poster could slash itself for free.
        uint16 winnerBps;
        /// Seconds.
        uint64 commitPeriod;
        /// Seconds.
        uint64 revealPeriod;
        /// Seconds.
        uint64 governancePeriod;
        /// Votes that decide; more than half of the attesters, so both sides cannot have them.
        uint8 quorum;
        address[] attesters;
    }

    /// @notice One dispute.
    struct Dispute {
        uint256 epoch;
        address challenger;
        address poster;
        uint128 bond;
        /// Votes are committed before, revealed from here on, unix seconds.
        uint64 commitEnd;
        /// Votes are revealed before, governance decides from here on.
        uint64 revealEnd;
        /// Governance decides before; the epoch is rejected from here on.
        uint64 governanceEnd;
        uint8 upholdVotes;
        uint8 dismissVotes;
        Outcome outcome;
    }

    /// @notice The settings, which never change.
    /// @param rewards The distributor.
    /// @param staking Where the posters have their bonds.
    /// @param faults Where the faults are checked.
    /// @param treasury Gets forfeited bonds.
    /// @param settings All settings.
    event DisputesCreated(
        address rewards, address staking, address faults, address treasury, Settings settings
    );
    /// @notice A fault was proven: the epoch is rejected and its poster lost `slashed`, of which `reward` is
    /// the challenger's, both pulled from the staking contract.
    /// @param epoch The epoch.
    /// @param kind From 1 to 10.
    /// @param challenger Who started it.
    /// @param slashed Base units taken from the poster.
    /// @param reward The challenger's part of it.
    event FaultProven(
        uint256 indexed epoch, uint8 indexed kind, address indexed challenger, uint128 slashed, uint128 reward
    );
    /// @notice A dispute was opened; the epoch is held.
    /// @param disputeId The dispute.
    /// @param epoch The epoch.
    /// @param challenger Who started it.
    /// @param bond Base units.
    /// @param evidenceHash sha256 of what the attesters should look at.
    /// @param commitEnd Votes are committed before, unix seconds.
    /// @param revealEnd Votes are revealed before, unix seconds.
    event DisputeOpened(
        uint256 indexed disputeId,
        uint256 indexed epoch,
        address indexed challenger,
        uint128 bond,
        bytes32 evidenceHash,
        uint64 commitEnd,
        uint64 revealEnd
    );
    /// @notice An attester committed to a vote.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    /// @param hash The commitment.
    event VoteCommitted(uint256 indexed disputeId, address indexed attester, bytes32 hash);
    /// @notice An attester showed its vote; the counts include it.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    /// @param uphold Whether the epoch is wrong.
    /// @param upholdVotes Votes that it is wrong so far.
    /// @param dismissVotes Votes that it is right so far.
    event VoteRevealed(
        uint256 indexed disputeId,
        address indexed attester,
        bool uphold,
        uint8 upholdVotes,
        uint8 dismissVotes
    );
    /// @notice A dispute ended; `outcome` is one of `Outcome`.
    /// @param disputeId The dispute.
    /// @param epoch The epoch.
    /// @param outcome How it ended.
    event DisputeResolved(uint256 indexed disputeId, uint256 indexed epoch, uint8 outcome);
    /// @notice An account took the bonds that wait for it.
    /// @param account The account.
    /// @param amount Base units.
    event BondWithdrawn(address indexed account, uint128 amount);

    /// @notice A setting is out of its range; the name says which.
    /// @param name Of the setting.
    error InvalidSetting(bytes32 name);
    /// @notice What was called is no fault function.
    error NotAFault();
    /// @notice The context is not what the epoch was proposed with, or there is no such epoch.
    /// @param epoch The epoch.
    error WrongContext(uint256 epoch);
    /// @notice The window of the epoch is over.
    /// @param epoch The epoch.
    /// @param activatesAt When the window ended.
    error WindowClosed(uint256 epoch, uint64 activatesAt);
    /// @notice The token delivered less than it was asked to.
    /// @param expected Base units asked for.
    /// @param received Base units that came.
    error FeeOnTransfer(uint256 expected, uint256 received);
    /// @notice There is no such dispute, or it has ended.
    /// @param disputeId The dispute.
    /// @param outcome How it ended.
    error NotOpen(uint256 disputeId, Outcome outcome);
    /// @notice The caller is no attester.
    /// @param caller Who called.
    error NotAttester(address caller);
    /// @notice An attester that is a party of the dispute cannot vote in it.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    error PartyOfDispute(uint256 disputeId, address attester);
    /// @notice This is possible only from `from` up to but not including `until`, unix seconds.
    /// @param from First second.
    /// @param until First second after it.
    error OutsidePhase(uint64 from, uint64 until);
    /// @notice The attester has committed already.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    error AlreadyCommitted(uint256 disputeId, address attester);
    /// @notice A commitment cannot be zero.
    error ZeroHash();
    /// @notice The vote is not the one that was committed, or was revealed already.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    error WrongReveal(uint256 disputeId, address attester);
    /// @notice The votes have decided, so governance cannot.
    /// @param disputeId The dispute.
    error DecidedByVotes(uint256 disputeId);
    /// @notice No bond waits for this account.
    /// @param account The account.
    error NothingToWithdraw(address account);

    /// @notice Proves a fault of an epoch that is proposed or disputed: rejects it and slashes its poster.
    /// @param faultCall ABI-encoded call of a function of `faults()`; an eth_call of it is a dry run.
    /// @return finding What was proven.
    function prove(bytes calldata faultCall) external returns (IEpochFaults.Finding memory finding);

    /// @notice Disputes an epoch before its window is over, for a bond; holds the epoch.
    /// @param epoch The epoch.
    /// @param context What the epoch was proposed with.
    /// @param evidenceHash sha256 of what the attesters should look at.
    /// @return disputeId Counter from 1.
    function open(uint256 epoch, IEpochFaults.Context calldata context, bytes32 evidenceHash)
        external
        returns (uint256 disputeId);

    /// @notice Commits to a vote; only attesters, before `commitEnd`.
    /// @param disputeId The dispute.
    /// @param hash keccak256(abi.encode(disputeId, attester, uphold, salt)).
    function commitVote(uint256 disputeId, bytes32 hash) external;

    /// @notice Reveals a vote; only attesters, from `commitEnd` to `revealEnd`.
    /// @param disputeId The dispute.
    /// @param uphold Whether the epoch is wrong.
    /// @param salt The secret of the commitment.
    function revealVote(uint256 disputeId, bool uphold, bytes32 salt) external;

    /// @notice Ends a dispute that k votes have decided, whose epoch was rejected meanwhile, or that nobody
    /// decided in time; anyone.
    /// @param disputeId The dispute.
    /// @return outcome How it ended.
    function resolve(uint256 disputeId) external returns (Outcome outcome);

    /// @notice Decides a dispute in which neither side got k votes; only governance, from `revealEnd` to
    /// `governanceEnd`.
    /// @param disputeId The dispute.
    /// @param uphold Whether the epoch is wrong.
    /// @return outcome How it ended.
    function resolveByGovernance(uint256 disputeId, bool uphold) external returns (Outcome outcome);

    /// @notice Pays the caller the bonds that wait for it.
    /// @return amount Base units paid.
    function withdrawBond() external returns (uint128 amount);

    /// @notice Where the faults are checked.
    function faults() external view returns (IEpochFaults);

    /// @notice Whose epochs these are.
    function rewards() external view returns (IRewardsDistributor);

    /// @notice Where the posters have their bonds.
    function staking() external view returns (IAgentStaking);

    /// @notice All settings.
    function settings() external view returns (Settings memory);

    /// @notice Whether an account votes on disputes.
    /// @param account The account.
    function isAttester(address account) external view returns (bool);

    /// @notice Number of the last dispute, zero before the first.
    function disputeCount() external view returns (uint256);

    /// @notice A dispute; all zero if there is no such.
    /// @param disputeId The dispute.
    function disputeOf(uint256 disputeId) external view returns (Dispute memory);

    /// @notice The commitment of an attester that is not revealed yet.
    /// @param disputeId The dispute.
    /// @param attester Who votes.
    function commitmentOf(uint256 disputeId, address attester) external view returns (bytes32);

    /// @notice Bonds that wait for this account, base units.
    /// @param account The account.
    function withdrawable(address account) external view returns (uint128);
}
