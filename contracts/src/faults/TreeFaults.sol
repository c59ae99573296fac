// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {OrderedMerkle} from "../libraries/OrderedMerkle.sol";
import {EpochEvidence} from "./EpochEvidence.sol";
import {FaultKinds} from "./FaultKinds.sol";

/// @title TreeFaults
/// @notice Kinds 2 and 10: a tree whose leaves are not in strictly ascending order, or not there.
abstract contract TreeFaults is EpochEvidence {
    /// @inheritdoc IEpochFaults
    function misorderedAccounts(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata left,
        RewardProof calldata right
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkReward(context, left);
        _checkReward(context, right);
        _checkAdjacent(Tree.Rewards, left.index, right.index);
        if (left.account < right.account) revert NoFault(FaultKinds.MISORDERED_ACCOUNTS);
        return _found(epoch, context, FaultKinds.MISORDERED_ACCOUNTS);
    }

    /// @inheritdoc IEpochFaults
    function misorderedCredits(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata left,
        CreditProof calldata right
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkCredit(context, left);
        _checkCredit(context, right);
        _checkAdjacent(Tree.Credits, left.index, right.index);
        if (_creditKey(left.account, left.callKey) < _creditKey(right.account, right.callKey)) {
            revert NoFault(FaultKinds.MISORDERED_LEAVES);
        }
        return _found(epoch, context, FaultKinds.MISORDERED_LEAVES);
    }

    /// @inheritdoc IEpochFaults
    function misorderedCalls(
        uint256 epoch,
        Context calldata context,
        CallProof calldata left,
        CallProof calldata right
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        _checkCall(context, left);
        _checkCall(context, right);
        _checkAdjacent(Tree.Calls, left.index, right.index);
        if (left.callKey < right.callKey) revert NoFault(FaultKinds.MISORDERED_LEAVES);
        return _found(epoch, context, FaultKinds.MISORDERED_LEAVES);
    }

    /// @inheritdoc IEpochFaults
    function missingLeaf(
        uint256 epoch,
        Context calldata context,
        Tree tree,
        uint32 index,
        bytes32[] calldata proof
    ) external view proposedWith(epoch, context) returns (Finding memory) {
        (bytes32 root, uint32 leaves) = _treeOf(context.proposal, tree);
        if (index >= leaves || proof.length != OrderedMerkle.depth(leaves)) revert InvalidLeaf(tree, index);
        bytes32 node;
        for (uint256 level; level < proof.length; ++level) {
            bytes32 sibling = proof[level];
            node = (index >> level) & 1 == 0
                ? OrderedMerkle.hashNode(node, sibling)
                : OrderedMerkle.hashNode(sibling, node);
        }
        if (node != root) revert InvalidLeaf(tree, index);
        return _found(
            epoch,
            context,
            tree == Tree.Rewards ? FaultKinds.MISORDERED_ACCOUNTS : FaultKinds.MISORDERED_LEAVES
        );
    }

    function _treeOf(IRewardsDistributor.Proposal calldata proposal, Tree tree)
        private
        pure
        returns (bytes32 root, uint32 leaves)
    {
        if (tree == Tree.Rewards) return (proposal.root, proposal.accounts);
        if (tree == Tree.Credits) return (proposal.creditsRoot, proposal.credits);
        if (tree == Tree.Calls) return (proposal.callsRoot, proposal.calls);
        // The previous root is not the accused poster's.
        revert InvalidLeaf(tree, 0);
    }
}
