// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {HostileToken} from "./HostileToken.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

contract AgentStakingSlashTest is RewardsFixture {
    HostileToken private hostile;

    function setUp() public {
        hostile = new HostileToken(address(this), type(uint256).max);
        _deployWith(hostile);
        staking.stake(ALICE, 100);
    }

    function _slash(uint128 amount, uint16 rewardBps) private returns (uint128, uint128) {
        vm.prank(DISPUTER);
        return staking.slash(ALICE, amount, "reason", BOB, rewardBps);
    }

    function _thaw(uint128 amount) private {
        vm.prank(ALICE);
        staking.startThaw(amount);
    }

    function test_slash_is_for_the_disputes_alone() public {
        _expectOnly(DISPUTER, address(staking), abi.encodeCall(staking.slash, (ALICE, 1, "reason", BOB, 0)));
    }

    function test_slash_takes_active_stake_before_thawing_stake() public {
        _thaw(60);
        uint64 thawEnd = staking.stakeOf(ALICE).thawEnd;
        vm.expectEmit(address(staking));
        emit IAgentStaking.Slashed(ALICE, "reason", BOB, 30, 15, 10, 60);
        (uint128 slashed, uint128 reward) = _slash(30, 5000);
        vm.assertEq(slashed, 30, "slashed");
        vm.assertEq(reward, 15, "reward");
        vm.expectEmit(address(staking));
        emit IAgentStaking.Slashed(ALICE, "reason", BOB, 25, 12, 0, 45);
        _slash(25, 5000);
        vm.assertEq(staking.slashableOf(ALICE), 45, "rest");
        vm.assertEq(staking.stakeOf(ALICE).thawEnd, thawEnd, "the thaw goes on");
        vm.warp(thawEnd);
        vm.prank(ALICE);
        vm.assertEq(staking.withdraw(), 45, "only the rest can leave");
    }

    function test_slash_takes_at_most_what_is_there_and_does_not_fail_on_nothing() public {
        _thaw(60);
        (uint128 slashed,) = _slash(type(uint128).max, 0);
        vm.assertEq(slashed, 100, "all");
        vm.expectEmit(address(staking));
        emit IAgentStaking.Slashed(ALICE, "reason", BOB, 0, 0, 0, 0);
        (slashed,) = _slash(1, 5000);
        vm.assertEq(slashed, 0, "nothing");
    }

    function test_slash_reaches_no_other_agent() public {
        _slash(type(uint128).max, 5000);
        vm.assertEq(staking.activeOf(POSTER), BOND, "another stake");
    }

    function test_slash_gives_the_beneficiary_at_most_half() public {
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.RewardTooHigh.selector, 5001));
        _slash(100, 5001);
        _slash(100, 5000);
        vm.assertEq(staking.withdrawable(BOB), 50, "half");
        vm.assertEq(staking.withdrawable(TREASURY), 50, "the other half");
    }

    function test_slash_without_a_beneficiary_goes_to_the_treasury() public {
        vm.prank(DISPUTER);
        vm.expectRevert(IAgentStaking.ZeroAddress.selector);
        staking.slash(ALICE, 10, "reason", address(0), 1);
        vm.prank(DISPUTER);
        staking.slash(ALICE, 10, "reason", address(0), 0);
        vm.assertEq(staking.withdrawable(TREASURY), 10, "treasury");
        vm.assertEq(staking.withdrawable(address(0)), 0, "nobody");
    }

    function test_an_agent_that_accuses_itself_loses_at_least_half() public {
        vm.prank(DISPUTER);
        staking.slash(ALICE, 100, "reason", ALICE, 5000);
        vm.prank(ALICE);
        staking.withdrawReward();
        vm.assertEq(token.balanceOf(ALICE), 50, "half");
    }

    function test_rewards_are_pulled_once() public {
        _slash(41, 5000);
        vm.assertEq(token.balanceOf(BOB), 0, "not pushed");
        vm.expectEmit(address(staking));
        emit IAgentStaking.RewardWithdrawn(BOB, 20);
        vm.prank(BOB);
        vm.assertEq(staking.withdrawReward(), 20, "amount");
        vm.assertEq(token.balanceOf(BOB), 20, "tokens");
        vm.expectRevert(abi.encodeWithSelector(IAgentStaking.NothingToWithdraw.selector, BOB));
        vm.prank(BOB);
        staking.withdrawReward();
        vm.prank(TREASURY);
        vm.assertEq(staking.withdrawReward(), 21, "the odd unit is the treasury's");
    }

    function test_a_beneficiary_the_token_refuses_blocks_nobody() public {
        hostile.setBlocked(BOB, true);
        _slash(100, 5000);
        vm.expectRevert(abi.encodeWithSelector(HostileToken.Blocked.selector, BOB));
        vm.prank(BOB);
        staking.withdrawReward();
        vm.prank(TREASURY);
        staking.withdrawReward();
        vm.assertEq(staking.withdrawable(BOB), 50, "waits");
        hostile.setBlocked(BOB, false);
        vm.prank(BOB);
        staking.withdrawReward();
        vm.assertEq(token.balanceOf(BOB), 50, "paid");
    }

    function test_a_reward_whose_payment_calls_back_is_paid_once() public {
        vm.prank(DISPUTER);
        staking.slash(ALICE, 100, "reason", address(hostile), 5000);
        bytes memory withdrawal = abi.encodeCall(staking.withdrawReward, ());
        hostile.arm(address(staking), withdrawal, false);
        hostile.execute(address(staking), withdrawal);
        vm.assertTrue(hostile.hookRan() && !hostile.hookPassed(), "refused");
        vm.assertEq(
            keccak256(hostile.hookResult()),
            keccak256(abi.encodeWithSelector(IAgentStaking.NothingToWithdraw.selector, address(hostile))),
            "for the right reason"
        );
        vm.assertEq(token.balanceOf(address(hostile)), 50, "paid once");
    }

    function testFuzz_a_slash_loses_no_unit(uint96 active, uint96 thawing, uint128 amount, uint16 bps)
        public
    {
        staking.stake(BOB, uint128(bound(active, 1, type(uint96).max / 2)));
        uint128 total = staking.activeOf(BOB);
        thawing = uint96(bound(thawing, 1, total));
        vm.prank(BOB);
        staking.startThaw(thawing);
        bps = uint16(bound(bps, 0, 5000));
        vm.prank(DISPUTER);
        (uint128 slashed, uint128 reward) = staking.slash(BOB, amount, "reason", STRANGER, bps);
        vm.assertEq(slashed, amount < total ? amount : total, "slashed");
        vm.assertEq(reward, uint256(slashed) * bps / 10_000, "reward");
        vm.assertEq(staking.withdrawable(STRANGER), reward, "beneficiary's part");
        vm.assertEq(staking.withdrawable(TREASURY), slashed - reward, "treasury's part");
        vm.assertEq(staking.slashableOf(BOB), total - slashed, "rest");
        uint128 wasActive = total - thawing;
        vm.assertEq(staking.activeOf(BOB), slashed < wasActive ? wasActive - slashed : 0, "active first");
        vm.assertEq(token.balanceOf(address(staking)), BOND + 100 + total, "all is still here");
    }
}
