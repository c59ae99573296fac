// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderedMerkle} from "../src/libraries/OrderedMerkle.sol";
import {TestBase} from "./Base.sol";
import {OrderedTree} from "./OrderedTree.sol";

contract OrderedMerkleTest is TestBase {
    function verify(bytes32 root, uint256 n, uint256 index, bytes32 leafHash, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return OrderedMerkle.verify(root, n, index, leafHash, proof);
    }

    function _leaves(uint256 n, uint256 seed) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            leaves[i] = OrderedMerkle.hashLeaf(abi.encode(seed, i));
        }
    }

    function test_hashLeaf_prefixes_the_bytes_with_zero() public pure {
        vm.assertEq(OrderedMerkle.hashLeaf(""), keccak256(hex"00"), "empty");
        vm.assertEq(OrderedMerkle.hashLeaf("leaf"), keccak256(bytes.concat(hex"00", "leaf")), "bytes");
    }

    function test_hashNode_prefixes_two_children_with_one() public pure {
        bytes32 a = keccak256("a");
        bytes32 b = keccak256("b");
        vm.assertEq(OrderedMerkle.hashNode(a, b), keccak256(bytes.concat(hex"01", a, b)), "both");
        vm.assertEq(OrderedMerkle.hashNode(a, 0), keccak256(bytes.concat(hex"01", a, bytes32(0))), "left");
        vm.assertEq(OrderedMerkle.hashNode(0, b), keccak256(bytes.concat(hex"01", bytes32(0), b)), "right");
        vm.assertEq(OrderedMerkle.hashNode(0, 0), bytes32(0), "none");
    }

    function testFuzz_hashNode_leaves_memory_alone(bytes32 a, bytes32 b, bytes calldata data) public pure {
        bytes memory before = data;
        bytes32 node = OrderedMerkle.hashNode(a, b);
        bytes memory next = new bytes(64);
        vm.assertEq(keccak256(before), keccak256(data), "memory before");
        vm.assertEq(keccak256(next), keccak256(new bytes(64)), "memory after is zero");
        if (a != 0 || b != 0) vm.assertEq(node, keccak256(bytes.concat(hex"01", a, b)), "node");
    }

    function test_depth_is_the_logarithm_rounded_up() public pure {
        uint256[9] memory n = [uint256(1), 2, 3, 4, 5, 8, 9, 1_000_000, type(uint32).max];
        uint256[9] memory levels = [uint256(0), 1, 2, 2, 3, 3, 4, 20, 32];
        for (uint256 i; i < n.length; ++i) {
            vm.assertEq(OrderedMerkle.depth(n[i]), levels[i], "levels");
        }
    }

    function test_verify_takes_the_one_leaf_of_a_tree_of_one() public view {
        bytes32 leaf = keccak256("leaf");
        vm.assertTrue(this.verify(leaf, 1, 0, leaf, new bytes32[](0)), "root is the leaf");
        vm.assertTrue(!this.verify(leaf, 1, 1, leaf, new bytes32[](0)), "no second leaf");
        vm.assertTrue(!this.verify(leaf, 0, 0, leaf, new bytes32[](0)), "no leaf in an empty tree");
    }

    function test_verify_pins_a_vector_of_three_leaves() public view {
        bytes32 a = keccak256(hex"00aa");
        bytes32 b = keccak256(hex"00bb");
        bytes32 c = keccak256(hex"00cc");
        bytes32 left = keccak256(bytes.concat(hex"01", a, b));
        bytes32 right = keccak256(bytes.concat(hex"01", c, bytes32(0)));
        bytes32[] memory proof = new bytes32[](2);
        proof[1] = left;
        vm.assertTrue(this.verify(keccak256(bytes.concat(hex"01", left, right)), 3, 2, c, proof), "third");
    }

    function testFuzz_verify_takes_every_leaf_at_its_place_alone(
        uint256 n,
        uint256 i,
        uint256 j,
        uint256 seed
    ) public view {
        n = bound(n, 1, 40);
        i = bound(i, 0, n - 1);
        j = bound(j, 0, n - 1);
        bytes32[] memory leaves = _leaves(n, seed);
        bytes32 root = OrderedTree.rootOf(leaves);
        bytes32[] memory proof = OrderedTree.proofOf(leaves, i);
        vm.assertTrue(this.verify(root, n, i, leaves[i], proof), "at its place");
        if (i != j) {
            vm.assertTrue(!this.verify(root, n, j, leaves[i], proof), "at another place");
            vm.assertTrue(!this.verify(root, n, i, leaves[j], proof), "another leaf");
        }
        vm.assertTrue(!this.verify(~root, n, i, leaves[i], proof), "another root");
        vm.assertTrue(!this.verify(root, n, n, leaves[i], proof), "past the end");
        vm.assertTrue(!this.verify(root, n, i + (uint256(1) << 32), leaves[i], proof), "high bits of index");
    }

    function testFuzz_verify_refuses_every_damaged_sibling(uint256 n, uint256 i, uint256 level, uint256 bit)
        public
        view
    {
        n = bound(n, 2, 40);
        i = bound(i, 0, n - 1);
        bytes32[] memory leaves = _leaves(n, 7);
        bytes32[] memory proof = OrderedTree.proofOf(leaves, i);
        level = bound(level, 0, proof.length - 1);
        proof[level] ^= bytes32(uint256(1) << (bit % 256));
        vm.assertTrue(!this.verify(OrderedTree.rootOf(leaves), n, i, leaves[i], proof), "damaged");
    }

    function test_verify_refuses_a_node_in_place_of_a_leaf() public view {
        bytes32[] memory leaves = _leaves(4, 1);
        bytes32 root = OrderedTree.rootOf(leaves);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = OrderedMerkle.hashNode(leaves[2], leaves[3]);
        bytes32 inner = OrderedMerkle.hashNode(leaves[0], leaves[1]);
        vm.assertTrue(this.verify(root, 2, 0, inner, proof), "only where the tree is declared smaller");
        vm.assertTrue(!this.verify(root, 4, 0, inner, proof), "not in the tree as declared");
        vm.assertTrue(!this.verify(root, 4, 0, root, new bytes32[](0)), "nor the root itself");
    }

    function test_verify_refuses_a_proof_that_is_too_long() public view {
        bytes32[] memory leaves = _leaves(2, 1);
        bytes32[] memory proof = new bytes32[](2);
        proof[0] = leaves[1];
        proof[1] = keccak256("beside the tree");
        bytes32 root = OrderedMerkle.hashNode(OrderedMerkle.hashNode(leaves[0], leaves[1]), proof[1]);
        vm.assertTrue(!this.verify(root, 2, 0, leaves[0], proof), "one level more than the tree has");
    }

    function test_verify_refuses_padding() public view {
        bytes32[] memory leaves = _leaves(3, 1);
        bytes32 root = OrderedTree.rootOf(leaves);
        bytes32[] memory proof = new bytes32[](2);
        proof[0] = leaves[2];
        proof[1] = OrderedMerkle.hashNode(leaves[0], leaves[1]);
        vm.assertTrue(!this.verify(root, 3, 3, 0, proof), "past the end");
        vm.assertTrue(!this.verify(root, 4, 3, 0, proof), "even where it is declared a leaf");
        vm.assertTrue(!this.verify(0, 4, 0, 0, new bytes32[](2)), "nor in an empty tree");
    }
}
