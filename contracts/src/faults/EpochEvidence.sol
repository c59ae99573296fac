// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../interfaces/IInferenceLedger.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IRewardsDistributor} from "../interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../libraries/EpochLeaves.sol";
import {OrderedMerkle} from "../libraries/OrderedMerkle.sol";

/// @title EpochEvidence
/// @notice What every fault proof starts from.
/// @dev Checks that evidence is genuine: the context is the epoch's, leaves are in its trees, and leaves
/// that should be around a place are.
abstract contract EpochEvidence is IEpochFaults {
    /// @inheritdoc IEpochFaults
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IEpochFaults
    IInferenceLedger public immutable ledger;
    /// @inheritdoc IEpochFaults
    IModelRegistry public immutable models;

    /// @notice Fixes where the evidence is looked up.
    /// @param rewards_ Whose epochs these are.
    /// @param ledger_ Where the calls are recorded.
    /// @param models_ Where the terms are set.
    constructor(IRewardsDistributor rewards_, IInferenceLedger ledger_, IModelRegistry models_) {
        if (
            address(rewards_) == address(0) || address(ledger_) == address(0)
                || address(models_) == address(0)
        ) revert ZeroAddress();
        rewards = rewards_;
        ledger = ledger_;
        models = models_;
    }

    /// @dev Reverts unless the epoch was proposed with this context.
    modifier proposedWith(uint256 epoch, Context calldata context) {
        _checkContext(epoch, context);
        _;
    }

    function _found(uint256 epoch, Context calldata context, uint8 kind)
        internal
        pure
        returns (Finding memory)
    {
        return Finding(epoch, context.poster, kind);
    }

    /// @dev The epoch that the accused one follows; reverts if it is the first.
    function _previous(Context calldata context) internal view returns (IRewardsDistributor.Epoch memory) {
        if (context.previousEpoch == 0) revert NoPreviousEpoch();
        return rewards.epochOf(context.previousEpoch);
    }

    function _checkReward(Context calldata context, RewardProof calldata leaf) internal pure {
        _checkReward(context.proposal.root, context.proposal.accounts, leaf, Tree.Rewards);
    }

    function _checkPrevious(IRewardsDistributor.Epoch memory previous, RewardProof calldata leaf)
        internal
        pure
    {
        _checkReward(previous.root, previous.accounts, leaf, Tree.PreviousRewards);
    }

    function _checkCredit(Context calldata context, CreditProof calldata leaf) internal pure {
        IRewardsDistributor.Proposal calldata proposal = context.proposal;
        bytes32 leafHash = EpochLeaves.hashCredit(
            EpochLeaves.CreditLeaf(leaf.account, leaf.callKey, leaf.amount, leaf.before)
        );
        if (!OrderedMerkle.verify(proposal.creditsRoot, proposal.credits, leaf.index, leafHash, leaf.proof)) {
            revert InvalidLeaf(Tree.Credits, leaf.index);
        }
    }

    function _checkCall(Context calldata context, CallProof calldata leaf) internal pure {
        IRewardsDistributor.Proposal calldata proposal = context.proposal;
        bytes32 leafHash =
            EpochLeaves.hashCall(EpochLeaves.CallLeaf(leaf.callKey, leaf.recordHash, leaf.weightsHash));
        if (!OrderedMerkle.verify(proposal.callsRoot, proposal.calls, leaf.index, leafHash, leaf.proof)) {
            revert InvalidLeaf(Tree.Calls, leaf.index);
        }
    }

    /// @dev Reverts unless the tree has no leaf of `account`, shown by the leaves around its place.
    function _checkAbsentAccount(Context calldata context, RewardProof[] calldata around, address account)
        internal
        pure
    {
        _checkGap(context.proposal.root, context.proposal.accounts, Tree.Rewards, around, account);
    }

    /// @dev What `account` had in the previous root: the leaf itself, or zero if `around` shows there is none.
    function _earnedBefore(Context calldata context, RewardProof[] calldata around, address account)
        internal
        view
        returns (uint256)
    {
        if (context.previousEpoch == 0) {
            if (around.length != 0) revert WrongLeafCount(around.length);
            return 0;
        }
        IRewardsDistributor.Epoch memory previous = _previous(context);
        if (around.length == 1 && around[0].account == account) {
            _checkPrevious(previous, around[0]);
            return around[0].cumulative;
        }
        _checkGap(previous.root, previous.accounts, Tree.PreviousRewards, around, account);
        return 0;
    }

    /// @dev What `account` was credited of a call: the leaf itself, or zero if `around` shows there is none.
    function _creditedFor(
        Context calldata context,
        CreditProof[] calldata around,
        address account,
        uint96 callKey
    ) internal pure returns (uint256) {
        if (around.length == 1 && around[0].account == account && around[0].callKey == callKey) {
            _checkCredit(context, around[0]);
            return around[0].amount;
        }
        if (around.length == 0 || around.length > 2) revert WrongLeafCount(around.length);
        _checkCredit(context, around[0]);
        uint256 key = _creditKey(account, callKey);
        uint256 first = _creditKey(around[0].account, around[0].callKey);
        if (around.length == 2) {
            _checkCredit(context, around[1]);
            _checkAdjacent(Tree.Credits, around[0].index, around[1].index);
            uint256 second = _creditKey(around[1].account, around[1].callKey);
            if (first >= key || key >= second) revert NotAround(Tree.Credits);
        } else {
            _checkEdge(Tree.Credits, around[0].index, context.proposal.credits, first, key);
        }
        return 0;
    }

    /// @dev Reverts unless the epoch has no such call, shown by the leaves around its place.
    function _checkAbsentCall(Context calldata context, CallProof[] calldata around, uint96 callKey)
        internal
        pure
    {
        if (around.length == 0 || around.length > 2) revert WrongLeafCount(around.length);
        _checkCall(context, around[0]);
        if (around.length == 2) {
            _checkCall(context, around[1]);
            _checkAdjacent(Tree.Calls, around[0].index, around[1].index);
            if (around[0].callKey >= callKey || callKey >= around[1].callKey) revert NotAround(Tree.Calls);
        } else {
            _checkEdge(Tree.Calls, around[0].index, context.proposal.calls, around[0].callKey, callKey);
        }
    }

    function _checkAdjacent(Tree tree, uint32 left, uint32 right) internal pure {
        if (uint256(left) + 1 != right) revert NotNeighbours(tree, left, right);
    }

    /// @dev The order of credits: by account, then by call.
    function _creditKey(address account, uint96 callKey) internal pure returns (uint256) {
        return (uint256(uint160(account)) << 96) | callKey;
    }

    function _checkContext(uint256 epoch, Context calldata context) private view {
        bytes32 commitment = keccak256(abi.encode(context.proposal, context.poster, context.previousEpoch));
        if (rewards.epochOf(epoch).commitment != commitment) revert WrongContext(epoch);
    }

    function _checkReward(bytes32 root, uint32 accounts, RewardProof calldata leaf, Tree tree) private pure {
        bytes32 leafHash = EpochLeaves.hashReward(leaf.account, leaf.cumulative, leaf.before);
        if (!OrderedMerkle.verify(root, accounts, leaf.index, leafHash, leaf.proof)) {
            revert InvalidLeaf(tree, leaf.index);
        }
    }

    function _checkGap(
        bytes32 root,
        uint32 accounts,
        Tree tree,
        RewardProof[] calldata around,
        address account
    ) private pure {
        if (around.length == 0 || around.length > 2) {
            revert WrongLeafCount(around.length);
        }
        _checkReward(root, accounts, around[0], tree);
        if (around.length == 2) {
            _checkReward(root, accounts, around[1], tree);
            _checkAdjacent(tree, around[0].index, around[1].index);
            if (around[0].account >= account || account >= around[1].account) revert NotAround(tree);
        } else {
            _checkEdge(tree, around[0].index, accounts, uint160(around[0].account), uint256(uint160(account)));
        }
    }

    /// @dev One leaf is enough only at an edge: the first with the key before it, the last with it after it.
    function _checkEdge(Tree tree, uint32 index, uint32 leaves, uint256 leafKey, uint256 key) private pure {
        bool before = index == 0 && key < leafKey;
        bool behind = uint256(index) + 1 == leaves && leafKey < key;
        if (!before && !behind) revert NotAround(tree);
    }
}
