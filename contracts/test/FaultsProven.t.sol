// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {EpochWorld} from "./EpochWorld.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev Every fault of the trees, put into a random honest epoch, can be proven: kinds 1 to 5 and 10.
contract FaultsProvenTest is EpochWorld {
    using EpochBook for Book;
    using EpochBook for EpochLeaves.RewardLeaf[];
    using EpochBook for EpochLeaves.CreditLeaf[];
    using EpochBook for EpochLeaves.CallLeaf[];

    function setUp() public {
        _deployWorld();
    }

    /// @dev A second epoch, so that there are balances before it.
    function _second(uint256 seed) private returns (Book memory) {
        _recordRandom(_rand(seed, "earlier"));
        _closeEpoch();
        _recordRandom(seed);
        return _honestBook();
    }

    function _pick(uint256 seed, uint256 count) private pure returns (uint256) {
        return _rand(seed, "pick") % count;
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_aDecreasedBalanceIsProven(uint256 seed, uint128 cut) public {
        Book memory book = _second(seed);
        uint256 i = _pick(seed, book.previous.length);
        uint256 at = book.rewards.rewardIndex(book.previous[i].account);
        uint128 left = book.previous[i].cumulative - uint128(bound(cut, 1, book.previous[i].cumulative));
        _giveAway(book, at, book.rewards[at].cumulative - left);
        uint256 epoch = _resealAndPropose(book);
        bytes memory proof = abi.encodeCall(
            faults.decreasedCumulative,
            (epoch, book.context(), book.previous.reward(i), book.rewards.reward(at))
        );
        _assertProven(epoch, 1, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_anAccountTwiceOrOutOfOrderIsProven(uint256 seed) public {
        Book memory book = _second(seed);
        bool isOne = book.rewards.length == 1;
        uint256 i = isOne ? 0 : _pick(seed, book.rewards.length - 1);
        if (isOne || seed % 2 == 0) {
            book.rewards = book.rewards.insert(i, book.rewards[i]);
        } else {
            (book.rewards[i], book.rewards[i + 1]) = (book.rewards[i + 1], book.rewards[i]);
        }
        uint256 epoch = _resealAndPropose(book);
        bytes memory proof = abi.encodeCall(
            faults.misorderedAccounts,
            (epoch, book.context(), book.rewards.reward(i), book.rewards.reward(i + 1))
        );
        _assertProven(epoch, 2, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_wrongSumsOfBalancesAreProven(uint256 seed, uint128 by) public {
        Book memory book = _second(seed);
        uint256 i = _pick(seed, book.rewards.length);
        uint128 error = uint128(bound(by, 1, 1e20));
        if (seed % 3 == 0) book.proposal.totalEarned += error;
        else book.rewards[i].before += error;
        if (seed % 3 == 2) {
            // Everything from there on is consistent: only one place is wrong.
            for (uint256 k = i + 1; k < book.rewards.length; ++k) {
                book.rewards[k].before += error;
            }
            book.proposal.totalEarned += error;
        }
        book.seal();
        uint256 epoch = _propose(book);
        uint256 last = book.rewards.length - 1;
        IEpochFaults.RewardProof[] memory leaves = seed % 3 == 0
            ? book.rewards.rewardRun(last, 1)
            : i == 0 ? book.rewards.rewardRun(0, 1) : book.rewards.rewardRun(i - 1, 2);
        _assertProven(epoch, 3, abi.encodeCall(faults.sumMismatch, (epoch, book.context(), leaves)));
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_wrongSumsOfCreditsAreProven(uint256 seed, uint128 by) public {
        Book memory book = seed % 2 == 0 ? _second(seed) : _first(seed);
        uint256 i = _pick(seed, book.credits.length);
        uint128 error = uint128(bound(by, 1, 1e20));
        uint256 last = book.credits.length - 1;
        bool isTotal = seed % 3 == 0;
        if (isTotal) book.credits[last].amount += error;
        else book.credits[i].before += error;
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.CreditProof[] memory leaves =
            isTotal ? book.creditRun(last, 1) : i == 0 ? book.creditRun(0, 1) : book.creditRun(i - 1, 2);
        _assertProven(epoch, 3, abi.encodeCall(faults.creditSumMismatch, (epoch, book.context(), leaves)));
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_anOmittedAccountIsProven(uint256 seed) public {
        Book memory book = _second(seed);
        uint256 i = _pick(seed, book.previous.length);
        uint256 at = book.rewards.rewardIndex(book.previous[i].account);
        _giveAway(book, at, book.rewards[at].cumulative);
        book.rewards = book.rewards.remove(at);
        uint256 epoch = _resealAndPropose(book);
        bytes memory proof = abi.encodeCall(
            faults.omittedAccount,
            (
                epoch,
                book.context(),
                book.previous.reward(i),
                book.rewards.rewardsAround(book.previous[i].account)
            )
        );
        _assertProven(epoch, 4, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_anOmittedCreditorIsProven(uint256 seed) public {
        Book memory book = seed % 2 == 0 ? _second(seed) : _first(seed);
        uint256 i = _pick(seed, book.credits.length);
        address account = book.credits[i].account;
        uint256 at = book.rewards.rewardIndex(account);
        _giveAway(book, at, book.rewards[at].cumulative);
        book.rewards = book.rewards.remove(at);
        uint256 epoch = _resealAndPropose(book);
        bytes memory proof = abi.encodeCall(
            faults.omittedCreditor,
            (epoch, book.context(), book.credit(i), book.rewards.rewardsAround(account))
        );
        _assertProven(epoch, 4, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_aWrongDeltaIsProvenOfWinnerAndLoser(uint256 seed, uint128 by) public {
        Book memory book = seed % 2 == 0 ? _second(seed) : _first(seed);
        uint256 winner = _pick(seed, book.rewards.length);
        if (seed % 3 == 0) {
            // Somebody who earned nothing.
            address invented = address(uint160(_rand(seed, "invented") | 0x1000));
            winner = book.rewards.rewardIndex(invented);
            book.rewards = book.rewards.insert(winner, EpochLeaves.RewardLeaf(invented, 0, 0));
        }
        uint256 loser = (winner + 1) % book.rewards.length;
        uint128 moved = uint128(bound(by, 1, book.rewards[loser].cumulative));
        if (winner == loser) moved = 1;
        book.rewards[winner].cumulative += moved;
        if (winner != loser) book.rewards[loser].cumulative -= moved;
        uint256 epoch = _resealAndPropose(book);
        uint256 victim = seed % 5 == 0 ? loser : winner;
        address account = book.rewards[victim].account;
        IEpochFaults.WrongDelta memory evidence = IEpochFaults.WrongDelta(
            book.rewards.reward(victim),
            book.previous.rewardsAround(account),
            book.sumAround(account, false),
            book.sumAround(account, true)
        );
        _assertProven(epoch, 5, abi.encodeCall(faults.wrongDelta, (epoch, book.context(), evidence)));
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_misorderedCreditsAreProven(uint256 seed) public {
        Book memory book = _first(seed);
        uint256 i = _pick(seed, book.credits.length);
        if (seed % 2 == 0 || book.credits.length == 1) {
            i = i == book.credits.length - 1 && i > 0 ? i - 1 : i;
            book.credits = book.credits.insert(i, book.credits[i]);
        } else {
            i = i == book.credits.length - 1 ? i - 1 : i;
            (book.credits[i], book.credits[i + 1]) = (book.credits[i + 1], book.credits[i]);
        }
        uint256 epoch = _resealAndPropose(book);
        bytes memory proof = abi.encodeCall(
            faults.misorderedCredits, (epoch, book.context(), book.credit(i), book.credit(i + 1))
        );
        _assertProven(epoch, 10, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_misorderedCallsAreProven(uint256 seed) public {
        Book memory book = _first(seed);
        uint256 i = _pick(seed, book.calls.length);
        book.calls = book.calls.insert(i, book.calls[seed % 2 == 0 ? i : book.calls.length - 1]);
        uint256 epoch = _resealAndPropose(book);
        // The moved leaf is not below the one behind it.
        if (i + 1 == book.calls.length) --i;
        bytes memory proof =
            abi.encodeCall(faults.misorderedCalls, (epoch, book.context(), book.call(i), book.call(i + 1)));
        _assertProven(epoch, 10, proof);
    }

    /// forge-config: default.fuzz.runs = 30
    /// forge-config: ci.fuzz.runs = 300
    function testFuzz_aLeafThatIsNotThereIsProven(uint256 seed, uint8 extra) public {
        Book memory book = _first(seed);
        IEpochFaults.Tree tree =
            [IEpochFaults.Tree.Rewards, IEpochFaults.Tree.Credits, IEpochFaults.Tree.Calls][seed % 3];
        bytes32[] memory leaves = tree == IEpochFaults.Tree.Rewards
            ? EpochBook.hashes(book.rewards)
            : tree == IEpochFaults.Tree.Credits
                ? EpochBook.hashes(book.credits)
                : EpochBook.hashes(book.calls);
        bytes32[] memory padded = new bytes32[](leaves.length + 1 + extra % 4);
        for (uint256 i; i < leaves.length; ++i) {
            padded[i] = leaves[i];
        }
        uint32 count = uint32(padded.length);
        if (tree == IEpochFaults.Tree.Rewards) {
            (book.proposal.accounts, book.proposal.root) = (count, OrderedTree.rootOf(padded));
        } else if (tree == IEpochFaults.Tree.Credits) {
            (book.proposal.credits, book.proposal.creditsRoot) = (count, OrderedTree.rootOf(padded));
        } else {
            (book.proposal.calls, book.proposal.callsRoot) = (count, OrderedTree.rootOf(padded));
        }
        uint256 epoch = _propose(book);
        bytes memory proof = abi.encodeCall(
            faults.missingLeaf,
            (epoch, book.context(), tree, count - 1, OrderedTree.proofOf(padded, count - 1))
        );
        _assertProven(epoch, tree == IEpochFaults.Tree.Rewards ? 2 : 10, proof);
    }

    function _first(uint256 seed) private returns (Book memory) {
        _recordRandom(seed);
        return _honestBook();
    }

    /// @dev Gives a part of what an account has to another one, so that the total stays.
    function _giveAway(Book memory book, uint256 at, uint128 amount) private pure {
        if (book.rewards.length == 1) {
            address other = address(uint160(book.rewards[0].account) + 1);
            book.rewards = book.rewards.insert(1, EpochLeaves.RewardLeaf(other, 0, 0));
        }
        book.rewards[at].cumulative -= amount;
        book.rewards[(at + 1) % book.rewards.length].cumulative += amount;
    }

    function _resealAndPropose(Book memory book) private returns (uint256) {
        book.sum();
        book.seal();
        return _propose(book);
    }
}
