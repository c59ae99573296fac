// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What the ledger remembers of a batch
interface IBatchAnchors {
    /// @notice What `anchorOf` hashes.
    struct BatchAnchor {
        /// 1 packed, 2 committed, 3 committed and settled.
        uint8 mode;
        address operator;
        /// Block of `recordBatch`, `commitBatch` or `settle`.
        uint64 blockNumber;
        /// Time of that block, unix seconds.
        uint64 recordedAt;
        /// Records, those of skipped lanes included.
        uint32 calls;
        /// keccak256 of the packed records, or the root of the `OrderedMerkle` tree over them.
        bytes32 digest;
        /// Hash of the skipped record ranges: s_0 = 0, s_n = keccak256(abi.encode(s_(n-1), first, end)).
        bytes32 skipped;
    }

    /// @notice keccak256 of the ABI encoding of the anchor; zero if there is no such batch or it was dropped.
    function anchorOf(uint256 batchId) external view returns (bytes32);
}
