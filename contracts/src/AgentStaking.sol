// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./interfaces/IAgentStaking.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Stakes that agents put up for what they post
/// @notice See {IAgentStaking}.
contract AgentStaking is IAgentStaking, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev `Stake` in one slot, so that a proposal reads a bond with one load.
    struct PackedStake {
        uint96 active;
        uint96 thawing;
        uint64 thawEnd;
    }

    uint16 private constant MAX_REWARD_BPS = 5_000;
    uint256 private constant BPS = 10_000;

    /// @inheritdoc IAgentStaking
    IERC20 public immutable token;
    /// @inheritdoc IAgentStaking
    uint64 public immutable thawPeriod;
    /// @inheritdoc IAgentStaking
    address public immutable treasury;
    /// @inheritdoc IAgentStaking
    bool public paused;
    /// @inheritdoc IAgentStaking
    mapping(address account => uint128 amount) public withdrawable;
    mapping(address agent => PackedStake stake) private _stakes;

    /// @notice Sets what never changes and emits it.
    /// @param authority The AccessManager.
    /// @param token_ The token of all stakes.
    /// @param thawPeriod_ Seconds that a withdrawal waits; must outlast every dispute.
    /// @param treasury_ Gets what the beneficiaries of slashes do not.
    constructor(address authority, IERC20 token_, uint64 thawPeriod_, address treasury_)
        AccessManaged(authority)
    {
        if (address(token_) == address(0) || treasury_ == address(0)) revert ZeroAddress();
        token = token_;
        thawPeriod = thawPeriod_;
        treasury = treasury_;
        emit StakingCreated(address(token_), thawPeriod_, treasury_);
    }

    /// @inheritdoc IAgentStaking
    function stake(address agent, uint128 amount) external nonReentrant {
        if (paused) revert StakingPaused();
        if (agent == address(0)) revert ZeroAddress();
        if (amount == 0) revert ZeroAmount();
        PackedStake storage data = _stakes[agent];
        uint96 active = (data.active + uint256(amount)).toUint96();
        data.active = active;
        emit Staked(agent, msg.sender, amount, active);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert FeeOnTransfer(amount, received);
    }

    /// @inheritdoc IAgentStaking
    function startThaw(uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        PackedStake storage data = _stakes[msg.sender];
        uint96 active = data.active;
        if (amount > active) revert InsufficientStake(active, amount);
        // At most `active`, which has 96 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint96 moved = uint96(amount);
        active -= moved;
        uint96 thawing = data.thawing + moved;
        uint64 thawEnd = uint64(block.timestamp) + thawPeriod;
        _stakes[msg.sender] = PackedStake(active, thawing, thawEnd);
        emit StakeThawStarted(msg.sender, amount, thawEnd, active, thawing);
    }

    /// @inheritdoc IAgentStaking
    function cancelThaw() external {
        PackedStake storage data = _stakes[msg.sender];
        if (data.thawing == 0) revert NothingThawing();
        uint96 active = data.active + data.thawing;
        data.active = active;
        data.thawing = 0;
        emit StakeThawCancelled(msg.sender, active);
    }

    /// @inheritdoc IAgentStaking
    function withdraw() external returns (uint128 amount) {
        PackedStake storage data = _stakes[msg.sender];
        amount = data.thawing;
        if (amount == 0) revert NothingThawing();
        if (block.timestamp < data.thawEnd) revert StillThawing(data.thawEnd);
        data.thawing = 0;
        emit StakeWithdrawn(msg.sender, amount, data.active);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IAgentStaking
    function slash(address agent, uint128 amount, bytes32 reasonId, address beneficiary, uint16 rewardBps)
        external
        restricted
        returns (uint128 slashed, uint128 reward)
    {
        if (rewardBps > MAX_REWARD_BPS) revert RewardTooHigh(rewardBps);
        if (beneficiary == address(0) && rewardBps != 0) revert ZeroAddress();
        PackedStake storage data = _stakes[agent];
        uint256 fromActive = Math.min(amount, data.active);
        uint256 fromThawing = Math.min(amount - fromActive, data.thawing);
        // Both are at most what the slot holds, so every cast below fits.
        // forge-lint: disable-start(unsafe-typecast)
        data.active -= uint96(fromActive);
        data.thawing -= uint96(fromThawing);
        slashed = uint128(fromActive + fromThawing);
        reward = uint128(uint256(slashed) * rewardBps / BPS);
        // forge-lint: disable-end(unsafe-typecast)
        withdrawable[beneficiary] += reward;
        withdrawable[treasury] += slashed - reward;
        emit Slashed(agent, reasonId, beneficiary, slashed, reward, data.active, data.thawing);
    }

    /// @inheritdoc IAgentStaking
    function withdrawReward() external returns (uint128 amount) {
        amount = withdrawable[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        withdrawable[msg.sender] = 0;
        emit RewardWithdrawn(msg.sender, amount);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IAgentStaking
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc IAgentStaking
    function activeOf(address agent) external view returns (uint128) {
        return _stakes[agent].active;
    }

    /// @inheritdoc IAgentStaking
    function slashableOf(address agent) external view returns (uint128) {
        PackedStake storage data = _stakes[agent];
        return uint128(data.active) + data.thawing;
    }

    /// @inheritdoc IAgentStaking
    function stakeOf(address agent) external view returns (Stake memory) {
        PackedStake storage data = _stakes[agent];
        return Stake(data.active, data.thawing, data.thawEnd);
    }
}
