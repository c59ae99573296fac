// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev All leaves of an epoch and of the root before it.
struct Book {
    IRewardsDistributor.Proposal proposal;
    address poster;
    uint256 previousEpoch;
    EpochLeaves.RewardLeaf[] previous;
    EpochLeaves.RewardLeaf[] rewards;
    EpochLeaves.CreditLeaf[] credits;
    EpochLeaves.CallLeaf[] calls;
}

/// @dev Sums, roots and proofs of a book, honest or not.
library EpochBook {
    function context(Book memory book) internal pure returns (IEpochFaults.Context memory) {
        return IEpochFaults.Context(book.proposal, book.poster, book.previousEpoch);
    }

    /// @dev Fills in `before` of all leaves.
    function sum(Book memory book) internal pure {
        unchecked {
            uint128 before;
            for (uint256 i; i < book.rewards.length; ++i) {
                book.rewards[i].before = before;
                before += book.rewards[i].cumulative;
            }
            book.proposal.totalEarned = before;
            before = 0;
            for (uint256 i; i < book.credits.length; ++i) {
                book.credits[i].before = before;
                before += book.credits[i].amount;
            }
        }
    }

    /// @dev Fills in roots and numbers of leaves.
    function seal(Book memory book) internal pure {
        book.proposal.accounts = uint32(book.rewards.length);
        book.proposal.credits = uint32(book.credits.length);
        book.proposal.calls = uint32(book.calls.length);
        book.proposal.root = OrderedTree.rootOf(hashes(book.rewards));
        book.proposal.creditsRoot = OrderedTree.rootOf(hashes(book.credits));
        book.proposal.callsRoot = OrderedTree.rootOf(hashes(book.calls));
    }

    function hashes(EpochLeaves.RewardLeaf[] memory rows) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            leaves[i] = EpochLeaves.hashReward(rows[i]);
        }
    }

    function hashes(EpochLeaves.CreditLeaf[] memory rows) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            leaves[i] = EpochLeaves.hashCredit(rows[i]);
        }
    }

    function hashes(EpochLeaves.CallLeaf[] memory rows) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            leaves[i] = EpochLeaves.hashCall(rows[i]);
        }
    }

    function reward(EpochLeaves.RewardLeaf[] memory rows, uint256 i)
        internal
        pure
        returns (IEpochFaults.RewardProof memory)
    {
        return IEpochFaults.RewardProof(
            rows[i].account,
            rows[i].cumulative,
            rows[i].before,
            uint32(i),
            OrderedTree.proofOf(hashes(rows), i)
        );
    }

    function credit(Book memory book, uint256 i) internal pure returns (IEpochFaults.CreditProof memory) {
        EpochLeaves.CreditLeaf memory row = book.credits[i];
        return IEpochFaults.CreditProof(
            row.account,
            row.callKey,
            row.amount,
            row.before,
            uint32(i),
            OrderedTree.proofOf(hashes(book.credits), i)
        );
    }

    function call(Book memory book, uint256 i) internal pure returns (IEpochFaults.CallProof memory) {
        EpochLeaves.CallLeaf memory row = book.calls[i];
        return IEpochFaults.CallProof(
            row.callKey,
            row.recordHash,
            row.weightsHash,
            uint32(i),
            OrderedTree.proofOf(hashes(book.calls), i)
        );
    }

    /// @dev `count` leaves from `i` on.
    function rewardRun(EpochLeaves.RewardLeaf[] memory rows, uint256 i, uint256 count)
        internal
        pure
        returns (IEpochFaults.RewardProof[] memory run)
    {
        run = new IEpochFaults.RewardProof[](count);
        for (uint256 k; k < count; ++k) {
            run[k] = reward(rows, i + k);
        }
    }

    function creditRun(Book memory book, uint256 i, uint256 count)
        internal
        pure
        returns (IEpochFaults.CreditProof[] memory run)
    {
        run = new IEpochFaults.CreditProof[](count);
        for (uint256 k; k < count; ++k) {
            run[k] = credit(book, i + k);
        }
    }

    function callRun(Book memory book, uint256 i, uint256 count)
        internal
        pure
        returns (IEpochFaults.CallProof[] memory run)
    {
        run = new IEpochFaults.CallProof[](count);
        for (uint256 k; k < count; ++k) {
            run[k] = call(book, i + k);
        }
    }

    /// @dev The account's leaf, or the leaves around its place; nothing of an empty tree.
    function rewardsAround(EpochLeaves.RewardLeaf[] memory rows, address account)
        internal
        pure
        returns (IEpochFaults.RewardProof[] memory)
    {
        if (rows.length == 0) return new IEpochFaults.RewardProof[](0);
        uint256 at = rewardIndex(rows, account);
        if (at < rows.length && rows[at].account == account) return rewardRun(rows, at, 1);
        (uint256 first, uint256 count) = _between(at, rows.length);
        return rewardRun(rows, first, count);
    }

    /// @dev The account's credit of the call, or the leaves around its place.
    function creditsAround(Book memory book, address account, uint96 callKey)
        internal
        pure
        returns (IEpochFaults.CreditProof[] memory)
    {
        uint256 at = creditIndex(book, account, callKey);
        if (
            at < book.credits.length && book.credits[at].account == account
                && book.credits[at].callKey == callKey
        ) return creditRun(book, at, 1);
        (uint256 first, uint256 count) = _between(at, book.credits.length);
        return creditRun(book, first, count);
    }

    /// @dev The leaves around the place before the first, or after the last, credit of the account.
    function sumAround(Book memory book, address account, bool afterLast)
        internal
        pure
        returns (IEpochFaults.CreditProof[] memory)
    {
        uint256 at = creditIndex(book, account, 0);
        while (afterLast && at < book.credits.length && book.credits[at].account == account) ++at;
        (uint256 first, uint256 count) = _between(at, book.credits.length);
        return creditRun(book, first, count);
    }

    /// @dev The call's leaf, or the leaves around its place.
    function callsAround(Book memory book, uint96 callKey)
        internal
        pure
        returns (IEpochFaults.CallProof[] memory)
    {
        uint256 at = callIndex(book, callKey);
        if (at < book.calls.length && book.calls[at].callKey == callKey) return callRun(book, at, 1);
        (uint256 first, uint256 count) = _between(at, book.calls.length);
        return callRun(book, first, count);
    }

    /// @dev First leaf whose account is not below `account`.
    function rewardIndex(EpochLeaves.RewardLeaf[] memory rows, address account)
        internal
        pure
        returns (uint256 at)
    {
        while (at < rows.length && rows[at].account < account) ++at;
    }

    function creditIndex(Book memory book, address account, uint96 callKey)
        internal
        pure
        returns (uint256 at)
    {
        uint256 key = creditKey(account, callKey);
        while (
            at < book.credits.length && creditKey(book.credits[at].account, book.credits[at].callKey) < key
        ) {
            ++at;
        }
    }

    function callIndex(Book memory book, uint96 callKey) internal pure returns (uint256 at) {
        while (at < book.calls.length && book.calls[at].callKey < callKey) ++at;
    }

    function creditKey(address account, uint96 callKey) internal pure returns (uint256) {
        return uint256(bytes32(abi.encodePacked(account, callKey)));
    }

    function insert(EpochLeaves.RewardLeaf[] memory rows, uint256 at, EpochLeaves.RewardLeaf memory row)
        internal
        pure
        returns (EpochLeaves.RewardLeaf[] memory longer)
    {
        longer = new EpochLeaves.RewardLeaf[](rows.length + 1);
        for (uint256 i; i < longer.length; ++i) {
            longer[i] = i < at ? rows[i] : i == at ? row : rows[i - 1];
        }
    }

    function insert(EpochLeaves.CreditLeaf[] memory rows, uint256 at, EpochLeaves.CreditLeaf memory row)
        internal
        pure
        returns (EpochLeaves.CreditLeaf[] memory longer)
    {
        longer = new EpochLeaves.CreditLeaf[](rows.length + 1);
        for (uint256 i; i < longer.length; ++i) {
            longer[i] = i < at ? rows[i] : i == at ? row : rows[i - 1];
        }
    }

    function insert(EpochLeaves.CallLeaf[] memory rows, uint256 at, EpochLeaves.CallLeaf memory row)
        internal
        pure
        returns (EpochLeaves.CallLeaf[] memory longer)
    {
        longer = new EpochLeaves.CallLeaf[](rows.length + 1);
        for (uint256 i; i < longer.length; ++i) {
            longer[i] = i < at ? rows[i] : i == at ? row : rows[i - 1];
        }
    }

    function remove(EpochLeaves.RewardLeaf[] memory rows, uint256 at)
        internal
        pure
        returns (EpochLeaves.RewardLeaf[] memory shorter)
    {
        shorter = new EpochLeaves.RewardLeaf[](rows.length - 1);
        for (uint256 i; i < shorter.length; ++i) {
            shorter[i] = rows[i < at ? i : i + 1];
        }
    }

    function remove(EpochLeaves.CreditLeaf[] memory rows, uint256 at)
        internal
        pure
        returns (EpochLeaves.CreditLeaf[] memory shorter)
    {
        shorter = new EpochLeaves.CreditLeaf[](rows.length - 1);
        for (uint256 i; i < shorter.length; ++i) {
            shorter[i] = rows[i < at ? i : i + 1];
        }
    }

    function remove(EpochLeaves.CallLeaf[] memory rows, uint256 at)
        internal
        pure
        returns (EpochLeaves.CallLeaf[] memory shorter)
    {
        shorter = new EpochLeaves.CallLeaf[](rows.length - 1);
        for (uint256 i; i < shorter.length; ++i) {
            shorter[i] = rows[i < at ? i : i + 1];
        }
    }

    /// @dev The two leaves on both sides of a place, or the only one at an edge.
    function _between(uint256 at, uint256 length) private pure returns (uint256 first, uint256 count) {
        if (at == 0) return (0, 1);
        if (at == length) return (length - 1, 1);
        return (at - 1, 2);
    }
}
