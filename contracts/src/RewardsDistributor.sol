// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./interfaces/IAgentStaking.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "./libraries/EpochLeaves.sol";
import {OrderedMerkle} from "./libraries/OrderedMerkle.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Reward epochs as cumulative Merkle roots
/// @notice See {IRewardsDistributor}.
contract RewardsDistributor is IRewardsDistributor, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev Everything a claim reads or writes beside its epoch and its account: one slot.
    struct State {
        uint32 epochCount;
        uint32 activeEpoch;
        uint40 claimsPausedUntil;
        bool proposalsPaused;
        uint96 claimedTotal;
    }

    /// @dev What outlives an epoch's window: two slots.
    struct PackedEpoch {
        bytes32 root;
        uint96 totalEarned;
        uint64 toBlock;
        uint32 accounts;
        uint40 activatesAt;
        EpochStatus status;
    }

    /// @dev What an account claimed and where its claims go: one slot.
    struct Account {
        uint96 claimed;
        address recipient;
    }

    uint64 private constant MAX_PAUSE = 3 days;
    uint64 private constant PAUSE_GAP = 7 days;
    /// Reasons from here on are for proven faults.
    uint16 private constant FAULT_REASONS = 1_000;

    /// @inheritdoc IRewardsDistributor
    IERC20 public immutable token;
    /// @inheritdoc IRewardsDistributor
    IAgentStaking public immutable staking;
    /// @inheritdoc IRewardsDistributor
    uint64 public immutable disputeWindow;
    /// @inheritdoc IRewardsDistributor
    uint128 public immutable minBond;
    address private immutable _platform;
    address private immutable _stakers;
    State private _state;
    /// @dev 96 bits hold the supply of the token 79 times; every other amount is at most this one.
    uint96 private _funded;
    /// @dev Of the last proposal alone: nothing older can be disputed, and a slot in use costs 17,100 gas
    /// less to write than a new one.
    bytes32 private _commitment;
    mapping(uint256 epoch => PackedEpoch data) private _epochs;
    mapping(address account => Account data) private _accounts;

    /// @notice Sets what never changes and emits it.
    /// @param authority The AccessManager.
    /// @param token_ The token of all fees and rewards.
    /// @param staking_ Where posters have their bonds.
    /// @param disputeWindow_ Seconds in which an epoch can be re-computed and stopped.
    /// @param minBond_ Active stake of a poster, base units.
    /// @param payees_ Who is paid from every fee.
    constructor(
        address authority,
        IERC20 token_,
        IAgentStaking staking_,
        uint64 disputeWindow_,
        uint128 minBond_,
        Payees memory payees_
    ) AccessManaged(authority) {
        if (
            address(token_) == address(0) || address(staking_) == address(0) || payees_.platform == address(0)
                || payees_.stakers == address(0)
        ) revert ZeroAddress();
        token = token_;
        staking = staking_;
        disputeWindow = disputeWindow_;
        minBond = minBond_;
        _platform = payees_.platform;
        _stakers = payees_.stakers;
        emit DistributorCreated(
            address(token_), address(staking_), disputeWindow_, minBond_, payees_.platform, payees_.stakers
        );
    }

    /// @inheritdoc IRewardsDistributor
    function fund(uint128 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        uint96 fundedCumulative = (uint256(_funded) + amount).toUint96();
        _funded = fundedCumulative;
        emit Funded(msg.sender, amount, fundedCumulative);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert FeeOnTransfer(amount, received);
    }

    /// @inheritdoc IRewardsDistributor
    function propose(Proposal calldata proposal) external restricted returns (uint256 epoch) {
        State memory state = _state;
        if (state.proposalsPaused) revert ProposalsStopped();
        uint128 bond = staking.activeOf(msg.sender);
        if (bond < minBond) revert InsufficientBond(bond, minBond);
        EpochStatus last = _epochs[state.epochCount].status;
        if (last == EpochStatus.Proposed || last == EpochStatus.Disputed) {
            revert EpochInFlight(state.epochCount);
        }
        _checkProposal(proposal, state.activeEpoch);
        epoch = ++state.epochCount;
        _state.epochCount = state.epochCount;
        uint40 activatesAt = (block.timestamp + disputeWindow).toUint40();
        _commitment = _commit(proposal, msg.sender, state.activeEpoch);
        _epochs[epoch] = PackedEpoch({
            root: proposal.root,
            // At most `_funded`, which has 96 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            totalEarned: uint96(proposal.totalEarned),
            toBlock: proposal.toBlock,
            accounts: proposal.accounts,
            activatesAt: activatesAt,
            status: EpochStatus.Proposed
        });
        emit EpochProposed(epoch, proposal.root, msg.sender, state.activeEpoch, activatesAt, proposal);
    }

    /// @inheritdoc IRewardsDistributor
    function reject(uint256 epoch, uint16 reasonCode) external restricted {
        if (reasonCode >= FAULT_REASONS) revert InvalidReason(reasonCode);
        _reject(epoch, reasonCode);
    }

    /// @inheritdoc IRewardsDistributor
    function rejectFaulty(uint256 epoch, uint16 reasonCode) external restricted {
        _reject(epoch, reasonCode);
    }

    /// @inheritdoc IRewardsDistributor
    function setDisputed(uint256 epoch, bool disputed) external restricted {
        PackedEpoch storage data = _epochs[epoch];
        if (data.status != (disputed ? EpochStatus.Proposed : EpochStatus.Disputed)) {
            revert WrongStatus(epoch, data.status);
        }
        data.status = disputed ? EpochStatus.Disputed : EpochStatus.Proposed;
        emit EpochDisputed(epoch, disputed);
    }

    /// @inheritdoc IRewardsDistributor
    function activate(uint256 epoch) external {
        PackedEpoch storage data = _epochs[epoch];
        if (data.status != EpochStatus.Proposed) revert WrongStatus(epoch, data.status);
        if (block.timestamp < data.activatesAt) revert WindowOpen(epoch, data.activatesAt);
        data.status = EpochStatus.Active;
        // Only numbers that `propose` counted up to have a status.
        // forge-lint: disable-next-line(unsafe-typecast)
        _state.activeEpoch = uint32(epoch);
        emit EpochActivated(epoch);
    }

    /// @inheritdoc IRewardsDistributor
    function claim(address account, Claim calldata leaf) external returns (uint256 amount) {
        State memory state = _claimable();
        PackedEpoch storage data = _epochs[state.activeEpoch];
        bytes32 leafHash = EpochLeaves.hashReward(account, leaf.cumulative, leaf.before);
        if (!OrderedMerkle.verify(data.root, data.accounts, leaf.index, leafHash, leaf.proof)) {
            revert InvalidProof();
        }
        Account memory entry = _accounts[account];
        if (leaf.cumulative <= entry.claimed) revert NothingToClaim(account, entry.claimed);
        amount = leaf.cumulative - entry.claimed;
        uint256 remaining = data.totalEarned - state.claimedTotal;
        if (amount > remaining) revert ClaimExceedsEarned(amount, remaining);
        // What is claimed, by one account and by all, is at most `totalEarned`, which has 96 bits.
        // forge-lint: disable-start(unsafe-typecast)
        _accounts[account].claimed = uint96(leaf.cumulative);
        _state.claimedTotal = uint96(state.claimedTotal + amount);
        // forge-lint: disable-end(unsafe-typecast)
        address recipient = entry.recipient == address(0) ? account : entry.recipient;
        emit Claimed(account, recipient, amount, leaf.cumulative, state.activeEpoch);
        token.safeTransfer(recipient, amount);
    }

    /// @inheritdoc IRewardsDistributor
    function claimMany(Item[] calldata items) external returns (uint256 paid) {
        uint256 epoch = _claimable().activeEpoch;
        for (uint256 i; i < items.length; ++i) {
            // A call of its own, so that a token that refuses one recipient undoes this claim alone.
            try this.claim(items[i].account, items[i].claim) returns (uint256 amount) {
                paid += amount;
            } catch (bytes memory reason) {
                // Cuts the selector off; anything shorter is filled up with zeros.
                // forge-lint: disable-next-line(unsafe-typecast)
                emit ClaimSkipped(items[i].account, epoch, bytes4(reason));
            }
        }
    }

    /// @inheritdoc IRewardsDistributor
    function setRecipient(address recipient) external {
        if (recipient == address(this)) revert InvalidRecipient(recipient);
        Account storage account = _accounts[msg.sender];
        emit RecipientSet(msg.sender, account.recipient, recipient);
        account.recipient = recipient;
    }

    /// @inheritdoc IRewardsDistributor
    function pauseProposals(bool paused) external restricted {
        _state.proposalsPaused = paused;
        emit ProposalsPaused(paused);
    }

    /// @inheritdoc IRewardsDistributor
    function pauseClaims(uint64 duration) external restricted {
        if (duration == 0 || duration > MAX_PAUSE) revert InvalidPause(duration);
        uint64 last = _state.claimsPausedUntil;
        if (last != 0 && block.timestamp < last + PAUSE_GAP) revert PauseTooSoon(last + PAUSE_GAP);
        uint40 until = (block.timestamp + duration).toUint40();
        _state.claimsPausedUntil = until;
        emit ClaimsPaused(until);
    }

    /// @inheritdoc IRewardsDistributor
    function payees() external view returns (Payees memory) {
        return Payees(_platform, _stakers);
    }

    /// @inheritdoc IRewardsDistributor
    function funded() external view returns (uint128) {
        return _funded;
    }

    /// @inheritdoc IRewardsDistributor
    function claimedTotal() external view returns (uint128) {
        return _state.claimedTotal;
    }

    /// @inheritdoc IRewardsDistributor
    function epochCount() external view returns (uint256) {
        return _state.epochCount;
    }

    /// @inheritdoc IRewardsDistributor
    function activeEpoch() external view returns (uint256) {
        return _state.activeEpoch;
    }

    /// @inheritdoc IRewardsDistributor
    function proposalsPaused() external view returns (bool) {
        return _state.proposalsPaused;
    }

    /// @inheritdoc IRewardsDistributor
    function claimsPausedUntil() external view returns (uint64) {
        return _state.claimsPausedUntil;
    }

    /// @inheritdoc IRewardsDistributor
    function epochOf(uint256 epoch) external view returns (Epoch memory) {
        PackedEpoch storage data = _epochs[epoch];
        return Epoch(
            data.root,
            epoch == _state.epochCount ? _commitment : bytes32(0),
            data.totalEarned,
            data.toBlock,
            data.accounts,
            data.activatesAt,
            data.status
        );
    }

    /// @inheritdoc IRewardsDistributor
    function commitmentOf(Proposal calldata proposal, address poster, uint256 previousEpoch)
        external
        pure
        returns (bytes32)
    {
        return _commit(proposal, poster, previousEpoch);
    }

    /// @inheritdoc IRewardsDistributor
    function claimedOf(address account) external view returns (uint256) {
        return _accounts[account].claimed;
    }

    /// @inheritdoc IRewardsDistributor
    function recipientOf(address account) external view returns (address) {
        return _accounts[account].recipient;
    }

    function _reject(uint256 epoch, uint16 reasonCode) private {
        PackedEpoch storage data = _epochs[epoch];
        if (data.status != EpochStatus.Proposed && data.status != EpochStatus.Disputed) {
            revert WrongStatus(epoch, data.status);
        }
        data.status = EpochStatus.Rejected;
        emit EpochRejected(epoch, reasonCode);
    }

    function _checkProposal(Proposal calldata proposal, uint256 active) private view {
        if (
            proposal.root == 0 || proposal.creditsRoot == 0 || proposal.callsRoot == 0
                || proposal.dataHash == 0 || proposal.engineHash == 0 || proposal.toBlockHash == 0
        ) revert ZeroHash();
        if (proposal.accounts == 0 || proposal.credits == 0 || proposal.calls == 0) revert EmptyTree();
        uint128 totalEarned = proposal.totalEarned;
        if (totalEarned > _funded) revert EarnedExceedsFunded(totalEarned, _funded);
        PackedEpoch storage previous = _epochs[active];
        if (totalEarned < previous.totalEarned) revert EarnedDecreases(totalEarned, previous.totalEarned);
        if (
            proposal.fromBlock > proposal.toBlock || proposal.toBlock >= block.number
                || (active != 0 && proposal.fromBlock != previous.toBlock + 1)
        ) revert InvalidBlockRange(proposal.fromBlock, proposal.toBlock);
    }

    function _claimable() private view returns (State memory state) {
        state = _state;
        if (block.timestamp < state.claimsPausedUntil) revert ClaimsStopped(state.claimsPausedUntil);
        if (state.activeEpoch == 0) revert NoActiveEpoch();
    }

    function _commit(Proposal calldata proposal, address poster, uint256 previousEpoch)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(proposal, poster, previousEpoch));
    }
}
