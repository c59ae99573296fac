// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./IAgentStaking.sol";
import {IRewardsDistributor} from "./IRewardsDistributor.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A market for models that somebody wants trained
/// @notice A proposer sets a bounty aside for a specification, contributors vote whether it is worth
/// bidding for, staked trainers bid, the proposer selects one, and each delivered milestone is paid.
/// @dev Neither side can hold the money hostage: a silent proposer loses his say when the review period
/// ends, a silent winner loses what he has not delivered at the deadline, and a silent governance splits
/// a disputed milestone in halves, which is worth less than honesty to either side.
/// Always: the contract's tokens ≥ Σ locked + Σ withdrawable + contributorsPending, with equality unless
/// somebody sent tokens without being asked.
interface IModelProposals {
    enum Phase {
        None,
        Voting,
        /// Quorum or majority missed; `close` refunds.
        Rejected,
        Bidding,
        Selecting,
        /// No winner in time; `close` refunds.
        Expired,
        Working,
        Closed
    }

    enum CloseReason {
        Cancelled,
        Rejected,
        NoWinner
    }

    enum MilestoneStatus {
        Pending,
        Delivered,
        Disputed,
        Settled
    }

    enum Settlement {
        /// The proposer accepted the artefact.
        Released,
        /// The proposer stayed silent through the review.
        ReviewEnded,
        /// Governance decided.
        Decided,
        /// Governance stayed silent: halves.
        Undecided,
        /// Not delivered by the deadline.
        Overdue,
        /// The winner gave it back.
        Resigned
    }

    /// @dev All periods in seconds.
    struct Settings {
        uint64 votingPeriod;
        uint64 biddingPeriod;
        uint64 selectionPeriod;
        uint64 reviewPeriod;
        uint64 governancePeriod;
        /// Share of all votes at the snapshot that must be cast, in 1/10,000, rounded up.
        uint16 quorumBps;
        /// Base units; keeps proposals from costing the voters more than they cost the proposer.
        uint128 minBounty;
        /// Active stake that a bidder needs, base units.
        uint128 minStake;
    }

    struct NewProposal {
        /// sha256 of the specification at `uri`.
        bytes32 specHash;
        string uri;
        /// Last second in which a milestone can be delivered.
        uint64 deadline;
        /// Share of every payout that goes to the data contributors, in 1/10,000.
        uint16 contributorsBps;
        /// Amounts in base units; they sum to the bounty.
        uint128[] milestones;
    }

    struct Schedule {
        /// In the clock of the votes contract.
        uint48 snapshot;
        uint64 voteEnd;
        uint64 biddingEnd;
        uint64 selectionEnd;
    }

    struct Proposal {
        address proposer;
        uint64 voteEnd;
        uint16 contributorsBps;
        uint8 milestones;
        address winner;
        uint48 snapshot;
        uint32 bids;
        uint64 deadline;
        /// What was set aside; after the selection the price.
        uint128 bounty;
        /// Part of `bounty` that is still undecided.
        uint128 locked;
        uint256 quorum;
        uint256 forVotes;
        uint256 againstVotes;
    }

    struct Milestone {
        uint128 amount;
        /// When it was delivered, or disputed if it was.
        uint64 since;
        MilestoneStatus status;
    }

    struct Bid {
        address bidder;
        uint128 price;
        /// sha256 of the plan: base model, data, recipe, evaluation.
        bytes32 planHash;
    }

    event SettingsInitialized(
        address token, address rewards, address votes, address staking, Settings settings
    );
    event ProposalCreated(
        uint256 indexed proposalId,
        address indexed proposer,
        bytes32 indexed specHash,
        uint128 bounty,
        uint256 quorum,
        Schedule schedule,
        NewProposal proposal
    );
    event VoteCast(
        uint256 indexed proposalId,
        address indexed voter,
        bool support,
        uint256 weight,
        uint256 forVotes,
        uint256 againstVotes
    );
    event BidSubmitted(
        uint256 indexed proposalId,
        uint32 indexed bidId,
        address indexed bidder,
        uint128 price,
        bytes32 planHash
    );
    event BidWithdrawn(uint256 indexed proposalId, uint32 indexed bidId);
    /// @param amounts What each milestone is worth now; they sum to `price`.
    /// @param refund What of the bounty goes back to the proposer.
    event BidSelected(
        uint256 indexed proposalId,
        uint32 indexed bidId,
        address indexed winner,
        uint128 price,
        uint128 refund,
        uint128[] amounts
    );
    event MilestoneDelivered(
        uint256 indexed proposalId, uint8 indexed milestone, bytes32 artefactHash, uint64 reviewEnd
    );
    event MilestoneDisputed(
        uint256 indexed proposalId, uint8 indexed milestone, bytes32 evidenceHash, uint64 decisionEnd
    );
    event MilestoneSettled(
        uint256 indexed proposalId,
        uint8 indexed milestone,
        Settlement settlement,
        uint128 toWinner,
        uint128 toContributors,
        uint128 toProposer,
        uint128 lockedAfter
    );
    event ProposalClosed(uint256 indexed proposalId, CloseReason reason, uint128 refund);
    event Credited(address indexed account, uint128 amount, uint128 withdrawableAfter);
    event Withdrawn(address indexed account, address indexed recipient, uint128 amount);
    event ContributorsFunded(uint128 amount, uint128 fundedCumulative);
    event PausedSet(bool paused);

    error ZeroAddress();
    error ZeroHash();
    error ZeroAmount();
    error InvalidBps(uint16 bps);
    error InvalidPeriod();
    error InvalidMilestones(uint256 count);
    error BountyTooSmall(uint128 bounty, uint128 minBounty);
    error DeadlineTooEarly(uint64 deadline, uint64 selectionEnd);
    error FeeOnTransfer(uint256 expected, uint256 received);
    error ProposalsPaused();
    error WrongPhase(uint256 proposalId, Phase phase);
    error NotProposer(address caller);
    error NotWinner(address caller);
    error NotBidder(address caller);
    error AlreadyVoted(uint256 proposalId, address voter);
    error NoVotes(address voter, uint48 snapshot);
    error PriceAboveBounty(uint128 price, uint128 bounty);
    error StakeTooSmall(address bidder, uint128 active, uint128 minStake);
    error UnknownBid(uint256 proposalId, uint32 bidId);
    error UnknownMilestone(uint256 proposalId, uint8 milestone);
    error WrongMilestoneStatus(uint256 proposalId, uint8 milestone, MilestoneStatus status);
    error DeadlinePassed(uint64 deadline);
    error DeadlineOpen(uint64 deadline);
    error ReviewOpen(uint64 reviewEnd);
    error ReviewOver(uint64 reviewEnd);
    error DecisionOpen(uint64 decisionEnd);
    error DecisionOver(uint64 decisionEnd);
    error NothingToWithdraw(address account);

    /// @notice Opens the vote on a proposal and sets its bounty aside; refused while paused.
    /// @param proposal What is asked for; at most 16 milestones, none of them zero.
    /// @return proposalId Counter from 1.
    function create(NewProposal calldata proposal) external returns (uint256 proposalId);

    /// @notice Votes with all weight that the caller had one tick before the proposal; once.
    function castVote(uint256 proposalId, bool support) external;

    /// @notice Offers to do the work for `price`; needs `minStake` in AgentStaking.
    /// @param price Base units, at most the bounty.
    /// @param planHash sha256 of the plan, not zero.
    /// @return bidId Counter from 1 within the proposal.
    function bid(uint256 proposalId, uint128 price, bytes32 planHash) external returns (uint32 bidId);

    /// @notice Takes a bid back before it is selected; only its bidder.
    function withdrawBid(uint256 proposalId, uint32 bidId, Bid calldata bid_) external;

    /// @notice Selects a bid after the bidding; only the proposer. What the price leaves of the bounty is his
    /// again, and each milestone shrinks in proportion.
    /// @param bid_ The bid as it was submitted.
    function select(uint256 proposalId, uint32 bidId, Bid calldata bid_) external;

    /// @notice Refunds a proposal without a winner: the proposer at any time, anyone once the vote is lost,
    /// the bidding went by without bids or the selection period without a selection.
    function close(uint256 proposalId) external;

    /// @notice Delivers a milestone, in any order, until the deadline; only the winner.
    /// @param artefactHash Hash of the artefact, not zero.
    function deliver(uint256 proposalId, uint8 milestone, bytes32 artefactHash) external;

    /// @notice Pays a delivered milestone: the proposer at any time, anyone once the review is over.
    function release(uint256 proposalId, uint8 milestone) external;

    /// @notice Hands a delivered milestone to governance before the review ends; only the proposer.
    /// @param evidenceHash sha256 of what the proposer holds against it, not zero.
    function dispute(uint256 proposalId, uint8 milestone, bytes32 evidenceHash) external;

    /// @notice Divides a disputed milestone between winner and proposer; only governance, and only until its
    /// period ends.
    /// @param winnerBps The winner's share in 1/10,000, rounded down.
    function decide(uint256 proposalId, uint8 milestone, uint16 winnerBps) external;

    /// @notice Divides a disputed milestone in halves once governance let its period pass; anyone.
    function resolve(uint256 proposalId, uint8 milestone) external;

    /// @notice Gives every undelivered milestone back to the proposer: the winner at any time, anyone after
    /// the deadline.
    function reclaim(uint256 proposalId) external;

    /// @notice Pays everything the caller is owed.
    /// @param recipient Where to, so that an account that the token refuses can still be paid.
    function withdraw(address recipient) external returns (uint128 amount);

    /// @notice Hands the contributors' share of all payouts so far to the distributor; anyone. It is not part
    /// of the payout so that nothing the distributor does can hold up a winner.
    function fundContributors() external;

    /// @notice Stops or allows new proposals; only the role GUARDIAN. Nothing else can be stopped.
    function setPaused(bool paused_) external;

    function token() external view returns (IERC20);

    function rewards() external view returns (IRewardsDistributor);

    function votes() external view returns (IERC5805);

    function staking() external view returns (IAgentStaking);

    function paused() external view returns (bool);

    function proposalCount() external view returns (uint256);

    /// @notice What all payouts so far owe to the distributor and `fundContributors` has not sent yet.
    function contributorsPending() external view returns (uint128);

    /// @notice What `fundContributors` has sent so far.
    function contributorsFunded() external view returns (uint128);

    function withdrawable(address account) external view returns (uint128);

    function hasVoted(uint256 proposalId, address voter) external view returns (bool);

    function settings() external view returns (Settings memory);

    function proposalOf(uint256 proposalId) external view returns (Proposal memory);

    function milestoneOf(uint256 proposalId, uint8 milestone) external view returns (Milestone memory);

    /// @return hash keccak256(abi.encode(bid)); zero if unknown or withdrawn.
    function bidHashOf(uint256 proposalId, uint32 bidId) external view returns (bytes32 hash);

    /// @notice Where a proposal stands now; follows from its votes and the clock without a transaction.
    function phaseOf(uint256 proposalId) external view returns (Phase);
}
