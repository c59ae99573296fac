// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochLeaves} from "../libraries/EpochLeaves.sol";
import {IInferenceLedger} from "./IInferenceLedger.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IRewardsDistributor} from "./IRewardsDistributor.sol";

/// @title The ten faults of an epoch that can be proven
/// @notice Each function returns only if the fault holds, and reverts otherwise, so a dry run of it is a
/// dry run of the proof; `EpochDisputes.prove` takes the encoded call. Together they prove all arithmetic
/// from the recorded calls, the terms and the committed weights to the root.
/// Trusted, and so left to a dispute: the weights themselves, that the published leaves open the roots,
/// whole settled batches that are left out because their body was not available, and that the records of a
/// settled batch are of codec 1, belong to its vouchers and sum to what was charged.
/// @dev Neighbours of a key: two adjacent leaves around it, or the first leaf if the key lies before it, or
/// the last leaf if the key lies after it.
interface IEpochFaults {
    /// @notice Which tree a leaf belongs to.
    enum Tree {
        Rewards,
        PreviousRewards,
        Credits,
        Calls
    }

    /// @notice What the epoch's commitment hashes; the fields of `EpochProposed`.
    struct Context {
        IRewardsDistributor.Proposal proposal;
        address poster;
        uint256 previousEpoch;
    }

    /// @notice A reward leaf and where it is.
    struct RewardProof {
        address account;
        uint128 cumulative;
        uint128 before;
        uint32 index;
        bytes32[] proof;
    }

    /// @notice A credit leaf and where it is.
    struct CreditProof {
        address account;
        uint96 callKey;
        uint128 amount;
        uint128 before;
        uint32 index;
        bytes32[] proof;
    }

    /// @notice A call leaf and where it is.
    struct CallProof {
        uint96 callKey;
        bytes32 recordHash;
        bytes32 weightsHash;
        uint32 index;
        bytes32[] proof;
    }

    /// @notice Records of a packed batch that were skipped: `first` up to but not including `end`.
    struct RecordRange {
        uint256 first;
        uint256 end;
    }

    /// @notice Evidence that an account did not earn what its credits of this epoch sum to.
    struct WrongDelta {
        /// The account's leaf.
        RewardProof current;
        /// Its leaf in the previous root, or the neighbours of its place there; none before the first epoch.
        RewardProof[] previous;
        /// The leaves around the place before its first credit.
        CreditProof[] start;
        /// The leaves around the place after its last credit; the same as `start` if it has none.
        CreditProof[] end;
    }

    /// @notice Evidence that an account was credited something else than the split of a call gives it.
    struct WrongSplit {
        address account;
        CallProof call;
        IInferenceLedger.BatchAnchor anchor;
        /// The 116 bytes of codec 1.
        bytes record;
        EpochLeaves.CallWeights weights;
        /// The account's credit of this call, or the neighbours of its place. Not read if the weights are
        /// malformed, which is the fault then.
        CreditProof[] credit;
    }

    /// @notice Evidence that a call of the epoch is not what the ledger recorded. Only what the case needs
    /// is read: no `anchor` if the ledger has none; no ranges and no record if the batch is not settled,
    /// lies outside the epoch or is too short; no record if `skipped` is given.
    struct FalseCall {
        CallProof call;
        IInferenceLedger.BatchAnchor anchor;
        /// All skipped ranges of the packed batch, if the record is in one of them.
        RecordRange[] skipped;
        /// All records of the packed batch, or the one record of the settled batch.
        bytes data;
        /// Path of the record in the settled batch.
        bytes32[] recordProof;
    }

    /// @notice Evidence that a call which the ledger recorded is missing.
    struct OmittedCall {
        uint96 callKey;
        IInferenceLedger.BatchAnchor anchor;
        /// All skipped ranges of the packed batch.
        RecordRange[] skipped;
        /// For a settled batch, one call of it that is in the epoch: such batches count whole or not at all.
        CallProof[] sibling;
        CallProof[] neighbours;
    }

    /// @notice What was proven.
    struct Finding {
        uint256 epoch;
        address poster;
        uint8 kind;
    }

    /// @notice An address that must name somebody is zero.
    error ZeroAddress();
    /// @notice The context is not what the epoch was proposed with, or there is no such epoch.
    /// @param epoch The accused epoch.
    error WrongContext(uint256 epoch);
    /// @notice There is no previous epoch to compare with.
    error NoPreviousEpoch();
    /// @notice The leaf is not at this place of this tree.
    /// @param tree Rewards, Credits or Calls.
    /// @param index Where the leaf should be.
    error InvalidLeaf(Tree tree, uint32 index);
    /// @notice The leaves are not adjacent, left to right.
    /// @param tree Rewards, Credits or Calls.
    /// @param left A leaf.
    /// @param right The leaf behind it.
    error NotNeighbours(Tree tree, uint32 left, uint32 right);
    /// @notice One or two leaves are needed here, or none where there is no previous epoch.
    /// @param count How many were given.
    error WrongLeafCount(uint256 count);
    /// @notice The leaves do not enclose the place they should.
    /// @param tree Rewards, Credits or Calls.
    error NotAround(Tree tree);
    /// @notice The two leaves are of different accounts, calls or batches.
    error LeavesDiffer();
    /// @notice The evidence is genuine and shows nothing wrong.
    /// @param kind What was to be proven.
    error NoFault(uint8 kind);
    /// @notice The anchor is not the one the ledger keeps for this batch.
    /// @param batchId The batch.
    error WrongAnchor(uint64 batchId);
    /// @notice The ranges are not all those that were skipped, in order.
    /// @param batchId The batch.
    error WrongSkippedRanges(uint64 batchId);
    /// @notice The data are not those of the batch.
    /// @param batchId The batch.
    error WrongData(uint64 batchId);
    /// @notice The record is not the one of the call leaf.
    /// @param recordHash That of the leaf.
    error WrongRecord(bytes32 recordHash);
    /// @notice The weights are not those of the call leaf.
    /// @param weightsHash That of the leaf.
    error WrongWeights(bytes32 weightsHash);
    /// @notice The chain no longer knows the hash of this block, or does not know it yet.
    /// @param blockNumber The block.
    error BlockHashUnavailable(uint64 blockNumber);

    /// @notice Kind 1: an account has less than in the previous root.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param previous The account's leaf in the previous root.
    /// @param current The account's leaf.
    /// @return finding The epoch, who posted it, and the kind.
    function decreasedCumulative(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata previous,
        RewardProof calldata current
    ) external view returns (Finding memory finding);

    /// @notice Kind 2: two neighbours of the root are not in strictly ascending order; the same account
    /// twice included.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param left A leaf.
    /// @param right The leaf behind it.
    /// @return finding The epoch, who posted it, and the kind.
    function misorderedAccounts(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata left,
        RewardProof calldata right
    ) external view returns (Finding memory finding);

    /// @notice Kind 3: the sums in the root are wrong. One leaf: the first does not start at zero, or the
    /// last does not end at `totalEarned`. Two neighbours: the right one does not start where the left ends.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param leaves One leaf, or two neighbours.
    /// @return finding The epoch, who posted it, and the kind.
    function sumMismatch(uint256 epoch, Context calldata context, RewardProof[] calldata leaves)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 3 in the tree of credits, whose last leaf must end at what this epoch adds to
    /// `totalEarned`.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param leaves One leaf, or two neighbours.
    /// @return finding The epoch, who posted it, and the kind.
    function creditSumMismatch(uint256 epoch, Context calldata context, CreditProof[] calldata leaves)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 4: an account that had earned something in the previous root is missing.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param previous A leaf of the previous root.
    /// @param neighbours The leaves around its place in the root.
    /// @return finding The epoch, who posted it, and the kind.
    function omittedAccount(
        uint256 epoch,
        Context calldata context,
        RewardProof calldata previous,
        RewardProof[] calldata neighbours
    ) external view returns (Finding memory finding);

    /// @notice Kind 4: an account with a credit of this epoch is missing.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param credit A credit of this epoch.
    /// @param neighbours The leaves around its place in the root.
    /// @return finding The epoch, who posted it, and the kind.
    function omittedCreditor(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata credit,
        RewardProof[] calldata neighbours
    ) external view returns (Finding memory finding);

    /// @notice Kind 5: an account's earnings grew by something else than the sum of its credits.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param evidence See the struct.
    /// @return finding The epoch, who posted it, and the kind.
    function wrongDelta(uint256 epoch, Context calldata context, WrongDelta calldata evidence)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 6: an account was not credited what the recorded fee, the terms and the committed
    /// weights give it, or the weights are malformed.
    /// Terms bind a call if they were set in an earlier second than it was recorded; a call without terms is
    /// the platform's.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param evidence See the struct.
    /// @return finding The epoch, who posted it, and the kind.
    function wrongSplit(uint256 epoch, Context calldata context, WrongSplit calldata evidence)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 6: a credit of a call that is not one of the epoch's.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param credit A credit of this epoch.
    /// @param neighbours The leaves around the call's place in the tree of calls.
    /// @return finding The epoch, who posted it, and the kind.
    function creditWithoutCall(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata credit,
        CallProof[] calldata neighbours
    ) external view returns (Finding memory finding);

    /// @notice Kind 7: a call of the epoch is not in the ledger, was skipped, is another one than recorded,
    /// or was recorded outside the blocks of the epoch.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param evidence See the struct.
    /// @return finding The epoch, who posted it, and the kind.
    function falseCall(uint256 epoch, Context calldata context, FalseCall calldata evidence)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 8: a call that was recorded in the blocks of the epoch is missing.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param evidence See the struct.
    /// @return finding The epoch, who posted it, and the kind.
    function omittedCall(uint256 epoch, Context calldata context, OmittedCall calldata evidence)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 9: `toBlock` has another hash; provable for 8,191 blocks where EIP-2935 is active, else
    /// for 256.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @return finding The epoch, who posted it, and the kind.
    function wrongBlockHash(uint256 epoch, Context calldata context)
        external
        view
        returns (Finding memory finding);

    /// @notice Kind 10: two neighbouring credits are not in strictly ascending order of (account, call).
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param left A leaf.
    /// @param right The leaf behind it.
    /// @return finding The epoch, who posted it, and the kind.
    function misorderedCredits(
        uint256 epoch,
        Context calldata context,
        CreditProof calldata left,
        CreditProof calldata right
    ) external view returns (Finding memory finding);

    /// @notice Kind 10: two neighbouring calls are not in strictly ascending order.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param left A leaf.
    /// @param right The leaf behind it.
    /// @return finding The epoch, who posted it, and the kind.
    function misorderedCalls(
        uint256 epoch,
        Context calldata context,
        CallProof calldata left,
        CallProof calldata right
    ) external view returns (Finding memory finding);

    /// @notice Kind 2 in the root, kind 10 in the other trees: there is no leaf at an index below the
    /// declared number of leaves, so the tree has no last leaf that could be shown to be wrong.
    /// @param epoch The accused epoch.
    /// @param context What it was proposed with.
    /// @param tree Rewards, Credits or Calls.
    /// @param index Where the leaf should be.
    /// @param proof Path of the missing leaf, whose hash is zero.
    /// @return finding The epoch, who posted it, and the kind.
    function missingLeaf(
        uint256 epoch,
        Context calldata context,
        Tree tree,
        uint32 index,
        bytes32[] calldata proof
    ) external view returns (Finding memory finding);

    /// @notice Whose epochs these are.
    function rewards() external view returns (IRewardsDistributor);

    /// @notice Where the calls are recorded.
    function ledger() external view returns (IInferenceLedger);

    /// @notice Where the terms are set.
    function models() external view returns (IModelRegistry);
}
