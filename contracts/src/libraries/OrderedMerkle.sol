// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Merkle tree over leaves in a given order
/// @notice The position of a leaf is proven with it, so two proofs show that two leaves are neighbours, and
/// two neighbours show that nothing lies between them. Leaves and nodes are hashed with different prefixes,
/// so neither can pass for the other. A missing leaf is zero and so is a node of two missing children:
/// filling up to a power of two is free, and no proof can ever start from it.
library OrderedMerkle {
    /// @notice Hash of the bytes of a leaf.
    /// @param leaf Packed fields.
    /// @return The leaf hash.
    function hashLeaf(bytes memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), leaf));
    }

    /// @notice Hash of two children, zero only if both are missing.
    /// @param left Child at the even place, zero if missing.
    /// @param right Child at the odd place, zero if missing.
    /// @return node Hash of the parent, zero if it is missing too.
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
    /// @return levels Length of every proof.
    function depth(uint256 n) internal pure returns (uint256 levels) {
        while ((uint256(1) << levels) < n) ++levels;
    }

    /// @notice Whether the leaf at `index` of the tree of `n` leaves under `root` hashes to `leafHash`.
    /// @param root Root of the tree.
    /// @param n Leaves of the tree.
    /// @param index Place of the leaf, from 0.
    /// @param leafHash `hashLeaf` of the leaf; zero is never a leaf.
    /// @param proof Siblings from the leaf up; exactly `depth(n)` of them.
    /// @return True if so.
    function verify(bytes32 root, uint256 n, uint256 index, bytes32 leafHash, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        uint256 levels = proof.length;
        if (leafHash == 0 || index >= n || (n - 1) >> levels != 0) return false;
        if (levels != 0 && (n - 1) >> (levels - 1) == 0) return false;
        return _fold(leafHash, index, proof) == root;
    }

    /// @dev `hashNode` over and over; a node on the path is never zero, so neither is its parent.
    function _fold(bytes32 node, uint256 index, bytes32[] calldata proof) private pure returns (bytes32) {
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            mstore8(0x00, 0x01)
            let end := add(proof.offset, shl(5, proof.length))
            for { let at := proof.offset } lt(at, end) { at := add(at, 0x20) } {
                // The left child lies at 0x01, the right one at 0x21.
                let right := shl(5, and(index, 1))
                mstore(add(0x01, right), node)
                mstore(sub(0x21, right), calldataload(at))
                node := keccak256(0x00, 0x41)
                index := shr(1, index)
            }
            mstore(0x40, pointer)
        }
        return node;
    }
}
