// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {HostileToken} from "./HostileToken.sol";
import {RewardsFixture} from "./RewardsFixture.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

contract AgentStakingTest is RewardsFixture {
    HostileToken private hostile;

    function setUp() public {
        hostile = new HostileToken(address(this), type(uint256).max);
        _deployWith(hostile);
    }

    function _expectStake(address agent, uint256 active, uint256 thawing) private view {
        IAgentStaking.Stake memory stake = staking.stakeOf(agent);
        vm.assertEq(stake.active, active, "active");
        vm.assertEq(stake.thawing, thawing, "thawing");
        vm.assertEq(staking.activeOf(agent), active, "activeOf");
        vm.assertEq(staking.slashableOf(agent), active + thawing, "slashableOf");
    }

    function _startThaw(uint128 amount) private {
        vm.prank(ALICE);
        staking.startThaw(amount);
    }

    function _withdraw() private returns (uint128) {
        vm.prank(ALICE);
        return staking.withdraw();
    }

    function test_the_constructor_keeps_and_emits_the_settings() public {
        vm.expectEmit(vm.computeCreateAddress(address(this), vm.getNonce(address(this))));
        emit IAgentStaking.StakingCreated(address(token), STAKE_THAW, TREASURY);
        AgentStaking created = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        vm.assertEq(address(created.token()), address(token), "token");
        vm.assertEq(created.thawPeriod(), STAKE_THAW, "thaw period");
        vm.assertEq(created.treasury(), TREASURY, "treasury");
        vm.assertEq(created.authority(), address(access), "authority");
    }

    function test_the_constructor_refuses_zero_addresses() public {
        vm.expectRevert(IAgentStaking.ZeroAddress.selector);
        new AgentStaking(address(access), IERC20(address(0)), STAKE_THAW, TREASURY);
        vm.expectRevert(IAgentStaking.ZeroAddress.selector);
        new AgentStaking(address(access), token, STAKE_THAW, address(0));
    }

    function test_stake_moves_the_callers_tokens_into_the_agents_stake() public {
        vm.expectEmit(address(staking));
        emit IAgentStaking.Staked(ALICE, address(this), 70, 70);
        staking.stake(ALICE, 70);
        vm.expectEmit(address(staking));
        emit IAgentStaking.Staked(ALICE, address(this), 30, 100);
        staking.stake(ALICE, 30);
        _expectStake(ALICE, 100, 0);
        vm.assertEq(token.balanceOf(address(staking)), BOND + 100, "tokens");
    }

    function test_stake_refuses_nothing_and_nobody() public {
        vm.expectRevert(IAgentStaking.ZeroAmount.selector);
        staking.stake(ALICE, 0);
        vm.expectRevert(IAgentStaking.ZeroAddress.selector);
        staking.stake(address(0), 1);
    }

    function test_stake_holds_at_most_96_bits() public {
        staking.stake(ALICE, type(uint96).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector, 96, uint256(type(uint96).max) + 1
            )
        );
        staking.stake(ALICE, 1);
        _startThaw(type(uint96).max);
        staking.stake(ALICE, 1);
        vm.assertEq(staking.slashableOf(ALICE), uint256(type(uint96).max) + 1, "both parts are slashable");
    }

    function test_stake_refuses_a_token_that_keeps_a_part() public {
        hostile.setFee(100);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.FeeOnTransfer.selector, 500, 495));
        staking.stake(ALICE, 500);
    }

    function test_stake_counts_no_tokens_twice_when_the_token_calls_back() public {
        hostile.transfer(address(hostile), 500);
        hostile.execute(address(hostile), abi.encodeCall(hostile.approve, (address(staking), 500)));
        hostile.arm(address(staking), abi.encodeCall(staking.stake, (ALICE, 500)), true);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.FeeOnTransfer.selector, 500, 0));
        staking.stake(ALICE, 500);
    }

    function test_startThaw_moves_active_stake_and_restarts_the_period_for_all_of_it() public {
        staking.stake(ALICE, 100);
        vm.warp(5000);
        vm.expectEmit(address(staking));
        emit IAgentStaking.StakeThawStarted(ALICE, 60, 5000 + STAKE_THAW, 40, 60);
        _startThaw(60);
        vm.warp(6000);
        vm.expectEmit(address(staking));
        emit IAgentStaking.StakeThawStarted(ALICE, 40, 6000 + STAKE_THAW, 0, 100);
        _startThaw(40);
        _expectStake(ALICE, 0, 100);
        vm.assertEq(staking.stakeOf(ALICE).thawEnd, 6000 + STAKE_THAW, "end");
    }

    function test_startThaw_refuses_nothing_and_more_than_is_active() public {
        staking.stake(ALICE, 100);
        vm.expectRevert(IAgentStaking.ZeroAmount.selector);
        _startThaw(0);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.InsufficientStake.selector, 100, 101));
        _startThaw(101);
        _startThaw(60);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.InsufficientStake.selector, 40, 41));
        _startThaw(41);
    }

    function test_cancelThaw_makes_all_of_it_active_again() public {
        staking.stake(ALICE, 100);
        _startThaw(60);
        vm.expectEmit(address(staking));
        emit IAgentStaking.StakeThawCancelled(ALICE, 100);
        vm.prank(ALICE);
        staking.cancelThaw();
        _expectStake(ALICE, 100, 0);
        vm.expectRevert(IAgentStaking.NothingThawing.selector);
        vm.prank(ALICE);
        staking.cancelThaw();
        vm.warp(vm.getBlockTimestamp() + STAKE_THAW);
        vm.expectRevert(IAgentStaking.NothingThawing.selector);
        _withdraw();
    }

    function test_withdraw_pays_what_thawed_to_the_second() public {
        staking.stake(ALICE, 100);
        vm.warp(5000);
        _startThaw(60);
        vm.warp(5000 + STAKE_THAW - 1);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.StillThawing.selector, 5000 + STAKE_THAW));
        _withdraw();
        vm.warp(5000 + STAKE_THAW);
        vm.expectEmit(address(staking));
        emit IAgentStaking.StakeWithdrawn(ALICE, 60, 40);
        vm.assertEq(_withdraw(), 60, "amount");
        vm.assertEq(token.balanceOf(ALICE), 60, "tokens");
        _expectStake(ALICE, 40, 0);
        vm.expectRevert(IAgentStaking.NothingThawing.selector);
        _withdraw();
    }

    function test_a_stranger_has_nothing_to_thaw_or_withdraw() public {
        staking.stake(ALICE, 100);
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.InsufficientStake.selector, 0, 1));
        vm.prank(STRANGER);
        staking.startThaw(1);
        vm.expectRevert(IAgentStaking.NothingThawing.selector);
        vm.prank(STRANGER);
        staking.withdraw();
    }

    function test_a_withdrawal_that_calls_back_pays_once() public {
        staking.stake(address(hostile), 100);
        staking.stake(ALICE, 100);
        hostile.execute(address(staking), abi.encodeCall(staking.startThaw, (100)));
        vm.warp(vm.getBlockTimestamp() + STAKE_THAW);
        bytes memory withdrawal = abi.encodeCall(staking.withdraw, ());
        hostile.arm(address(staking), withdrawal, false);
        hostile.execute(address(staking), withdrawal);
        vm.assertTrue(hostile.hookRan() && !hostile.hookPassed(), "refused");
        vm.assertEq(
            keccak256(hostile.hookResult()),
            keccak256(abi.encodeWithSelector(IAgentStaking.NothingThawing.selector)),
            "for the right reason"
        );
        vm.assertEq(token.balanceOf(address(staking)), BOND + 100, "the others' stakes");
    }

    function test_pausing_stops_stake_alone_and_is_for_the_guardian_alone() public {
        staking.stake(ALICE, 100);
        _expectOnly(GUARDIAN, address(staking), abi.encodeCall(staking.setPaused, (true)));
        vm.expectEmit(address(staking));
        emit IAgentStaking.PausedSet(true);
        vm.prank(GUARDIAN);
        staking.setPaused(true);
        vm.assertTrue(staking.paused(), "paused");
        vm.expectRevert(IAgentStaking.StakingPaused.selector);
        staking.stake(ALICE, 1);
        _startThaw(50);
        vm.prank(ALICE);
        staking.cancelThaw();
        _startThaw(100);
        vm.warp(vm.getBlockTimestamp() + STAKE_THAW);
        _withdraw();
        vm.prank(DISPUTER);
        staking.slash(POSTER, 10, "reason", BOB, 5000);
        vm.prank(BOB);
        staking.withdrawReward();
        vm.expectEmit(address(staking));
        emit IAgentStaking.PausedSet(false);
        vm.prank(GUARDIAN);
        staking.setPaused(false);
        staking.stake(ALICE, 1);
    }
}
