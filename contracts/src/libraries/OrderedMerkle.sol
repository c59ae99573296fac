// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Merkle tree over leaves in a given order
/// @notice The position of a leaf is proven with it, so two proofs show that two leaves are neighbours, and
/// two neighbours show that nothing lies between them. Leaves and nodes are hashed with different prefixes,
/// so neither can pass for the other. A missing leaf is zero and so is a node of two missing children:
/// filling up to a power of two is free, and no proof can ever start from it.
library OrderedMerkle {
    /// @notice Hash of the bytes of a leaf.
    function hashLeaf(bytes memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), leaf));
    }

    /// @notice Hash of two children, zero only if both are missing.
    function hashNode(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        if (left == 0 && right == 0) return 0;
        assembly ("memory-safe") {
            // 65 bytes over the scratch space and the first byte of the free memory pointer, which is put
            // back; allocating instead costs about 90 gas on every level of every proof.
            let pointer := mload(0x40)
            mstore8(0x00, 0x01)
            mstore(0x01, left)
            mstore(0x21, right)
            node := keccak256(0x00, 0x41)
            mstore(0x40, pointer)
        }
    }

    /// @notice Levels between a leaf and the root: ceil(log2(n)).
    /// @param n Leaves of the tree, from 1 to 2^32 - 1.
    function depth(uint256 n) internal pure returns (uint256 levels) {
        while ((uint256(1) << levels) < n) ++levels;
    }

    /// @notice Whether the leaf at `index` of the tree of `n` leaves under `root` hashes to `leafHash`.
    /// @param proof Siblings from the leaf up; exactly `depth(n)` of them.
    function verify(bytes32 root, uint256 n, uint256 index, bytes32 leafHash, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        if (leafHash == 0 || index >= n || proof.length != depth(n)) return false;
        bytes32 node = leafHash;
        for (uint256 level; level < proof.length; ++level) {
            bytes32 sibling = proof[level];
            node = (index >> level) & 1 == 0 ? hashNode(node, sibling) : hashNode(sibling, node);
        }
        return node == root;
    }
}
