// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Leaves of the three trees of an epoch
/// @notice Each function returns the leaf hash of `OrderedMerkle` (prefix 0x00) over the packed fields.
/// `before` is the sum of the amounts of all leaves to the left, so two proofs give the sum of a range.
library EpochLeaves {
    /// @notice What an account has earned over all epochs; sorted by account, strictly ascending.
    struct RewardLeaf {
        address account;
        uint128 cumulative;
        uint128 before;
    }

    /// @notice What an account gets of one call over all its roles; sorted by (account, callKey), strictly
    /// ascending, amount > 0.
    struct CreditLeaf {
        address account;
        uint96 callKey;
        uint128 amount;
        uint128 before;
    }

    /// @notice One call of the epoch; sorted by callKey, strictly ascending.
    struct CallLeaf {
        uint96 callKey;
        /// keccak256 of the 116-byte record of codec 1.
        bytes32 recordHash;
        /// `hashWeights` of what the engine attributed.
        bytes32 weightsHash;
    }

    /// @notice Accounts strictly ascending, weights > 0 and summed per account.
    struct CallWeights {
        /// The accounts of the rows that stood out, or of all rows if none did.
        address[] influence;
        uint128[] influenceWeights;
        /// The accounts of the retrieved rows; if there are none, their part goes to `influence`.
        address[] retrieval;
        uint128[] retrievalWeights;
    }

    /// @notice Names a call: the number of its batch, then its index in it.
    /// @param batchId Number of the batch.
    /// @param index Place of the call in its batch, from 0.
    /// @return Batch in the high 64 bits, index in the low 32.
    function callKey(uint64 batchId, uint32 index) internal pure returns (uint96) {
        return (uint96(batchId) << 32) | index;
    }

    /// @notice Leaf hash of account 20 ‖ cumulative 16 ‖ before 16.
    /// @param account Who earned it.
    /// @param cumulative What it earned over all epochs, base units.
    /// @param before Sum of the leaves to the left, base units.
    /// @return The leaf hash.
    function hashReward(address account, uint128 cumulative, uint128 before) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), account, cumulative, before));
    }

    /// @notice Leaf hash of account 20 ‖ cumulative 16 ‖ before 16.
    /// @param leaf The fields.
    /// @return The leaf hash.
    function hashReward(RewardLeaf memory leaf) internal pure returns (bytes32) {
        return hashReward(leaf.account, leaf.cumulative, leaf.before);
    }

    /// @notice Leaf hash of account 20 ‖ callKey 12 ‖ amount 16 ‖ before 16.
    /// @param leaf The fields.
    /// @return The leaf hash.
    function hashCredit(CreditLeaf memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), leaf.account, leaf.callKey, leaf.amount, leaf.before));
    }

    /// @notice Leaf hash of callKey 12 ‖ recordHash 32 ‖ weightsHash 32.
    /// @param leaf The fields.
    /// @return The leaf hash.
    function hashCall(CallLeaf memory leaf) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), leaf.callKey, leaf.recordHash, leaf.weightsHash));
    }

    /// @notice keccak256 of the ABI encoding of the struct.
    /// @param weights What the engine attributed to one call.
    /// @return The hash.
    function hashWeights(CallWeights memory weights) internal pure returns (bytes32) {
        return keccak256(abi.encode(weights));
    }
}
