// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {EpochEvidence} from "./EpochEvidence.sol";
import {FaultKinds} from "./FaultKinds.sol";

/// @title BlockFaults
/// @notice Kind 9: an epoch that was computed from another chain.
abstract contract BlockFaults is EpochEvidence {
    /// @dev System contract of EIP-2935: takes a block number, returns its hash, for the last 8,191 blocks.
    address private constant BLOCK_HASHES = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @inheritdoc IEpochFaults
    function wrongBlockHash(uint256 epoch, Context calldata context)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        uint64 toBlock = context.proposal.toBlock;
        bytes32 actual = blockhash(toBlock);
        if (actual == 0) actual = _fromHistory(toBlock);
        if (actual == 0) revert BlockHashUnavailable(toBlock);
        if (actual == context.proposal.toBlockHash) revert NoFault(FaultKinds.WRONG_BLOCK_HASH);
        return _found(epoch, context, FaultKinds.WRONG_BLOCK_HASH);
    }

    /// @dev Zero where the system contract is missing, was not active yet at that block, or no longer has
    /// its hash.
    function _fromHistory(uint256 blockNumber) private view returns (bytes32 hash) {
        (bool success, bytes memory result) = BLOCK_HASHES.staticcall(abi.encode(blockNumber));
        if (success && result.length == 32) hash = abi.decode(result, (bytes32));
    }
}
