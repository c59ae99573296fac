// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {OrderedMerkle} from "../src/libraries/OrderedMerkle.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

/// @dev What whole transactions cost, calldata and all, with a million accounts. Only the path to one leaf
/// exists: the siblings are arbitrary hashes, as they are to the contract. The goals are those of the docs.
contract RewardsGasTest is RewardsFixture {
    // Every byte of an address and of a hash costs more than a zero.
    address private constant CLAIMER = 0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984;
    uint32 private constant ACCOUNTS = 1_000_000;
    uint32 private constant INDEX = 699_050;
    uint128 private constant EARNED = 1.234567890123456789e21;
    uint128 private constant BEFORE = 4.234567890123456789e23;
    uint128 private constant TOTAL = 9.234567890123456789e23;

    IRewardsDistributor.Proposal[2] private proposals;
    IRewardsDistributor.Claim[2] private leaves;

    function setUp() public {
        _deploy();
        rewards.fund(1e24);
        for (uint256 i; i < 2; ++i) {
            uint128 more = uint128(i * 1e20);
            bytes32 root;
            (root, leaves[i]) = _path(EARNED + more, BEFORE + more, i);
            uint64 fromBlock = uint64(100 + i);
            IRewardsDistributor.Proposal memory p =
                _proposal(root, TOTAL + more, ACCOUNTS, fromBlock, fromBlock);
            (p.credits, p.calls) = (3_000_000, 1_000_000);
            proposals[i] = p;
        }
        vm.roll(1000);
    }

    function _path(uint128 cumulative, uint128 before, uint256 seed)
        private
        pure
        returns (bytes32 root, IRewardsDistributor.Claim memory leaf)
    {
        uint256 levels = OrderedMerkle.depth(ACCOUNTS);
        leaf = IRewardsDistributor.Claim(cumulative, before, INDEX, new bytes32[](levels));
        root = EpochLeaves.hashReward(CLAIMER, cumulative, before);
        for (uint256 level; level < levels; ++level) {
            bytes32 sibling = keccak256(abi.encode(seed, level));
            leaf.proof[level] = sibling;
            root = (INDEX >> level) & 1 == 0
                ? OrderedMerkle.hashNode(root, sibling)
                : OrderedMerkle.hashNode(sibling, root);
        }
    }

    /// @dev Proposes and activates; the sum of both transactions.
    function _post(uint256 i) private returns (uint256 used) {
        uint256 opened = vm.getBlockTimestamp();
        IRewardsDistributor.Proposal memory proposal = proposals[i];
        uint256 epoch = _propose(proposal);
        used = vm.lastCallGas().gasTotalUsed;
        vm.warp(opened + WINDOW);
        rewards.activate(epoch);
        used += vm.lastCallGas().gasTotalUsed;
    }

    function _take(uint256 i) private returns (uint256) {
        IRewardsDistributor.Claim memory leaf = leaves[i];
        rewards.claim(CLAIMER, leaf);
        return vm.lastCallGas().gasTotalUsed;
    }

    /// forge-config: default.isolate = true
    function test_later_claims_and_epochs_stay_within_their_gas() public {
        vm.assertLe(_post(0), 183_000, "first propose and activate");
        vm.assertLe(_take(0), 108_000, "first claim ever");
        vm.assertLe(_post(1), 150_000, "later propose and activate");
        vm.assertLe(_take(1), 74_000, "later claim");
    }
}
