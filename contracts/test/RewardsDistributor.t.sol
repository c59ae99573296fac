// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {Fixture} from "./Fixture.sol";

contract RewardsDistributorTest is Fixture {
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);
    bytes32 private constant HASH = keccak256("some hash");
    bytes32[] private proof;

    function setUp() public {
        _deployAll();
        rewards.fund(1000);
    }

    function _propose(bytes32 root, uint128 total, uint64 fromBlock, uint64 toBlock)
        private
        returns (uint256)
    {
        vm.prank(POSTER);
        return rewards.propose(root, total, HASH, fromBlock, toBlock, HASH, HASH);
    }

    function _activate(uint256 epoch) private {
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        rewards.activate(epoch);
    }

    /// @dev A tree of two leaves; `proof` becomes that of Alice.
    function _epoch(uint256 alice, uint256 bob, uint128 total, uint64 toBlock) private {
        proof = new bytes32[](1);
        proof[0] = _leaf(BOB, bob);
        _activate(_propose(_node(_leaf(ALICE, alice), _leaf(BOB, bob)), total, toBlock, toBlock));
    }

    function _expectNotProposed(uint256 epoch, IRewardsDistributor.EpochStatus status) private {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.EpochNotProposed.selector, epoch, status));
    }

    function test_fund_adds_the_callers_tokens() public {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Funded(address(this), 5, 1005);
        rewards.fund(5);
        vm.assertEq(rewards.funded(), 1005, "funded");
        vm.assertEq(token.balanceOf(address(rewards)), 1005, "tokens");
        vm.expectRevert(IRewardsDistributor.ZeroAmount.selector);
        rewards.fund(0);
    }

    function test_propose_opens_the_window_and_emits_everything() public {
        vm.warp(5000);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochProposed(
            1, "root", 1000, "data", 10, 20, "block", "engine", 5000 + WINDOW
        );
        vm.prank(POSTER);
        uint256 epoch = rewards.propose("root", 1000, "data", 10, 20, "block", "engine");
        vm.assertEq(epoch, 1, "epoch");
        IRewardsDistributor.Epoch memory stored = rewards.epochOf(1);
        vm.assertEq(stored.root, "root", "root");
        vm.assertEq(stored.totalEarned, 1000, "total");
        vm.assertEq(stored.toBlock, 20, "last block");
        vm.assertEq(stored.activatesAt, 5000 + WINDOW, "activation");
        vm.assertTrue(stored.status == IRewardsDistributor.EpochStatus.Proposed, "status");
        vm.assertEq(rewards.activeEpoch(), 0, "not active yet");
        vm.assertEq(rewards.epochCount(), 1, "count");
    }

    function test_propose_is_for_the_poster_alone() public {
        address[4] memory others = [GUARDIAN, OPERATOR, STRANGER, address(this)];
        for (uint256 i; i < others.length; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            rewards.propose(HASH, 0, HASH, 0, 1, HASH, HASH);
        }
    }

    function test_propose_refuses_zero_hashes() public {
        bytes4 zero = IRewardsDistributor.ZeroHash.selector;
        vm.expectRevert(zero);
        vm.prank(POSTER);
        rewards.propose(0, 0, HASH, 0, 1, HASH, HASH);
        vm.expectRevert(zero);
        vm.prank(POSTER);
        rewards.propose(HASH, 0, 0, 0, 1, HASH, HASH);
        vm.expectRevert(zero);
        vm.prank(POSTER);
        rewards.propose(HASH, 0, HASH, 0, 1, 0, HASH);
        vm.expectRevert(zero);
        vm.prank(POSTER);
        rewards.propose(HASH, 0, HASH, 0, 1, HASH, 0);
    }

    function test_propose_refuses_more_than_was_funded() public {
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.EarnedExceedsFunded.selector, 1001, 1000));
        _propose(HASH, 1001, 0, 1);
        _propose(HASH, 1000, 0, 1);
    }

    function test_propose_refuses_a_total_below_the_active_one() public {
        _epoch(600, 100, 700, 10);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.EarnedDecreases.selector, 699, 700));
        _propose(HASH, 699, 11, 12);
        _propose(HASH, 700, 11, 12);
    }

    function test_propose_refuses_blocks_that_overlap_or_are_not_there_yet() public {
        bytes4 invalid = IRewardsDistributor.InvalidBlockRange.selector;
        vm.expectRevert(abi.encodeWithSelector(invalid, 11, 10));
        _propose(HASH, 0, 11, 10);
        vm.expectRevert(abi.encodeWithSelector(invalid, 1, vm.getBlockNumber()));
        _propose(HASH, 0, 1, uint64(vm.getBlockNumber()));
        _epoch(600, 100, 700, 10);
        vm.expectRevert(abi.encodeWithSelector(invalid, 10, 20));
        _propose(HASH, 700, 10, 20);
        _propose(HASH, 700, 11, uint64(vm.getBlockNumber() - 1));
    }

    function test_propose_allows_one_epoch_in_flight() public {
        _propose(HASH, 10, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.EpochInFlight.selector, 1));
        _propose(HASH, 10, 0, 1);
        _activate(1);
        vm.assertEq(_propose(HASH, 10, 2, 3), 2, "next");
    }

    function test_reject_is_for_the_guardian_alone() public {
        _propose(HASH, 10, 0, 1);
        address[4] memory others = [POSTER, OPERATOR, STRANGER, address(this)];
        for (uint256 i; i < others.length; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            rewards.reject(1, 7);
        }
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(1, 7);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
    }

    function test_a_rejected_epoch_keeps_its_number_and_never_becomes_active() public {
        _propose(HASH, 10, 0, 1);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        _expectNotProposed(1, IRewardsDistributor.EpochStatus.Rejected);
        rewards.activate(1);
        vm.assertEq(_propose(HASH, 10, 0, 1), 2, "the next takes the next number and the same blocks");
    }

    function test_an_active_epoch_can_no_longer_be_rejected() public {
        _activate(_propose(HASH, 10, 0, 1));
        _expectNotProposed(1, IRewardsDistributor.EpochStatus.Active);
        vm.prank(GUARDIAN);
        rewards.reject(1, 7);
    }

    function test_activate_waits_out_the_window_to_the_second_and_is_for_anyone() public {
        vm.warp(5000);
        _propose(HASH, 10, 0, 1);
        vm.warp(5000 + WINDOW - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.WindowOpen.selector, 1, 5000 + WINDOW));
        rewards.activate(1);
        vm.warp(5000 + WINDOW);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochActivated(1);
        vm.prank(STRANGER);
        rewards.activate(1);
        vm.assertEq(rewards.activeEpoch(), 1, "active");
        _expectNotProposed(1, IRewardsDistributor.EpochStatus.Active);
        rewards.activate(1);
        _expectNotProposed(2, IRewardsDistributor.EpochStatus.None);
        rewards.activate(2);
    }

    function test_claim_needs_an_active_epoch() public {
        _propose(_leaf(ALICE, 10), 10, 0, 1);
        vm.expectRevert(IRewardsDistributor.NoActiveEpoch.selector);
        rewards.claim(ALICE, 10, proof);
    }

    function test_claim_by_anyone_pays_the_account() public {
        _epoch(600, 100, 700, 10);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, ALICE, 600, 600, 1);
        vm.prank(STRANGER);
        vm.assertEq(rewards.claim(ALICE, 600, proof), 600, "amount");
        vm.assertEq(token.balanceOf(ALICE), 600, "tokens");
        vm.assertEq(token.balanceOf(STRANGER), 0, "caller gets nothing");
        vm.assertEq(rewards.claimedOf(ALICE), 600, "claimed");
        vm.assertEq(rewards.claimedTotal(), 600, "total");
    }

    function test_claim_twice_pays_once() public {
        _epoch(600, 100, 700, 10);
        rewards.claim(ALICE, 600, proof);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, ALICE, 600));
        rewards.claim(ALICE, 600, proof);
    }

    function test_claim_in_a_later_epoch_pays_the_difference() public {
        _epoch(600, 100, 700, 10);
        rewards.claim(ALICE, 600, proof);
        _epoch(750, 200, 950, 20);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, ALICE, 150, 750, 2);
        vm.assertEq(rewards.claim(ALICE, 750, proof), 150, "difference");
    }

    function test_claim_refuses_what_is_not_in_the_active_tree() public {
        _epoch(600, 100, 700, 10);
        vm.expectRevert(IRewardsDistributor.InvalidProof.selector);
        rewards.claim(ALICE, 601, proof);
        vm.expectRevert(IRewardsDistributor.InvalidProof.selector);
        rewards.claim(STRANGER, 600, proof);
        vm.expectRevert(IRewardsDistributor.InvalidProof.selector);
        rewards.claim(ALICE, 600, new bytes32[](0));
        bytes32[] memory old = proof;
        _epoch(750, 200, 950, 20);
        vm.expectRevert(IRewardsDistributor.InvalidProof.selector);
        rewards.claim(ALICE, 600, old);
    }

    function test_claim_with_a_leaf_lower_than_what_was_claimed_pays_nothing() public {
        _epoch(600, 100, 700, 10);
        rewards.claim(ALICE, 600, proof);
        _epoch(500, 200, 700, 20);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, ALICE, 600));
        rewards.claim(ALICE, 500, proof);
    }

    function test_claim_cannot_draw_more_than_the_epoch_declares() public {
        _epoch(600, 700, 700, 10);
        rewards.claim(ALICE, 600, proof);
        proof[0] = _leaf(ALICE, 600);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ClaimExceedsEarned.selector, 700, 100));
        rewards.claim(BOB, 700, proof);
    }

    function testFuzz_claim_cap_holds_for_any_leaf(uint256 leaf, uint128 total) public {
        total = uint128(bound(total, 1, 1000));
        leaf = bound(leaf, 1, type(uint256).max);
        _epoch(leaf, 1, total, 10);
        if (leaf > total) {
            vm.expectRevert(
                abi.encodeWithSelector(IRewardsDistributor.ClaimExceedsEarned.selector, leaf, total)
            );
            rewards.claim(ALICE, leaf, proof);
            vm.assertEq(token.balanceOf(ALICE), 0, "nothing paid");
        } else {
            vm.assertEq(rewards.claim(ALICE, leaf, proof), leaf, "paid");
            vm.assertEq(rewards.claimedTotal(), leaf, "total");
        }
    }

    function testFuzz_claims_over_epochs_sum_to_the_last_leaf(uint64 a, uint64 b, uint64 c) public {
        rewards.fund(type(uint128).max / 1e15);
        uint256[3] memory cumulative = [uint256(a), uint256(a) + b, uint256(a) + b + c];
        for (uint256 i; i < 3; ++i) {
            _epoch(cumulative[i], 0, uint128(cumulative[i]), uint64(10 + i));
            if (cumulative[i] == rewards.claimedOf(ALICE)) continue;
            rewards.claim(ALICE, cumulative[i], proof);
            vm.assertEq(token.balanceOf(ALICE), cumulative[i], "paid so far");
        }
        vm.assertEq(rewards.claimedTotal(), cumulative[2], "total");
    }

    function test_setRecipient_redirects_claims_until_reset() public {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.RecipientSet(ALICE, address(0), BOB);
        vm.prank(ALICE);
        rewards.setRecipient(BOB);
        _epoch(600, 100, 700, 10);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, BOB, 600, 600, 1);
        rewards.claim(ALICE, 600, proof);
        vm.assertEq(token.balanceOf(BOB), 600, "recipient");
        vm.assertEq(token.balanceOf(ALICE), 0, "account");
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.RecipientSet(ALICE, BOB, address(0));
        vm.prank(ALICE);
        rewards.setRecipient(address(0));
        _epoch(601, 100, 701, 20);
        rewards.claim(ALICE, 601, proof);
        vm.assertEq(token.balanceOf(ALICE), 1, "account again");
    }

    function test_setRecipient_refuses_the_distributor_itself() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRewardsDistributor.InvalidRecipient.selector, address(rewards))
        );
        rewards.setRecipient(address(rewards));
    }
}
