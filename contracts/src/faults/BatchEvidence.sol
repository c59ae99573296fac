// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../interfaces/IInferenceLedger.sol";
import {EpochEvidence} from "./EpochEvidence.sol";

/// @title BatchEvidence
/// @notice Checks evidence against what the ledger remembers of a batch.
abstract contract BatchEvidence is EpochEvidence {
    uint8 internal constant PACKED = 1;
    uint8 internal constant COMMITTED = 2;
    uint256 internal constant RECORD_BYTES = 116;

    function _checkAnchor(uint64 batchId, IInferenceLedger.BatchAnchor calldata anchor) internal view {
        if (ledger.anchorOf(batchId) != keccak256(abi.encode(anchor))) revert WrongAnchor(batchId);
    }

    /// @dev Whether the record is in one of the ranges; reverts unless they are all the skipped ranges of
    /// the batch.
    function _isSkipped(
        uint64 batchId,
        IInferenceLedger.BatchAnchor calldata anchor,
        RecordRange[] calldata ranges,
        uint32 index
    ) internal pure returns (bool skipped) {
        bytes32 hash;
        for (uint256 i; i < ranges.length; ++i) {
            hash = keccak256(abi.encode(hash, ranges[i].first, ranges[i].end));
            if (ranges[i].first <= index && index < ranges[i].end) skipped = true;
        }
        if (hash != anchor.skipped) revert WrongSkippedRanges(batchId);
    }

    /// @dev The first epoch reaches back to the first block, so that its poster cannot leave calls out by
    /// starting late; every other one starts where the one before ended.
    function _isInEpoch(Context calldata context, uint64 blockNumber) internal pure returns (bool) {
        return blockNumber <= context.proposal.toBlock
            && (context.previousEpoch == 0 || blockNumber >= context.proposal.fromBlock);
    }

    function _isRecord(bytes calldata record, bytes32 recordHash) internal pure returns (bool) {
        return record.length == RECORD_BYTES && keccak256(record) == recordHash;
    }

    function _batchOf(uint96 callKey) internal pure returns (uint64) {
        // The number of the batch is all that is left.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(callKey >> 32);
    }

    function _indexOf(uint96 callKey) internal pure returns (uint32) {
        // Truncation is how the index is cut out.
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint32(callKey);
    }
}
