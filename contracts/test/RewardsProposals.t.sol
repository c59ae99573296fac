// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {RewardsFixture} from "./RewardsFixture.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

contract RewardsProposalsTest is RewardsFixture {
    function setUp() public {
        _deploy();
    }

    function test_propose_opens_the_window_and_emits_everything() public {
        vm.warp(5000);
        IRewardsDistributor.Proposal memory proposal = _proposal("root", 900, 7, 10, 20);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochProposed(1, "root", POSTER, 0, 5000 + WINDOW, proposal);
        vm.assertEq(_propose(proposal), 1, "epoch");
        IRewardsDistributor.Epoch memory stored = rewards.epochOf(1);
        vm.assertEq(stored.root, "root", "root");
        vm.assertEq(stored.commitment, keccak256(abi.encode(proposal, POSTER, uint256(0))), "commitment");
        vm.assertEq(stored.totalEarned, 900, "total");
        vm.assertEq(stored.accounts, 7, "accounts");
        vm.assertEq(stored.toBlock, 20, "last block");
        vm.assertEq(stored.activatesAt, 5000 + WINDOW, "activation");
        vm.assertTrue(stored.status == IRewardsDistributor.EpochStatus.Proposed, "status");
        vm.assertEq(rewards.activeEpoch(), 0, "not active yet");
        vm.assertEq(rewards.epochCount(), 1, "count");
    }

    function test_the_commitment_binds_every_field_the_poster_and_the_previous_epoch() public view {
        IRewardsDistributor.Proposal memory p = _proposal("root", 900, 7, 10, 20);
        bytes32[15] memory seen;
        seen[0] = rewards.commitmentOf(p, POSTER, 3);
        vm.assertEq(seen[0], keccak256(abi.encode(p, POSTER, uint256(3))), "encoding");
        seen[1] = rewards.commitmentOf(p, STRANGER, 3);
        seen[2] = rewards.commitmentOf(p, POSTER, 4);
        for (uint256 field; field < 12; ++field) {
            IRewardsDistributor.Proposal memory q = _proposal("root", 900, 7, 10, 20);
            assembly {
                let at := add(q, mul(field, 0x20))
                mstore(at, add(mload(at), 1))
            }
            seen[3 + field] = rewards.commitmentOf(q, POSTER, 3);
        }
        for (uint256 i; i < seen.length; ++i) {
            for (uint256 k; k < i; ++k) {
                vm.assertTrue(seen[i] != seen[k], "all differ");
            }
        }
    }

    function test_a_later_epoch_commits_to_the_active_one_and_forgets_the_older_commitment() public {
        _activate(_propose(_next(100)));
        vm.assertTrue(rewards.epochOf(1).commitment != 0, "kept while it is the last");
        IRewardsDistributor.Proposal memory proposal = _next(200);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochProposed(
            2, HASH, POSTER, 1, uint64(vm.getBlockTimestamp()) + WINDOW, proposal
        );
        _propose(proposal);
        vm.assertEq(rewards.epochOf(2).commitment, rewards.commitmentOf(proposal, POSTER, 1), "of the last");
        vm.assertEq(rewards.epochOf(1).commitment, bytes32(0), "of the one before");
        vm.assertEq(rewards.epochOf(1).root, HASH, "its root stays");
    }

    function test_propose_is_for_the_poster_alone() public {
        _expectOnly(POSTER, address(rewards), abi.encodeCall(rewards.propose, (_next(0))));
    }

    function test_propose_needs_an_active_stake_of_the_bond() public {
        vm.prank(POSTER);
        staking.startThaw(1);
        _expectRefused(
            _next(0), abi.encodeWithSelector(IRewardsDistributor.InsufficientBond.selector, BOND - 1, BOND)
        );
        staking.stake(POSTER, 1);
        _propose(_next(0));
    }

    function test_propose_refuses_zero_hashes() public {
        IRewardsDistributor.Proposal memory p;
        for (uint256 field; field < 6; ++field) {
            p = _next(0);
            if (field == 0) p.root = 0;
            if (field == 1) p.creditsRoot = 0;
            if (field == 2) p.callsRoot = 0;
            if (field == 3) p.dataHash = 0;
            if (field == 4) p.engineHash = 0;
            if (field == 5) p.toBlockHash = 0;
            _expectRefused(p, abi.encodePacked(IRewardsDistributor.ZeroHash.selector));
        }
    }

    function test_propose_refuses_empty_trees() public {
        IRewardsDistributor.Proposal memory p = _next(0);
        p.accounts = 0;
        _expectRefused(p, abi.encodePacked(IRewardsDistributor.EmptyTree.selector));
        p = _next(0);
        p.credits = 0;
        _expectRefused(p, abi.encodePacked(IRewardsDistributor.EmptyTree.selector));
        p = _next(0);
        p.calls = 0;
        _expectRefused(p, abi.encodePacked(IRewardsDistributor.EmptyTree.selector));
    }

    function test_propose_refuses_more_than_was_funded() public {
        _expectRefused(
            _next(FUNDED + 1),
            abi.encodeWithSelector(IRewardsDistributor.EarnedExceedsFunded.selector, FUNDED + 1, FUNDED)
        );
        _propose(_next(FUNDED));
    }

    function testFuzz_propose_takes_a_total_between_the_active_one_and_the_funding(
        uint128 active,
        uint128 total
    ) public {
        active = uint128(bound(active, 0, FUNDED));
        _activate(_propose(_next(active)));
        if (total > FUNDED) {
            _expectRefused(
                _next(total),
                abi.encodeWithSelector(IRewardsDistributor.EarnedExceedsFunded.selector, total, FUNDED)
            );
        } else if (total < active) {
            _expectRefused(
                _next(total),
                abi.encodeWithSelector(IRewardsDistributor.EarnedDecreases.selector, total, active)
            );
        } else {
            _propose(_next(total));
        }
        bool legal = total <= FUNDED && total >= active;
        vm.assertEq(rewards.epochOf(2).totalEarned, legal ? total : 0, "total");
    }

    function test_propose_refuses_a_total_below_the_active_one() public {
        _activate(_propose(_next(700)));
        _expectRefused(
            _next(699), abi.encodeWithSelector(IRewardsDistributor.EarnedDecreases.selector, 699, 700)
        );
        _propose(_next(700));
    }

    function _expectInvalidRange(uint64 fromBlock, uint64 toBlock) private {
        vm.expectRevert(
            abi.encodeWithSelector(IRewardsDistributor.InvalidBlockRange.selector, fromBlock, toBlock)
        );
        _propose(_proposal(HASH, 0, 1, fromBlock, toBlock));
    }

    function test_propose_refuses_reversed_blocks_and_blocks_that_are_not_there_yet() public {
        _expectInvalidRange(11, 10);
        _expectInvalidRange(1, uint64(vm.getBlockNumber()));
        _propose(_proposal(HASH, 0, 1, 1, uint64(vm.getBlockNumber() - 1)));
    }

    function test_propose_follows_the_active_epoch_without_gap_or_overlap() public {
        _activate(_propose(_proposal(HASH, 0, 1, 5, 10)));
        _expectInvalidRange(10, 20);
        _expectInvalidRange(12, 20);
        _expectInvalidRange(11, 10);
        _propose(_proposal(HASH, 0, 1, 11, 11));
    }

    function test_propose_allows_one_epoch_in_flight() public {
        _propose(_next(10));
        _expectRefused(_next(10), abi.encodeWithSelector(IRewardsDistributor.EpochInFlight.selector, 1));
        vm.prank(DISPUTER);
        rewards.setDisputed(1, true);
        _expectRefused(_next(10), abi.encodeWithSelector(IRewardsDistributor.EpochInFlight.selector, 1));
        vm.prank(DISPUTER);
        rewards.setDisputed(1, false);
        _activate(1);
        vm.assertEq(_propose(_next(10)), 2, "next");
    }

    function test_propose_refuses_a_window_that_outlasts_40_bits() public {
        rewards = new RewardsDistributor(
            address(access),
            token,
            staking,
            type(uint40).max,
            0,
            IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        IRewardsDistributor.Proposal memory proposal = _next(0);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector,
                40,
                vm.getBlockTimestamp() + type(uint40).max
            )
        );
        rewards.propose(proposal);
    }
}
