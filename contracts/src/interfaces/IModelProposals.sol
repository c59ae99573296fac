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

    /// @notice Emitted once, by the constructor.
    /// @param token What bounties are paid in.
    /// @param rewards Receives the contributors' shares.
    /// @param votes Says who weighs how much.
    /// @param staking Says what bidders have at stake.
    /// @param settings Periods and minima, for good.
    event SettingsInitialized(
        address token, address rewards, address votes, address staking, Settings settings
    );
    /// @notice Emitted when a bounty is set aside.
    /// @param proposalId Counter from 1.
    /// @param proposer Who set the bounty aside.
    /// @param specHash sha256 of the specification.
    /// @param bounty Base units set aside.
    /// @param quorum Votes that must be cast.
    /// @param schedule Snapshot of the votes and ends of the periods.
    /// @param proposal What was asked for.
    event ProposalCreated(
        uint256 indexed proposalId,
        address indexed proposer,
        bytes32 indexed specHash,
        uint128 bounty,
        uint256 quorum,
        Schedule schedule,
        NewProposal proposal
    );
    /// @notice Emitted with each vote.
    /// @param proposalId Counter from 1.
    /// @param voter Whose votes they are.
    /// @param support True for opening the bidding.
    /// @param weight Votes of the voter at the snapshot.
    /// @param forVotes All votes for so far.
    /// @param againstVotes All votes against so far.
    event VoteCast(
        uint256 indexed proposalId,
        address indexed voter,
        bool support,
        uint256 weight,
        uint256 forVotes,
        uint256 againstVotes
    );
    /// @notice Emitted with each bid; the contract keeps its hash.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    /// @param bidder Who offers to do the work.
    /// @param price Base units asked for.
    /// @param planHash sha256 of the plan.
    event BidSubmitted(
        uint256 indexed proposalId,
        uint32 indexed bidId,
        address indexed bidder,
        uint128 price,
        bytes32 planHash
    );
    /// @notice Emitted when a bidder takes a bid back.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    event BidWithdrawn(uint256 indexed proposalId, uint32 indexed bidId);
    /// @notice Emitted when the proposer selects a bid.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    /// @param winner Who does the work.
    /// @param price Base units asked for.
    /// @param refund What of the bounty goes back to the proposer.
    /// @param amounts What each milestone is worth now; they sum to `price`.
    event BidSelected(
        uint256 indexed proposalId,
        uint32 indexed bidId,
        address indexed winner,
        uint128 price,
        uint128 refund,
        uint128[] amounts
    );
    /// @notice Emitted when the winner delivers; the review begins.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param artefactHash Hash of the artefact.
    /// @param reviewEnd When anyone may release it, seconds since 1970.
    event MilestoneDelivered(
        uint256 indexed proposalId, uint8 indexed milestone, bytes32 artefactHash, uint64 reviewEnd
    );
    /// @notice Emitted when the proposer hands a milestone to governance.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param evidenceHash sha256 of what the proposer holds against it.
    /// @param decisionEnd When halves become final, seconds since 1970.
    event MilestoneDisputed(
        uint256 indexed proposalId, uint8 indexed milestone, bytes32 evidenceHash, uint64 decisionEnd
    );
    /// @notice Emitted when a milestone is paid, divided or given back.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param settlement Who decided, or who did not.
    /// @param toWinner Base units credited to the winner.
    /// @param toContributors Base units owed to the distributor.
    /// @param toProposer Base units credited to the proposer.
    /// @param lockedAfter Base units of the proposal that are still undecided.
    event MilestoneSettled(
        uint256 indexed proposalId,
        uint8 indexed milestone,
        Settlement settlement,
        uint128 toWinner,
        uint128 toContributors,
        uint128 toProposer,
        uint128 lockedAfter
    );
    /// @notice Emitted when a proposal ends without a winner.
    /// @param proposalId Counter from 1.
    /// @param reason Why there is no winner.
    /// @param refund Base units credited to the proposer.
    event ProposalClosed(uint256 indexed proposalId, CloseReason reason, uint128 refund);
    /// @notice Emitted when an account is owed more.
    /// @param account Who is owed.
    /// @param amount Base units.
    /// @param withdrawableAfter Base units owed to the account now.
    event Credited(address indexed account, uint128 amount, uint128 withdrawableAfter);
    /// @notice Emitted when an account is paid what it was owed.
    /// @param account Who is owed.
    /// @param recipient Who was paid.
    /// @param amount Base units.
    event Withdrawn(address indexed account, address indexed recipient, uint128 amount);
    /// @notice Emitted when the contributors' shares go to the distributor.
    /// @param amount Base units.
    /// @param fundedCumulative Base units sent to the distributor so far.
    event ContributorsFunded(uint128 amount, uint128 fundedCumulative);
    /// @notice Emitted when new proposals are stopped or allowed.
    /// @param paused True if new proposals are refused.
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
    /// @param proposalId Counter from 1.
    /// @param support True for opening the bidding.
    function castVote(uint256 proposalId, bool support) external;

    /// @notice Offers to do the work for `price`; needs `minStake` in AgentStaking.
    /// @param proposalId Counter from 1.
    /// @param price Base units, at most the bounty.
    /// @param planHash sha256 of the plan, not zero.
    /// @return bidId Counter from 1 within the proposal.
    function bid(uint256 proposalId, uint128 price, bytes32 planHash) external returns (uint32 bidId);

    /// @notice Takes a bid back before it is selected; only its bidder.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    /// @param bid_ The bid as it was submitted.
    function withdrawBid(uint256 proposalId, uint32 bidId, Bid calldata bid_) external;

    /// @notice Selects a bid after the bidding; only the proposer. What the price leaves of the bounty is his
    /// again, and each milestone shrinks in proportion.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    /// @param bid_ The bid as it was submitted.
    function select(uint256 proposalId, uint32 bidId, Bid calldata bid_) external;

    /// @notice Refunds a proposal without a winner: the proposer at any time, anyone once the vote is lost,
    /// the bidding went by without bids or the selection period without a selection.
    /// @param proposalId Counter from 1.
    function close(uint256 proposalId) external;

    /// @notice Delivers a milestone, in any order, until the deadline; only the winner.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param artefactHash Hash of the artefact, not zero.
    function deliver(uint256 proposalId, uint8 milestone, bytes32 artefactHash) external;

    /// @notice Pays a delivered milestone: the proposer at any time, anyone once the review is over.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    function release(uint256 proposalId, uint8 milestone) external;

    /// @notice Hands a delivered milestone to governance before the review ends; only the proposer.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param evidenceHash sha256 of what the proposer holds against it, not zero.
    function dispute(uint256 proposalId, uint8 milestone, bytes32 evidenceHash) external;

    /// @notice Divides a disputed milestone between winner and proposer; only governance, and only until its
    /// period ends.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @param winnerBps The winner's share in 1/10,000, rounded down.
    function decide(uint256 proposalId, uint8 milestone, uint16 winnerBps) external;

    /// @notice Divides a disputed milestone in halves once governance let its period pass; anyone.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    function resolve(uint256 proposalId, uint8 milestone) external;

    /// @notice Gives every undelivered milestone back to the proposer: the winner at any time, anyone after
    /// the deadline.
    /// @param proposalId Counter from 1.
    function reclaim(uint256 proposalId) external;

    /// @notice Pays everything the caller is owed.
    /// @param recipient Where to, so that an account that the token refuses can still be paid.
    /// @return amount Base units paid.
    function withdraw(address recipient) external returns (uint128 amount);

    /// @notice Hands the contributors' share of all payouts so far to the distributor; anyone. It is not part
    /// of the payout so that nothing the distributor does can hold up a winner.
    function fundContributors() external;

    /// @notice Stops or allows new proposals; only the role GUARDIAN. Nothing else can be stopped.
    /// @param paused_ True to refuse new proposals.
    function setPaused(bool paused_) external;

    /// @notice The token of the distributor; bounties are paid in it.
    /// @return The token.
    function token() external view returns (IERC20);

    /// @notice The distributor that gets the contributors' shares.
    /// @return The distributor.
    function rewards() external view returns (IRewardsDistributor);

    /// @notice Weights of the contributors at past moments.
    /// @return The votes contract.
    function votes() external view returns (IERC5805);

    /// @notice Where bidders have their stake.
    /// @return The staking contract.
    function staking() external view returns (IAgentStaking);

    /// @notice True if new proposals are refused.
    /// @return True while paused.
    function paused() external view returns (bool);

    /// @notice How many proposals there are.
    /// @return Counter of the newest one.
    function proposalCount() external view returns (uint256);

    /// @notice What all payouts so far owe to the distributor and `fundContributors` has not sent yet.
    /// @return Base units.
    function contributorsPending() external view returns (uint128);

    /// @notice What `fundContributors` has sent so far.
    /// @return Base units.
    function contributorsFunded() external view returns (uint128);

    /// @notice What an account may withdraw.
    /// @param account Who is owed.
    /// @return Base units.
    function withdrawable(address account) external view returns (uint128);

    /// @notice True if the account has voted on the proposal.
    /// @param proposalId Counter from 1.
    /// @param voter Whose votes they are.
    /// @return True if it has.
    function hasVoted(uint256 proposalId, address voter) external view returns (bool);

    /// @notice Periods and minima.
    /// @return All of them.
    function settings() external view returns (Settings memory);

    /// @notice State of a proposal.
    /// @param proposalId Counter from 1.
    /// @return All zero if there is none.
    function proposalOf(uint256 proposalId) external view returns (Proposal memory);

    /// @notice State of a milestone.
    /// @param proposalId Counter from 1.
    /// @param milestone Index from 0.
    /// @return All zero if there is none.
    function milestoneOf(uint256 proposalId, uint8 milestone) external view returns (Milestone memory);

    /// @notice What is kept of a bid.
    /// @param proposalId Counter from 1.
    /// @param bidId Counter from 1 within the proposal.
    /// @return hash keccak256(abi.encode(bid)); zero if unknown or withdrawn.
    function bidHashOf(uint256 proposalId, uint32 bidId) external view returns (bytes32 hash);

    /// @notice Where a proposal stands now; follows from its votes and the clock without a transaction.
    /// @param proposalId Counter from 1.
    /// @return None if there is no such proposal.
    function phaseOf(uint256 proposalId) external view returns (Phase);
}
