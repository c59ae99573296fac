// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev The tree of `OrderedMerkle` by its definition, without the library: a list is filled up with zeros
/// and folded level by level.
library OrderedTree {
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        while (leaves.length > 1) leaves = _parents(leaves);
        return leaves[0];
    }

    function proofOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory proof) {
        uint256 levels;
        for (uint256 width = 1; width < leaves.length; width *= 2) {
            ++levels;
        }
        proof = new bytes32[](levels);
        for (uint256 level; level < levels; ++level) {
            uint256 sibling = index % 2 == 0 ? index + 1 : index - 1;
            proof[level] = sibling < leaves.length ? leaves[sibling] : bytes32(0);
            leaves = _parents(leaves);
            index /= 2;
        }
    }

    function _parents(bytes32[] memory nodes) private pure returns (bytes32[] memory parents) {
        parents = new bytes32[]((nodes.length + 1) / 2);
        for (uint256 i; i < parents.length; ++i) {
            bytes32 right = 2 * i + 1 < nodes.length ? nodes[2 * i + 1] : bytes32(0);
            if (nodes[2 * i] != 0 || right != 0) {
                parents[i] = keccak256(bytes.concat(hex"01", nodes[2 * i], right));
            }
        }
    }
}
