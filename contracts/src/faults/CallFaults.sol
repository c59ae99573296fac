// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../interfaces/IInferenceLedger.sol";
import {OrderedMerkle} from "../libraries/OrderedMerkle.sol";
import {BatchEvidence} from "./BatchEvidence.sol";
import {FaultKinds} from "./FaultKinds.sol";

/// @title CallFaults
/// @notice Kinds 7 and 8: calls that are not those of the ledger.
abstract contract CallFaults is BatchEvidence {
    /// @inheritdoc IEpochFaults
    function falseCall(uint256 epoch, Context calldata context, FalseCall calldata evidence)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        // A field, not a call.
        // solhint-disable-next-line no-unchecked-calls
        _checkCall(context, evidence.call);
        if (!_isFalse(context, evidence)) revert NoFault(FaultKinds.FALSE_CALL);
        return _found(epoch, context, FaultKinds.FALSE_CALL);
    }

    /// @inheritdoc IEpochFaults
    function omittedCall(uint256 epoch, Context calldata context, OmittedCall calldata evidence)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        uint96 callKey = evidence.callKey;
        uint64 batchId = _batchOf(callKey);
        uint32 index = _indexOf(callKey);
        IInferenceLedger.BatchAnchor calldata anchor = evidence.anchor;
        _checkAnchor(batchId, anchor);
        if (
            anchor.mode == COMMITTED || index >= anchor.calls || !_isInEpoch(context, anchor.blockNumber)
                || _isSkipped(batchId, anchor, evidence.skipped, index)
        ) revert NoFault(FaultKinds.OMITTED_CALL);
        if (anchor.mode != PACKED) _checkSibling(context, evidence.sibling, batchId);
        _checkAbsentCall(context, evidence.neighbours, callKey);
        return _found(epoch, context, FaultKinds.OMITTED_CALL);
    }

    function _isFalse(Context calldata context, FalseCall calldata evidence) private view returns (bool) {
        uint64 batchId = _batchOf(evidence.call.callKey);
        uint32 index = _indexOf(evidence.call.callKey);
        if (ledger.anchorOf(batchId) == 0) return true;
        IInferenceLedger.BatchAnchor calldata anchor = evidence.anchor;
        _checkAnchor(batchId, anchor);
        if (anchor.mode == COMMITTED || index >= anchor.calls || !_isInEpoch(context, anchor.blockNumber)) {
            return true;
        }
        bytes calldata data = evidence.data;
        if (anchor.mode != PACKED) {
            bytes32 leafHash = OrderedMerkle.hashLeaf(data);
            if (!OrderedMerkle.verify(anchor.digest, anchor.calls, index, leafHash, evidence.recordProof)) {
                revert WrongData(batchId);
            }
            return !_isRecord(data, evidence.call.recordHash);
        }
        if (evidence.skipped.length != 0) return _isSkipped(batchId, anchor, evidence.skipped, index);
        if (keccak256(data) != anchor.digest) revert WrongData(batchId);
        uint256 start = uint256(index) * RECORD_BYTES;
        return !_isRecord(data[start:start + RECORD_BYTES], evidence.call.recordHash);
    }

    /// @dev The body of a settled batch is not on the chain. An operator could keep it back until an epoch
    /// without it is proposed, so only a poster that had the body can be blamed for a missing call.
    function _checkSibling(Context calldata context, CallProof[] calldata sibling, uint64 batchId)
        private
        pure
    {
        if (sibling.length != 1) revert WrongLeafCount(sibling.length);
        _checkCall(context, sibling[0]);
        if (_batchOf(sibling[0].callKey) != batchId) revert LeavesDiffer();
    }
}
