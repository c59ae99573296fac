// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Stakes that agents put up for what they post
/// @notice A stake leaves only after the thaw period, and a slash reaches it until then. What a slash takes
/// is never sent: the beneficiary and the treasury pull their parts, so neither can block the other.
interface IAgentStaking {
    /// @notice What an agent has put up, base units.
    struct Stake {
        uint128 active;
        /// On its way out, still slashable.
        uint128 thawing;
        /// When `thawing` may be withdrawn, unix seconds.
        uint64 thawEnd;
    }

    /// @notice The settings, which never change.
    /// @param token The token of all amounts.
    /// @param thawPeriod Seconds that a withdrawal waits.
    /// @param treasury Gets what the beneficiaries of slashes do not.
    event StakingCreated(address token, uint64 thawPeriod, address treasury);
    /// @notice `from` added `amount` to the stake of `agent`.
    /// @param agent Whose stake.
    /// @param from Who paid.
    /// @param amount Base units.
    /// @param activeAfter Its active stake now, base units.
    event Staked(address indexed agent, address indexed from, uint128 amount, uint128 activeAfter);
    /// @notice `agent` moved `amount` from active to thawing; all that thaws waits until `thawEnd`.
    /// @param agent Whose stake.
    /// @param amount Base units.
    /// @param thawEnd When all that thaws may leave, unix seconds.
    /// @param activeAfter Its active stake now, base units.
    /// @param thawingAfter Its thawing stake now, base units.
    event StakeThawStarted(
        address indexed agent, uint128 amount, uint64 thawEnd, uint128 activeAfter, uint128 thawingAfter
    );
    /// @notice `agent` moved all that was thawing back to active.
    /// @param agent Whose stake.
    /// @param activeAfter Its active stake now, base units.
    event StakeThawCancelled(address indexed agent, uint128 activeAfter);
    /// @notice `agent` took `amount` out; nothing is thawing any more.
    /// @param agent Whose stake.
    /// @param amount Base units.
    /// @param activeAfter Its active stake now, base units.
    event StakeWithdrawn(address indexed agent, uint128 amount, uint128 activeAfter);
    /// @notice `agent` lost `amount`, of which `beneficiary` may withdraw `reward` and the treasury the rest.
    /// @param agent Whose stake.
    /// @param reasonId What the stake was lost for; the slasher's business.
    /// @param beneficiary Who proved it.
    /// @param amount Base units.
    /// @param reward The beneficiary's part, base units.
    /// @param activeAfter Its active stake now, base units.
    /// @param thawingAfter Its thawing stake now, base units.
    event Slashed(
        address indexed agent,
        bytes32 indexed reasonId,
        address indexed beneficiary,
        uint128 amount,
        uint128 reward,
        uint128 activeAfter,
        uint128 thawingAfter
    );
    /// @notice `account` took its parts of slashed stakes.
    /// @param account Who was paid.
    /// @param amount Base units.
    event RewardWithdrawn(address indexed account, uint128 amount);
    /// @notice While paused nobody can add stake; everything else goes on.
    /// @param paused True while stopped.
    event PausedSet(bool paused);

    /// @notice An address that must name somebody is zero.
    error ZeroAddress();
    /// @notice An amount that must move something is zero.
    error ZeroAmount();
    /// @notice No stake is taken while paused.
    error StakingPaused();
    /// @notice The token delivered less than it was asked to.
    /// @param expected What was asked for.
    /// @param received What came.
    error FeeOnTransfer(uint256 expected, uint256 received);
    /// @notice More than the active stake was to thaw.
    /// @param active What is there.
    /// @param amount What was to thaw.
    error InsufficientStake(uint128 active, uint128 amount);
    /// @notice There is nothing to withdraw or to cancel.
    error NothingThawing();
    /// @notice The thaw ends later.
    /// @param thawEnd Unix seconds.
    error StillThawing(uint64 thawEnd);
    /// @notice More than half of a slash would go to the beneficiary, who then could be the agent itself.
    /// @param rewardBps As given.
    error RewardTooHigh(uint16 rewardBps);
    /// @notice No part of a slash waits for this account.
    /// @param account Who called.
    error NothingToWithdraw(address account);

    /// @notice Adds tokens of the caller to the stake of `agent`.
    /// @param agent Whose stake.
    /// @param amount Base units; the token must deliver all of it.
    function stake(address agent, uint128 amount) external;

    /// @notice Starts to thaw `amount` of the caller's stake; what thaws already waits anew with it.
    /// @param amount Base units, at most the active stake.
    function startThaw(uint128 amount) external;

    /// @notice Makes the caller's thawing stake active again.
    function cancelThaw() external;

    /// @notice Pays the caller's thawed stake out.
    /// @return amount Base units paid.
    function withdraw() external returns (uint128 amount);

    /// @notice Takes up to `amount` from `agent`, active stake first, then thawing; only the role SLASHER.
    /// @param agent Whose stake.
    /// @param amount Base units, the most to take.
    /// @param reasonId What the stake was lost for; the caller's business.
    /// @param beneficiary Who proved it; may be zero if `rewardBps` is.
    /// @param rewardBps The beneficiary's part of what is taken, at most 5,000 of 10,000, rounded down.
    /// @return slashed Base units taken: less than `amount` where the stake is smaller, perhaps zero.
    /// @return reward Base units of it that are the beneficiary's.
    function slash(address agent, uint128 amount, bytes32 reasonId, address beneficiary, uint16 rewardBps)
        external
        returns (uint128 slashed, uint128 reward);

    /// @notice Pays the caller's parts of slashed stakes out.
    /// @return amount Base units paid.
    function withdrawReward() external returns (uint128 amount);

    /// @notice Stops or resumes `stake`; only the role GUARDIAN.
    /// @param paused True to stop, false to resume.
    function setPaused(bool paused) external;

    /// @notice The token of all stakes.
    /// @return The ERC-20.
    function token() external view returns (IERC20);

    /// @notice Seconds that a withdrawal waits.
    /// @return Seconds.
    function thawPeriod() external view returns (uint64);

    /// @notice Who gets what the beneficiaries of slashes do not.
    /// @return The account.
    function treasury() external view returns (address);

    /// @notice Whether `stake` is stopped.
    /// @return True if so.
    function paused() external view returns (bool);

    /// @notice Stake of `agent` that is not on its way out.
    /// @param agent Whose stake.
    /// @return Base units.
    function activeOf(address agent) external view returns (uint128);

    /// @notice Stake of `agent` that a slash can reach: active and thawing.
    /// @param agent Whose stake.
    /// @return Base units.
    function slashableOf(address agent) external view returns (uint128);

    /// @notice The stake of `agent`.
    /// @param agent Whose stake.
    /// @return All zero if there is none.
    function stakeOf(address agent) external view returns (Stake memory);

    /// @notice Parts of slashed stakes that wait for `account`.
    /// @param account Beneficiary or treasury.
    /// @return Base units.
    function withdrawable(address account) external view returns (uint128);
}
