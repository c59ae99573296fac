// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

contract RewardsPausesTest is RewardsFixture {
    uint128[] private amounts;

    function setUp() public {
        _deploy();
        amounts = [600, 100];
        _epoch(amounts, 700);
    }

    function _pauseClaims(uint64 duration) private {
        vm.prank(GUARDIAN);
        rewards.pauseClaims(duration);
    }

    function test_pauses_are_for_the_guardian_alone() public {
        _expectOnly(GUARDIAN, address(rewards), abi.encodeCall(rewards.pauseProposals, (true)));
        _expectOnly(GUARDIAN, address(rewards), abi.encodeCall(rewards.pauseClaims, (1)));
    }

    function test_pauseProposals_stops_proposals_until_resumed() public {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.ProposalsPaused(true);
        vm.prank(GUARDIAN);
        rewards.pauseProposals(true);
        vm.assertTrue(rewards.proposalsPaused(), "paused");
        _expectRefused(_next(700), abi.encodePacked(IRewardsDistributor.ProposalsStopped.selector));
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.ProposalsPaused(false);
        vm.prank(GUARDIAN);
        rewards.pauseProposals(false);
        vm.assertTrue(!rewards.proposalsPaused(), "resumed");
        _propose(_next(700));
    }

    function test_pauseProposals_leaves_claims_and_the_epoch_in_flight_alone() public {
        uint256 epoch = _propose(_next(700));
        vm.prank(GUARDIAN);
        rewards.pauseProposals(true);
        rewards.claim(ALICE, _claim(amounts, 0));
        _activate(epoch);
        vm.assertEq(rewards.activeEpoch(), epoch, "active");
    }

    function test_pauseClaims_ends_by_itself_to_the_second() public {
        uint64 start = uint64(vm.getBlockTimestamp());
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.ClaimsPaused(start + 3 days);
        _pauseClaims(3 days);
        vm.assertEq(rewards.claimsPausedUntil(), start + 3 days, "until");
        vm.warp(start + 3 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ClaimsStopped.selector, start + 3 days));
        rewards.claim(ALICE, _claim(amounts, 0));
        vm.warp(start + 3 days);
        rewards.claim(ALICE, _claim(amounts, 0));
    }

    function test_pauseClaims_takes_between_a_second_and_three_days() public {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.InvalidPause.selector, 3 days + 1));
        _pauseClaims(3 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.InvalidPause.selector, 0));
        _pauseClaims(0);
        _pauseClaims(1);
    }

    function test_pauseClaims_cannot_be_prolonged_nor_soon_repeated() public {
        uint64 start = uint64(vm.getBlockTimestamp());
        _pauseClaims(1 days);
        uint64 next = start + 8 days;
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.PauseTooSoon.selector, next));
        _pauseClaims(1 days);
        vm.warp(next - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.PauseTooSoon.selector, next));
        _pauseClaims(1 days);
        vm.warp(next);
        _pauseClaims(1 days);
        vm.assertEq(rewards.claimsPausedUntil(), next + 1 days, "again");
    }

    function testFuzz_claims_are_open_seven_tenths_of_any_month(
        uint64[6] memory durations,
        uint64[6] memory gaps
    ) public {
        uint256 start = vm.getBlockTimestamp();
        uint256 closed;
        for (uint256 i; i < 6; ++i) {
            uint64 duration = uint64(bound(durations[i], 1, 3 days));
            vm.prank(GUARDIAN);
            try rewards.pauseClaims(duration) {
                closed += duration;
            } catch {}
            vm.warp(vm.getBlockTimestamp() + bound(gaps[i], 0, 9 days));
        }
        uint256 last = rewards.claimsPausedUntil();
        uint256 span = last > vm.getBlockTimestamp() ? last - start : vm.getBlockTimestamp() - start;
        vm.assertLe(closed * 10, 3 * (span + 7 days), "at most 3 days of every 10");
    }

    function test_a_first_pause_needs_no_earlier_one() public {
        vm.warp(1 days);
        vm.assertEq(rewards.claimsPausedUntil(), 0, "never paused");
        _pauseClaims(1);
    }

    function test_pauseClaims_leaves_funding_proposals_and_activation_alone() public {
        _pauseClaims(1 days);
        rewards.fund(1);
        _activate(_propose(_next(701)));
        vm.assertEq(rewards.activeEpoch(), 2, "active");
    }
}
