// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

/// @dev What becomes of an epoch after its proposal.
contract RewardsEpochsTest is RewardsFixture {
    function setUp() public {
        _deploy();
    }

    function _expectWrongStatus(uint256 epoch, IRewardsDistributor.EpochStatus status) private {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.WrongStatus.selector, epoch, status));
    }

    function _expectStatus(uint256 epoch, IRewardsDistributor.EpochStatus status) private view {
        vm.assertTrue(rewards.epochOf(epoch).status == status, "status");
    }

    function _dispute(uint256 epoch, bool disputed) private {
        vm.prank(DISPUTER);
        rewards.setDisputed(epoch, disputed);
    }

    function test_reject_is_for_the_guardian_alone() public {
        _propose(_next(10));
        _expectOnly(GUARDIAN, address(rewards), abi.encodeCall(rewards.reject, (1, 7)));
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(1, 7);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
    }

    function test_reject_leaves_the_codes_of_proven_faults_alone() public {
        _propose(_next(10));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.InvalidReason.selector, 1000));
        vm.prank(GUARDIAN);
        rewards.reject(1, 1000);
        vm.prank(GUARDIAN);
        rewards.reject(1, 999);
    }

    function test_rejectFaulty_is_for_the_disputes_alone() public {
        _propose(_next(10));
        _expectOnly(DISPUTER, address(rewards), abi.encodeCall(rewards.rejectFaulty, (1, 1003)));
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(1, 1003);
        vm.prank(DISPUTER);
        rewards.rejectFaulty(1, 1003);
        _expectStatus(1, IRewardsDistributor.EpochStatus.Rejected);
    }

    function test_a_rejected_epoch_keeps_its_number_frees_its_blocks_and_never_becomes_active() public {
        _propose(_next(10));
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Rejected);
        rewards.activate(1);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Rejected);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Rejected);
        _dispute(1, true);
        vm.assertEq(_propose(_next(10)), 2, "the next takes the next number and the same blocks");
    }

    function test_an_active_epoch_can_no_longer_be_stopped() public {
        _activate(_propose(_next(10)));
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        vm.prank(DISPUTER);
        rewards.rejectFaulty(1, 1001);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        _dispute(1, true);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        _dispute(1, false);
    }

    function test_nothing_becomes_of_an_epoch_that_was_never_proposed() public {
        _expectWrongStatus(5, IRewardsDistributor.EpochStatus.None);
        rewards.activate(5);
        _expectWrongStatus(5, IRewardsDistributor.EpochStatus.None);
        vm.prank(GUARDIAN);
        rewards.reject(5, 1);
        _expectWrongStatus(5, IRewardsDistributor.EpochStatus.None);
        _dispute(5, true);
    }

    function test_setDisputed_is_for_the_disputes_alone() public {
        _propose(_next(10));
        _expectOnly(DISPUTER, address(rewards), abi.encodeCall(rewards.setDisputed, (1, true)));
    }

    function test_a_disputed_epoch_waits_and_keeps_its_window() public {
        _propose(_next(10));
        uint64 activatesAt = rewards.epochOf(1).activatesAt;
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochDisputed(1, true);
        _dispute(1, true);
        vm.warp(activatesAt + 1);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Disputed);
        rewards.activate(1);
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Disputed);
        _dispute(1, true);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochDisputed(1, false);
        _dispute(1, false);
        vm.assertEq(rewards.epochOf(1).activatesAt, activatesAt, "window");
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Proposed);
        _dispute(1, false);
        rewards.activate(1);
    }

    function test_a_disputed_epoch_can_be_rejected_by_both() public {
        _propose(_next(10));
        _dispute(1, true);
        vm.prank(GUARDIAN);
        rewards.reject(1, 1);
        _propose(_next(10));
        _dispute(2, true);
        vm.prank(DISPUTER);
        rewards.rejectFaulty(2, 1001);
        _expectStatus(1, IRewardsDistributor.EpochStatus.Rejected);
        _expectStatus(2, IRewardsDistributor.EpochStatus.Rejected);
    }

    function test_activate_waits_out_the_window_to_the_second_and_is_for_anyone() public {
        vm.warp(5000);
        _propose(_next(10));
        vm.warp(5000 + WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.WindowOpen.selector, 1, 5000 + WINDOW));
        rewards.activate(1);
        vm.warp(5000 + WINDOW);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochActivated(1);
        vm.prank(STRANGER);
        rewards.activate(1);
        vm.assertEq(rewards.activeEpoch(), 1, "active");
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        rewards.activate(1);
    }

    function test_a_superseded_epoch_cannot_become_active_again() public {
        _activate(_propose(_next(10)));
        _activate(_propose(_next(20)));
        vm.assertEq(rewards.activeEpoch(), 2, "active");
        _expectWrongStatus(1, IRewardsDistributor.EpochStatus.Active);
        rewards.activate(1);
    }
}
