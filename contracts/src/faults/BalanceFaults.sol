// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {EpochEvidence} from "./EpochEvidence.sol";
import {FaultKinds} from "./FaultKinds.sol";

/// @title BalanceFaults
/// @notice Kinds 1, 3, 4 and 5: balances that do not follow from the previous ones and the credits.
abstract contract BalanceFaults is EpochEvidence {
    /// @inheritdoc IEpochFaults
    function decreasedCumulative(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata previous,
        RewardProof calldata current
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkPrevious(_previous(context), previous);
        _checkReward(context, current);
        if (previous.account != current.account) revert LeavesDiffer();
        if (current.cumulative >= previous.cumulative) revert NoFault(FaultKinds.DECREASED_CUMULATIVE);
        return _found(epoch, context, FaultKinds.DECREASED_CUMULATIVE);
    }

    /// @inheritdoc IEpochFaults
    function sumMismatch(uint256 epoch, Context calldata context, RewardProof[] calldata leaves)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        if (leaves.length == 0 || leaves.length > 2) revert WrongLeafCount(leaves.length);
        RewardProof calldata left = leaves[0];
        _checkReward(context, left);
        uint256 end = uint256(left.before) + left.cumulative;
        bool wrong;
        if (leaves.length == 2) {
            _checkReward(context, leaves[1]);
            _checkAdjacent(Tree.Rewards, left.index, leaves[1].index);
            wrong = end != leaves[1].before;
        } else {
            IRewardsDistributor.Proposal calldata proposal = context.proposal;
            wrong = _isWrongEdge(left.index, proposal.accounts, left.before, end, proposal.totalEarned);
        }
        if (!wrong) revert NoFault(FaultKinds.SUM_MISMATCH);
        return _found(epoch, context, FaultKinds.SUM_MISMATCH);
    }

    /// @inheritdoc IEpochFaults
    function creditSumMismatch(uint256 epoch, Context calldata context, CreditProof[] calldata leaves)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        if (leaves.length == 0 || leaves.length > 2) revert WrongLeafCount(leaves.length);
        CreditProof calldata left = leaves[0];
        _checkCredit(context, left);
        uint256 end = uint256(left.before) + left.amount;
        bool wrong;
        if (leaves.length == 2) {
            _checkCredit(context, leaves[1]);
            _checkAdjacent(Tree.Credits, left.index, leaves[1].index);
            wrong = end != leaves[1].before;
        } else {
            wrong = _isWrongEdge(left.index, context.proposal.credits, left.before, end, _earnedNow(context));
        }
        if (!wrong) revert NoFault(FaultKinds.SUM_MISMATCH);
        return _found(epoch, context, FaultKinds.SUM_MISMATCH);
    }

    /// @inheritdoc IEpochFaults
    function omittedAccount(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata previous,
        RewardProof[] calldata neighbours
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkPrevious(_previous(context), previous);
        // A leaf of nothing may come and go: it changes no balance.
        if (previous.cumulative == 0) revert NoFault(FaultKinds.OMITTED_ACCOUNT);
        _checkAbsentAccount(context, neighbours, previous.account);
        return _found(epoch, context, FaultKinds.OMITTED_ACCOUNT);
    }

    /// @inheritdoc IEpochFaults
    function omittedCreditor(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata credit,
        RewardProof[] calldata neighbours
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkCredit(context, credit);
        if (credit.amount == 0) revert NoFault(FaultKinds.OMITTED_ACCOUNT);
        _checkAbsentAccount(context, neighbours, credit.account);
        return _found(epoch, context, FaultKinds.OMITTED_ACCOUNT);
    }

    /// @inheritdoc IEpochFaults
    function wrongDelta(uint256 epoch, Context calldata context, WrongDelta calldata evidence)
        external
        view
        proposedWith(epoch, context)
        returns (Finding memory)
    {
        address account = evidence.current.account;
        _checkReward(context, evidence.current);
        uint256 expected = _earnedBefore(context, evidence.previous, account)
            + _sumTo(context, evidence.end, account, true) - _sumTo(context, evidence.start, account, false);
        if (evidence.current.cumulative == expected) revert NoFault(FaultKinds.WRONG_DELTA);
        return _found(epoch, context, FaultKinds.WRONG_DELTA);
    }

    /// @dev Sum of the credits of all accounts below `account`, its own included or not, from the leaves
    /// around that place.
    function _sumTo(Context calldata context, CreditProof[] calldata around, address account, bool included)
        private
        pure
        returns (uint256)
    {
        if (around.length == 0 || around.length > 2) revert WrongLeafCount(around.length);
        CreditProof calldata first = around[0];
        _checkCredit(context, first);
        bool isBelow = _isBelow(first.account, account, included);
        if (around.length == 2) {
            CreditProof calldata second = around[1];
            _checkCredit(context, second);
            _checkAdjacent(Tree.Credits, first.index, second.index);
            if (!isBelow || _isBelow(second.account, account, included)) revert NotAround(Tree.Credits);
            return second.before;
        }
        if (first.index == 0 && !isBelow) return first.before;
        if (uint256(first.index) + 1 == context.proposal.credits && isBelow) {
            return uint256(first.before) + first.amount;
        }
        revert NotAround(Tree.Credits);
    }

    function _isBelow(address leaf, address account, bool included) private pure returns (bool) {
        return leaf < account || (included && leaf == account);
    }

    /// @dev What this epoch adds to the total.
    function _earnedNow(Context calldata context) private view returns (uint256) {
        uint256 total = context.proposal.totalEarned;
        return context.previousEpoch == 0 ? total : total - _previous(context).totalEarned;
    }

    function _isWrongEdge(uint32 index, uint32 leaves, uint256 before, uint256 end, uint256 total)
        private
        pure
        returns (bool)
    {
        return (index == 0 && before != 0) || (uint256(index) + 1 == leaves && end != total);
    }
}
