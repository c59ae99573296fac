// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "../../src/interfaces/IAgentStaking.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @dev Stakes, and attempts to get them out before a slash can reach them.
abstract contract StakingHandler is HandlerBase {
    function stake(uint256 i, uint128 amount) external {
        amount = uint128(bound(amount, 1, 2 * BOND));
        staking.stake(agentOf(i), amount);
        stakes += amount;
    }

    function startStakeThaw(uint256 i, uint128 amount) external {
        address agent = agentOf(i);
        uint128 stake_ = staking.activeOf(agent);
        if (stake_ == 0) return;
        vm.prank(agent);
        staking.startThaw(uint128(bound(amount, 1, stake_)));
    }

    function cancelStakeThaw(uint256 i) external {
        address agent = agentOf(i);
        if (staking.stakeOf(agent).thawing == 0) return;
        vm.prank(agent);
        staking.cancelThaw();
    }

    /// @dev Now and then after the thaw, else before its end: time that runs too fast closes every window.
    function withdrawStake(uint256 i, uint256 wait) external {
        IAgentStaking.Stake memory stake_ = staking.stakeOf(agentOf(i));
        if (stake_.thawing == 0) return;
        if (wait % 4 == 0) _later(STAKE_THAW);
        if (stake_.thawEnd <= vm.getBlockTimestamp()) {
            _withdrawStake(agentOf(i));
            return;
        }
        _refused(
            agentOf(i),
            address(staking),
            abi.encodeCall(staking.withdraw, ()),
            IAgentStaking.StillThawing.selector
        );
    }

    /// @dev Whatever the guardian pauses, agents get their stakes back.
    function withdrawStakeWhilePaused(uint256 i, uint256 wait) external {
        if (wait % 4 != 0) return;
        vm.prank(GUARDIAN);
        staking.setPaused(true);
        _refused(
            address(this),
            address(staking),
            abi.encodeCall(staking.stake, (agentOf(i), 1)),
            IAgentStaking.StakingPaused.selector
        );
        uint128 active = staking.activeOf(agentOf(i));
        if (active != 0) {
            vm.prank(agentOf(i));
            staking.startThaw(active);
            _later(STAKE_THAW);
            _withdrawStake(agentOf(i));
        }
        vm.prank(GUARDIAN);
        staking.setPaused(false);
    }

    /// @dev Rewards of slashes are pulled by whoever they belong to.
    function withdrawSlashReward(uint256 who) external {
        address account = who % 3 == 2 ? TREASURY : challengerOf(who);
        uint128 waiting = staking.withdrawable(account);
        if (waiting == 0) {
            _refused(
                account,
                address(staking),
                abi.encodeCall(staking.withdrawReward, ()),
                IAgentStaking.NothingToWithdraw.selector
            );
            return;
        }
        uint256 before = token.balanceOf(account);
        vm.prank(account);
        staking.withdrawReward();
        require(token.balanceOf(account) - before == waiting, "reward not paid");
        slashRewardsPaid += waiting;
    }

    function attackThawMoreThanStaked(uint256 i, uint128 extra) external {
        uint128 amount = staking.activeOf(agentOf(i)) + uint128(bound(extra, 1, MAX_AMOUNT));
        _refused(
            agentOf(i),
            address(staking),
            abi.encodeCall(staking.startThaw, (amount)),
            IAgentStaking.InsufficientStake.selector
        );
    }

    function attackSlash(uint256 who, uint128 amount) external {
        address[5] memory callers = [STRANGER, GUARDIAN, POSTER, TREASURY, address(this)];
        _refused(
            callers[who % 5],
            address(staking),
            abi.encodeCall(staking.slash, (POSTER, amount, DATA_HASH, callers[who % 5], 5000)),
            IAccessManaged.AccessManagedUnauthorized.selector
        );
    }

    function _withdrawStake(address agent) private {
        uint256 before = token.balanceOf(agent);
        vm.prank(agent);
        uint128 amount = staking.withdraw();
        require(token.balanceOf(agent) - before == amount, "withdrawn but not paid");
        unstaked += amount;
    }
}
