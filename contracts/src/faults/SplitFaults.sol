// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {BatchEvidence} from "./BatchEvidence.sol";
import {FaultKinds} from "./FaultKinds.sol";

/// @title SplitFaults
/// @notice Kind 6: credits that are not the split of a call.
abstract contract SplitFaults is BatchEvidence {
    uint16 private constant WHOLE_BPS = 10_000;

    /// @inheritdoc IEpochFaults
    function wrongSplit(uint256 epoch, Context calldata context, WrongSplit calldata evidence)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        CallProof calldata call = evidence.call;
        _checkCall(context, call);
        _checkAnchor(_batchOf(call.callKey), evidence.anchor);
        bytes calldata record = evidence.record;
        if (!_isRecord(record, call.recordHash)) revert WrongRecord(call.recordHash);
        if (keccak256(abi.encode(evidence.weights)) != call.weightsHash) {
            revert WrongWeights(call.weightsHash);
        }

        (IModelRegistry.Terms memory terms, FeeSplit.Payees memory payees) =
            _termsOf(record, evidence.anchor.recordedAt);
        uint96 fee = uint96(bytes12(record[28:40]));
        if (FeeSplit.isWellFormed(fee, terms, evidence.weights)) {
            uint256 due = FeeSplit.amountOf(evidence.account, fee, terms, payees, evidence.weights);
            if (due == _creditedFor(context, evidence.credit, evidence.account, call.callKey)) {
                revert NoFault(FaultKinds.WRONG_SPLIT);
            }
        }
        return _found(epoch, context, FaultKinds.WRONG_SPLIT);
    }

    /// @inheritdoc IEpochFaults
    function creditWithoutCall(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata credit,
        CallProof[] calldata neighbours
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkCredit(context, credit);
        _checkAbsentCall(context, neighbours, credit.callKey);
        return _found(epoch, context, FaultKinds.WRONG_SPLIT);
    }

    /// @dev Terms set when or after the call was recorded do not bind it: a model's owner could change the
    /// split of an epoch that is proposed already.
    function _termsOf(bytes calldata record, uint64 recordedAt)
        private
        view
        returns (IModelRegistry.Terms memory terms, FeeSplit.Payees memory payees)
    {
        IRewardsDistributor.Payees memory fixedPayees = rewards.payees();
        payees.platform = fixedPayees.platform;
        payees.stakers = fixedPayees.stakers;
        uint256 modelId = uint32(bytes4(record[20:24]));
        terms = models.termsOf(modelId, uint16(bytes2(record[26:28])));
        if (terms.validFrom != 0 && terms.validFrom < recordedAt) {
            payees.owner = models.modelOf(modelId).owner;
        } else {
            terms = IModelRegistry.Terms(0, 0, WHOLE_BPS, 0, 0, 0, 0, 0);
        }
    }
}
