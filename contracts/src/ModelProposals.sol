// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./interfaces/IAgentStaking.sol";
import {IModelProposals} from "./interfaces/IModelProposals.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title ModelProposals
/// @notice Bounties for models that contributors vote on and trainers bid for; see IModelProposals.
/// @dev Immutable because it holds money: whoever could upgrade it could take every bounty. A new version is
/// a new address; proposals of the old one run out where they were made.
contract ModelProposals is IModelProposals, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint16 private constant BPS = 10_000;
    uint256 private constant MAX_MILESTONES = 16;

    /// @inheritdoc IModelProposals
    IERC20 public immutable token;
    /// @inheritdoc IModelProposals
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IModelProposals
    IERC5805 public immutable votes;
    /// @inheritdoc IModelProposals
    IAgentStaking public immutable staking;
    /// @inheritdoc IModelProposals
    bool public paused;
    /// @inheritdoc IModelProposals
    uint256 public proposalCount;
    /// @inheritdoc IModelProposals
    uint128 public contributorsPending;
    /// @inheritdoc IModelProposals
    uint128 public contributorsFunded;
    /// @inheritdoc IModelProposals
    mapping(address account => uint128 amount) public withdrawable;
    /// @inheritdoc IModelProposals
    mapping(uint256 proposalId => mapping(address voter => bool voted)) public hasVoted;
    /// @inheritdoc IModelProposals
    mapping(uint256 proposalId => mapping(uint32 bidId => bytes32 hash)) public bidHashOf;
    Settings private _settings;
    mapping(uint256 proposalId => Proposal data) private _proposals;
    mapping(uint256 proposalId => mapping(uint8 milestone => Milestone data)) private _milestones;

    /// @notice Fixes everything for good.
    /// @param authority The AccessManager.
    /// @param rewards_ Receives the contributors' shares; also names the token.
    /// @param votes_ Weights of the contributors at past moments.
    /// @param staking_ Says which bidders have something to lose.
    /// @param settings_ Periods, quorum and minima.
    constructor(
        address authority,
        IRewardsDistributor rewards_,
        IERC5805 votes_,
        IAgentStaking staking_,
        Settings memory settings_
    ) AccessManaged(authority) {
        if (address(votes_) == address(0) || address(staking_) == address(0)) {
            revert ZeroAddress();
        }
        if (settings_.quorumBps == 0 || settings_.quorumBps > BPS) revert InvalidBps(settings_.quorumBps);
        if (settings_.minBounty == 0) revert ZeroAmount();
        if (
            settings_.votingPeriod == 0 || settings_.biddingPeriod == 0 || settings_.selectionPeriod == 0
                || settings_.reviewPeriod == 0 || settings_.governancePeriod == 0
        ) revert InvalidPeriod();
        token = rewards_.token();
        rewards = rewards_;
        votes = votes_;
        staking = staking_;
        _settings = settings_;
        emit SettingsInitialized(
            address(token), address(rewards_), address(votes_), address(staking_), settings_
        );
    }

    /// @inheritdoc IModelProposals
    function create(NewProposal calldata proposal) external nonReentrant returns (uint256 proposalId) {
        if (paused) revert ProposalsPaused();
        if (proposal.specHash == 0) revert ZeroHash();
        if (proposal.contributorsBps > BPS) revert InvalidBps(proposal.contributorsBps);
        proposalId = ++proposalCount;
        uint128 bounty = _storeMilestones(proposalId, proposal.milestones);
        if (bounty < _settings.minBounty) revert BountyTooSmall(bounty, _settings.minBounty);
        Schedule memory schedule = _schedule(uint64(block.timestamp) + _settings.votingPeriod);
        schedule.snapshot = votes.clock() - 1;
        if (proposal.deadline <= schedule.selectionEnd) {
            revert DeadlineTooEarly(proposal.deadline, schedule.selectionEnd);
        }
        Proposal storage data = _proposals[proposalId];
        data.proposer = msg.sender;
        data.voteEnd = schedule.voteEnd;
        data.contributorsBps = proposal.contributorsBps;
        // At most MAX_MILESTONES.
        // forge-lint: disable-next-line(unsafe-typecast)
        data.milestones = uint8(proposal.milestones.length);
        data.snapshot = schedule.snapshot;
        data.deadline = proposal.deadline;
        data.bounty = bounty;
        data.locked = bounty;
        data.quorum = Math.mulDiv(
            votes.getPastTotalSupply(schedule.snapshot), _settings.quorumBps, BPS, Math.Rounding.Ceil
        );
        emit ProposalCreated(
            proposalId, msg.sender, proposal.specHash, bounty, data.quorum, schedule, proposal
        );
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), bounty);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != bounty) revert FeeOnTransfer(bounty, received);
    }

    /// @inheritdoc IModelProposals
    function castVote(uint256 proposalId, bool support) external {
        Proposal storage data = _inPhase(proposalId, Phase.Voting);
        if (hasVoted[proposalId][msg.sender]) revert AlreadyVoted(proposalId, msg.sender);
        hasVoted[proposalId][msg.sender] = true;
        uint256 weight = votes.getPastVotes(msg.sender, data.snapshot);
        if (weight == 0) revert NoVotes(msg.sender, data.snapshot);
        if (support) data.forVotes += weight;
        else data.againstVotes += weight;
        emit VoteCast(proposalId, msg.sender, support, weight, data.forVotes, data.againstVotes);
    }

    /// @inheritdoc IModelProposals
    function bid(uint256 proposalId, uint128 price, bytes32 planHash) external returns (uint32 bidId) {
        Proposal storage data = _inPhase(proposalId, Phase.Bidding);
        if (planHash == 0) revert ZeroHash();
        if (price == 0) revert ZeroAmount();
        if (price > data.bounty) revert PriceAboveBounty(price, data.bounty);
        _requireStake(msg.sender);
        bidId = ++data.bids;
        bidHashOf[proposalId][bidId] = keccak256(abi.encode(Bid(msg.sender, price, planHash)));
        emit BidSubmitted(proposalId, bidId, msg.sender, price, planHash);
    }

    /// @inheritdoc IModelProposals
    function withdrawBid(uint256 proposalId, uint32 bidId, Bid calldata bid_) external {
        _requireBid(proposalId, bidId, bid_);
        if (msg.sender != bid_.bidder) revert NotBidder(msg.sender);
        delete bidHashOf[proposalId][bidId];
        emit BidWithdrawn(proposalId, bidId);
    }

    /// @inheritdoc IModelProposals
    function select(uint256 proposalId, uint32 bidId, Bid calldata bid_) external {
        Proposal storage data = _inPhase(proposalId, Phase.Selecting);
        if (msg.sender != data.proposer) revert NotProposer(msg.sender);
        _requireBid(proposalId, bidId, bid_);
        // The stake may have left since the bid.
        _requireStake(bid_.bidder);
        delete bidHashOf[proposalId][bidId];
        uint128 refund = data.bounty - bid_.price;
        uint128[] memory amounts = _shrinkMilestones(proposalId, data, bid_.price);
        data.winner = bid_.bidder;
        data.bounty = bid_.price;
        data.locked = bid_.price;
        emit BidSelected(proposalId, bidId, bid_.bidder, bid_.price, refund, amounts);
        _credit(data.proposer, refund);
    }

    /// @inheritdoc IModelProposals
    function close(uint256 proposalId) external {
        Phase phase = phaseOf(proposalId);
        Proposal storage data = _proposals[proposalId];
        CloseReason reason;
        if (phase == Phase.Rejected) {
            reason = CloseReason.Rejected;
        } else if (phase == Phase.Expired) {
            reason = CloseReason.NoWinner;
        } else if (phase == Phase.Voting || phase == Phase.Bidding || phase == Phase.Selecting) {
            if (msg.sender != data.proposer) revert NotProposer(msg.sender);
        } else {
            revert WrongPhase(proposalId, phase);
        }
        uint128 refund = data.locked;
        data.locked = 0;
        emit ProposalClosed(proposalId, reason, refund);
        _credit(data.proposer, refund);
    }

    /// @inheritdoc IModelProposals
    function deliver(uint256 proposalId, uint8 milestone, bytes32 artefactHash) external {
        Proposal storage data = _inPhase(proposalId, Phase.Working);
        Milestone storage part = _inStatus(proposalId, milestone, MilestoneStatus.Pending);
        if (msg.sender != data.winner) revert NotWinner(msg.sender);
        if (artefactHash == 0) revert ZeroHash();
        if (block.timestamp > data.deadline) revert DeadlinePassed(data.deadline);
        part.status = MilestoneStatus.Delivered;
        part.since = uint64(block.timestamp);
        emit MilestoneDelivered(proposalId, milestone, artefactHash, part.since + _settings.reviewPeriod);
    }

    /// @inheritdoc IModelProposals
    function release(uint256 proposalId, uint8 milestone) external {
        Proposal storage data = _proposals[proposalId];
        Milestone storage part = _inStatus(proposalId, milestone, MilestoneStatus.Delivered);
        Settlement settlement = Settlement.Released;
        if (msg.sender != data.proposer) {
            uint64 reviewEnd = part.since + _settings.reviewPeriod;
            if (block.timestamp < reviewEnd) revert ReviewOpen(reviewEnd);
            settlement = Settlement.ReviewEnded;
        }
        _settle(proposalId, milestone, settlement, BPS);
    }

    /// @inheritdoc IModelProposals
    function dispute(uint256 proposalId, uint8 milestone, bytes32 evidenceHash) external {
        Milestone storage part = _inStatus(proposalId, milestone, MilestoneStatus.Delivered);
        if (msg.sender != _proposals[proposalId].proposer) revert NotProposer(msg.sender);
        if (evidenceHash == 0) revert ZeroHash();
        uint64 reviewEnd = part.since + _settings.reviewPeriod;
        if (block.timestamp >= reviewEnd) revert ReviewOver(reviewEnd);
        part.status = MilestoneStatus.Disputed;
        part.since = uint64(block.timestamp);
        emit MilestoneDisputed(proposalId, milestone, evidenceHash, part.since + _settings.governancePeriod);
    }

    /// @inheritdoc IModelProposals
    function decide(uint256 proposalId, uint8 milestone, uint16 winnerBps) external restricted {
        if (winnerBps > BPS) revert InvalidBps(winnerBps);
        Milestone storage part = _inStatus(proposalId, milestone, MilestoneStatus.Disputed);
        uint64 decisionEnd = part.since + _settings.governancePeriod;
        if (block.timestamp >= decisionEnd) revert DecisionOver(decisionEnd);
        _settle(proposalId, milestone, Settlement.Decided, winnerBps);
    }

    /// @inheritdoc IModelProposals
    function resolve(uint256 proposalId, uint8 milestone) external {
        Milestone storage part = _inStatus(proposalId, milestone, MilestoneStatus.Disputed);
        uint64 decisionEnd = part.since + _settings.governancePeriod;
        if (block.timestamp < decisionEnd) revert DecisionOpen(decisionEnd);
        _settle(proposalId, milestone, Settlement.Undecided, BPS / 2);
    }

    /// @inheritdoc IModelProposals
    function reclaim(uint256 proposalId) external {
        Proposal storage data = _inPhase(proposalId, Phase.Working);
        Settlement settlement = Settlement.Resigned;
        if (msg.sender != data.winner) {
            if (block.timestamp <= data.deadline) revert DeadlineOpen(data.deadline);
            settlement = Settlement.Overdue;
        }
        for (uint8 i; i < data.milestones; ++i) {
            if (_milestones[proposalId][i].status == MilestoneStatus.Pending) {
                _settle(proposalId, i, settlement, 0);
            }
        }
    }

    /// @inheritdoc IModelProposals
    function withdraw(address recipient) external nonReentrant returns (uint128 amount) {
        if (recipient == address(0)) revert ZeroAddress();
        amount = withdrawable[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        withdrawable[msg.sender] = 0;
        emit Withdrawn(msg.sender, recipient, amount);
        token.safeTransfer(recipient, amount);
    }

    /// @inheritdoc IModelProposals
    function fundContributors() external nonReentrant {
        uint128 amount = contributorsPending;
        if (amount == 0) revert ZeroAmount();
        contributorsPending = 0;
        uint128 fundedCumulative = contributorsFunded + amount;
        contributorsFunded = fundedCumulative;
        emit ContributorsFunded(amount, fundedCumulative);
        token.forceApprove(address(rewards), amount);
        rewards.fund(amount);
    }

    /// @inheritdoc IModelProposals
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc IModelProposals
    function settings() external view returns (Settings memory) {
        return _settings;
    }

    /// @inheritdoc IModelProposals
    function proposalOf(uint256 proposalId) external view returns (Proposal memory) {
        return _proposals[proposalId];
    }

    /// @inheritdoc IModelProposals
    function milestoneOf(uint256 proposalId, uint8 milestone) external view returns (Milestone memory) {
        return _milestones[proposalId][milestone];
    }

    /// @inheritdoc IModelProposals
    function phaseOf(uint256 proposalId) public view returns (Phase) {
        Proposal storage data = _proposals[proposalId];
        if (data.proposer == address(0)) return Phase.None;
        if (data.locked == 0) return Phase.Closed;
        if (data.winner != address(0)) return Phase.Working;
        Schedule memory schedule = _schedule(data.voteEnd);
        if (block.timestamp < schedule.voteEnd) return Phase.Voting;
        if (data.forVotes + data.againstVotes < data.quorum || data.forVotes <= data.againstVotes) {
            return Phase.Rejected;
        }
        if (block.timestamp < schedule.biddingEnd) return Phase.Bidding;
        if (data.bids == 0 || block.timestamp >= schedule.selectionEnd) return Phase.Expired;
        return Phase.Selecting;
    }

    function _storeMilestones(uint256 proposalId, uint128[] calldata amounts)
        private
        returns (uint128 bounty)
    {
        if (amounts.length == 0 || amounts.length > MAX_MILESTONES) {
            revert InvalidMilestones(amounts.length);
        }
        for (uint8 i; i < amounts.length; ++i) {
            if (amounts[i] == 0) revert ZeroAmount();
            _milestones[proposalId][i].amount = amounts[i];
            bounty += amounts[i];
        }
    }

    /// @dev Rounds the sums, not the parts, so that the parts sum to `price`.
    function _shrinkMilestones(uint256 proposalId, Proposal storage data, uint128 price)
        private
        returns (uint128[] memory amounts)
    {
        amounts = new uint128[](data.milestones);
        uint256 sum;
        uint256 assigned;
        for (uint8 i; i < amounts.length; ++i) {
            sum += _milestones[proposalId][i].amount;
            uint256 until = sum * price / data.bounty;
            // At most the milestone's old amount, which has 128 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            amounts[i] = uint128(until - assigned);
            _milestones[proposalId][i].amount = amounts[i];
            assigned = until;
        }
    }

    function _settle(uint256 proposalId, uint8 milestone, Settlement settlement, uint256 winnerBps) private {
        Proposal storage data = _proposals[proposalId];
        Milestone storage part = _milestones[proposalId][milestone];
        uint128 amount = part.amount;
        part.status = MilestoneStatus.Settled;
        uint128 lockedAfter = data.locked - amount;
        data.locked = lockedAfter;
        uint128 earned = _share(amount, winnerBps);
        uint128 toContributors = _share(earned, data.contributorsBps);
        contributorsPending += toContributors;
        emit MilestoneSettled(
            proposalId,
            milestone,
            settlement,
            earned - toContributors,
            toContributors,
            amount - earned,
            lockedAfter
        );
        _credit(data.winner, earned - toContributors);
        _credit(data.proposer, amount - earned);
    }

    function _credit(address account, uint128 amount) private {
        if (amount == 0) return;
        uint128 withdrawableAfter = withdrawable[account] + amount;
        withdrawable[account] = withdrawableAfter;
        emit Credited(account, amount, withdrawableAfter);
    }

    function _schedule(uint64 voteEnd) private view returns (Schedule memory schedule) {
        schedule.voteEnd = voteEnd;
        schedule.biddingEnd = voteEnd + _settings.biddingPeriod;
        schedule.selectionEnd = schedule.biddingEnd + _settings.selectionPeriod;
    }

    function _inPhase(uint256 proposalId, Phase expected) private view returns (Proposal storage) {
        Phase phase = phaseOf(proposalId);
        if (phase != expected) revert WrongPhase(proposalId, phase);
        return _proposals[proposalId];
    }

    function _inStatus(uint256 proposalId, uint8 milestone, MilestoneStatus expected)
        private
        view
        returns (Milestone storage part)
    {
        if (milestone >= _proposals[proposalId].milestones) {
            revert UnknownMilestone(proposalId, milestone);
        }
        part = _milestones[proposalId][milestone];
        if (part.status != expected) revert WrongMilestoneStatus(proposalId, milestone, part.status);
    }

    function _requireBid(uint256 proposalId, uint32 bidId, Bid calldata bid_) private view {
        if (bidHashOf[proposalId][bidId] != keccak256(abi.encode(bid_))) {
            revert UnknownBid(proposalId, bidId);
        }
    }

    function _requireStake(address bidder) private view {
        uint128 active = staking.activeOf(bidder);
        if (active < _settings.minStake) revert StakeTooSmall(bidder, active, _settings.minStake);
    }

    function _share(uint128 amount, uint256 bps) private pure returns (uint128) {
        // At most `amount`, because bps ≤ 10,000.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint128(uint256(amount) * bps / BPS);
    }
}
