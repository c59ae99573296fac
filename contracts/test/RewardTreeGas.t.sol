// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {OrderedMerkle} from "../src/libraries/OrderedMerkle.sol";
import {RewardsFixture} from "./RewardsFixture.sol";
import {SumTreeDistributor} from "./SumTreeDistributor.sol";

/// @dev Compares a later claim over our tree with one over a Merkle sum tree, whole transactions.
/// docs/decisions/0005-reward-tree.md holds the figures.
contract RewardTreeGasTest is RewardsFixture {
    address private constant CLAIMER = 0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984;
    uint128 private constant EARNED = 1.234567890123456789e21;
    uint128 private constant BEFORE = 4.234567890123456789e23;
    uint32[3] private sizes = [1_000, 100_000, 1_000_000];
    SumTreeDistributor private sums;

    event Compared(uint32 accounts, uint256 ours, uint256 sumTree);

    function setUp() public {
        _deploy();
        rewards.fund(1e25);
        sums = new SumTreeDistributor(token);
        token.transfer(address(sums), 1e25);
        // The first payment to an account writes fresh slots, whichever tree pays it.
        token.transfer(CLAIMER, 1);
        _ours(1, 0, 1);
        _sumTree(1, 0, 1);
    }

    function _ours(uint32 n, uint128 more, uint256 seed) private {
        uint32 index = n * 2 / 3;
        IRewardsDistributor.Claim memory leaf =
            IRewardsDistributor.Claim(EARNED + more, BEFORE, index, new bytes32[](OrderedMerkle.depth(n)));
        bytes32 root = EpochLeaves.hashReward(CLAIMER, EARNED + more, BEFORE);
        for (uint256 level; level < leaf.proof.length; ++level) {
            bytes32 sibling = keccak256(abi.encode(seed, level));
            leaf.proof[level] = sibling;
            root = (index >> level) & 1 == 0
                ? OrderedMerkle.hashNode(root, sibling)
                : OrderedMerkle.hashNode(sibling, root);
        }
        IRewardsDistributor.Proposal memory proposal = _next(2 * BEFORE + more);
        (proposal.root, proposal.accounts) = (root, n);
        uint256 epoch = _propose(proposal);
        vm.warp(rewards.epochOf(epoch).activatesAt);
        rewards.activate(epoch);
        rewards.claim(CLAIMER, leaf);
    }

    function _sumTree(uint32 n, uint128 more, uint256 seed) private {
        SumTreeDistributor.Claim memory leaf = SumTreeDistributor.Claim(EARNED + more, n * 2 / 3, "");
        for (uint256 level; level < OrderedMerkle.depth(n); ++level) {
            leaf.proof =
                abi.encodePacked(leaf.proof, keccak256(abi.encode(seed, level)), BEFORE >> (20 - level));
        }
        (bytes32 root, uint256 sum) = sums.fold(
            keccak256(abi.encodePacked(bytes1(0x00), CLAIMER)), leaf.cumulative, leaf.index, leaf.proof
        );
        sums.setEpoch(root, uint96(sum), n);
        sums.claim(CLAIMER, leaf);
    }

    /// forge-config: default.isolate = true
    function test_a_claim_over_our_tree_costs_less_than_over_a_sum_tree() public {
        for (uint256 i; i < sizes.length; ++i) {
            uint128 more = uint128((i + 1) * 1e19 + 7);
            _ours(sizes[i], more, i);
            uint256 ours = vm.lastCallGas().gasTotalUsed;
            _sumTree(sizes[i], more, i);
            uint256 sumTree = vm.lastCallGas().gasTotalUsed;
            emit Compared(sizes[i], ours, sumTree);
            vm.assertLe(ours, sumTree, "ours is the cheaper one");
        }
    }
}
