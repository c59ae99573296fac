// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {OrderedMerkle} from "../src/libraries/OrderedMerkle.sol";
import {TestBase} from "./Base.sol";

contract EpochLeavesTest is TestBase {
    function test_a_reward_leaf_is_52_bytes() public pure {
        bytes memory leaf =
            hex"00000000000000000000000000000000000a11ce0000000000000000000000000000000700000000000000000000000000000009";
        vm.assertEq(leaf.length, 52, "length");
        vm.assertEq(
            EpochLeaves.hashReward(address(0xa11ce), 7, 9), OrderedMerkle.hashLeaf(leaf), "from fields"
        );
        vm.assertEq(
            EpochLeaves.hashReward(EpochLeaves.RewardLeaf(address(0xa11ce), 7, 9)),
            OrderedMerkle.hashLeaf(leaf),
            "from the struct"
        );
    }

    function test_a_credit_leaf_is_64_bytes_and_still_no_node() public pure {
        bytes memory leaf =
            hex"00000000000000000000000000000000000a11ce0000000000000002000000030000000000000000000000000000000700000000000000000000000000000009";
        vm.assertEq(leaf.length, 64, "length");
        bytes32 hash =
            EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(address(0xa11ce), EpochLeaves.callKey(2, 3), 7, 9));
        vm.assertEq(hash, OrderedMerkle.hashLeaf(leaf), "leaf");
        (bytes32 left, bytes32 right) = abi.decode(leaf, (bytes32, bytes32));
        vm.assertTrue(hash != OrderedMerkle.hashNode(left, right), "a node over the same bytes differs");
    }

    function testFuzz_a_call_leaf_is_76_bytes(uint64 batchId, uint32 index, bytes32 record, bytes32 weights)
        public
        pure
    {
        bytes memory leaf = bytes.concat(bytes8(batchId), bytes4(index), record, weights);
        vm.assertEq(leaf.length, 76, "length");
        vm.assertEq(
            EpochLeaves.hashCall(EpochLeaves.CallLeaf(EpochLeaves.callKey(batchId, index), record, weights)),
            OrderedMerkle.hashLeaf(leaf),
            "leaf"
        );
    }

    function testFuzz_call_keys_sort_like_batch_then_index(uint64 a, uint32 i, uint64 b, uint32 j)
        public
        pure
    {
        bool less = a < b || (a == b && i < j);
        vm.assertTrue((EpochLeaves.callKey(a, i) < EpochLeaves.callKey(b, j)) == less, "order");
    }

    function test_weights_are_hashed_as_one_encoded_struct() public pure {
        EpochLeaves.CallWeights memory weights;
        weights.influence = new address[](1);
        weights.influence[0] = address(0xa11ce);
        weights.influenceWeights = new uint128[](1);
        weights.influenceWeights[0] = 5;
        vm.assertEq(
            EpochLeaves.hashWeights(weights),
            keccak256(
                bytes.concat(
                    abi.encode(0x20, 0x80, 0xc0, 0x100, 0x120), abi.encode(1, address(0xa11ce), 1, 5, 0, 0)
                )
            ),
            "encoding"
        );
    }
}
