// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {EpochWorld, WorldCall} from "./EpochWorld.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev A liar mixes genuine and altered evidence at random; an honest epoch withstands it, and every refusal
/// says why.
contract FaultsAdversarialTest is EpochWorld {
    using EpochBook for Book;
    using EpochBook for EpochLeaves.RewardLeaf[];

    uint256 private constant TRIES = 40;

    /// @dev Words of the liar's dice.
    uint256 private _dice;

    function setUp() public {
        _deployWorld();
    }

    /// forge-config: default.fuzz.runs = 100
    /// forge-config: ci.fuzz.runs = 1000
    function testFuzz_noMixtureOfEvidenceConvictsAnHonestEpoch(uint256 seed) public {
        if (seed % 4 != 0) {
            _recordRandom(_rand(seed, "earlier"));
            _closeEpoch();
        }
        if (seed % 5 == 0) _recordPacked(_rand(seed, "one"), 0);
        else _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        _recordRandom(_rand(seed, "later"));
        _dice = seed;
        for (uint256 i; i < TRIES; ++i) {
            bytes memory proof = _lie(epoch, book);
            (bool ok, bytes memory reason) = address(disputes).call(abi.encodeCall(disputes.prove, (proof)));
            vm.assertTrue(!ok, "a lie was believed");
            vm.assertTrue(_isPrecise(bytes4(reason)), "refused without saying why");
        }
    }

    function _lie(uint256 epoch, Book memory book) private returns (bytes memory) {
        IEpochFaults.Context memory context = _context(book);
        uint256 kind = _roll(14);
        if (kind < 7) return _treeLie(kind, epoch, context, book);
        if (kind == 7) return abi.encodeCall(faults.wrongDelta, (epoch, context, _delta(book)));
        if (kind == 8) return abi.encodeCall(faults.wrongSplit, (epoch, context, _split(book)));
        if (kind == 9) {
            return abi.encodeCall(faults.creditWithoutCall, (epoch, context, _credit(book), _calls(book)));
        }
        if (kind == 10) return abi.encodeCall(faults.falseCall, (epoch, context, _falseCall(book)));
        if (kind == 11) return abi.encodeCall(faults.omittedCall, (epoch, context, _omittedCall(book)));
        if (kind == 12) return abi.encodeCall(faults.wrongBlockHash, (epoch, context));
        return _missing(epoch, context, book);
    }

    function _treeLie(uint256 kind, uint256 epoch, IEpochFaults.Context memory context, Book memory book)
        private
        returns (bytes memory)
    {
        EpochLeaves.RewardLeaf[] memory rows = book.rewards;
        if (kind == 0) {
            return abi.encodeCall(
                faults.decreasedCumulative, (epoch, context, _reward(_earlier(book)), _reward(rows))
            );
        }
        if (kind == 1) {
            return abi.encodeCall(faults.misorderedAccounts, (epoch, context, _reward(rows), _reward(rows)));
        }
        if (kind == 2) {
            return abi.encodeCall(faults.misorderedCredits, (epoch, context, _credit(book), _credit(book)));
        }
        if (kind == 3) {
            return abi.encodeCall(faults.misorderedCalls, (epoch, context, _call(book), _call(book)));
        }
        if (kind == 4) return abi.encodeCall(faults.sumMismatch, (epoch, context, _rewards(rows)));
        if (kind == 5) return abi.encodeCall(faults.creditSumMismatch, (epoch, context, _credits(book)));
        if (_roll(2) == 0) {
            return
                abi.encodeCall(
                    faults.omittedAccount, (epoch, context, _reward(_earlier(book)), _rewards(rows))
                );
        }
        return abi.encodeCall(faults.omittedCreditor, (epoch, context, _credit(book), _rewards(rows)));
    }

    function _delta(Book memory book) private returns (IEpochFaults.WrongDelta memory evidence) {
        evidence.current = _reward(book.rewards);
        address account = evidence.current.account;
        evidence.previous = _roll(3) == 0 && book.previous.length != 0
            ? _rewards(book.previous)
            : book.previous.rewardsAround(account);
        evidence.start = _roll(2) == 0 ? _credits(book) : book.sumAround(account, _roll(4) == 0);
        evidence.end = _roll(2) == 0 ? _credits(book) : book.sumAround(account, _roll(4) != 0);
    }

    function _split(Book memory book) private returns (IEpochFaults.WrongSplit memory evidence) {
        WorldCall memory call = worldCalls[_roll(book.calls.length)];
        WorldCall memory other = worldCalls[_roll(book.calls.length)];
        evidence.account = _account(book);
        evidence.call = book.call(book.callIndex(call.key));
        evidence.anchor = worldBatches[(_roll(4) == 0 ? other : call).key >> 32].anchor;
        if (_roll(6) == 0) evidence.anchor.recordedAt = uint64(_roll(2_000_000));
        evidence.record = (_roll(4) == 0 ? other : call).record;
        if (_roll(8) == 0) evidence.record = bytes.concat(evidence.record, hex"00");
        evidence.weights = (_roll(4) == 0 ? other : call).weights;
        if (_roll(8) == 0) evidence.weights.influence = new address[](0);
        evidence.credit = _roll(2) == 0 ? _credits(book) : book.creditsAround(evidence.account, call.key);
    }

    function _falseCall(Book memory book) private returns (IEpochFaults.FalseCall memory evidence) {
        evidence.call = _call(book);
        uint256 batchId = evidence.call.callKey >> 32;
        if (_roll(3) == 0) batchId = 1 + _roll(ledger.batchCount());
        evidence.anchor = worldBatches[batchId].anchor;
        if (_roll(8) == 0) evidence.anchor.calls = uint32(_roll(3));
        if (_roll(8) == 0) evidence.anchor.mode = uint8(_roll(5));
        evidence.data = worldBatches[batchId].data;
        bytes32[] memory leaves = _recordLeaves(evidence.data);
        uint256 index = _roll(leaves.length);
        if (_roll(2) == 0) evidence.data = _slice(evidence.data, index);
        if (_roll(8) == 0) evidence.data[_roll(116)] ^= 0x01;
        evidence.recordProof = OrderedTree.proofOf(leaves, index);
        if (_roll(2) == 0) evidence.skipped = worldBatches[batchId].skipped;
        if (_roll(4) == 0) {
            evidence.skipped = new IEpochFaults.RecordRange[](1);
            evidence.skipped[0] = IEpochFaults.RecordRange(_roll(2), 1 + _roll(5));
        }
    }

    function _omittedCall(Book memory book) private returns (IEpochFaults.OmittedCall memory evidence) {
        uint64 batchId = uint64(1 + _roll(ledger.batchCount()));
        evidence.callKey = EpochLeaves.callKey(batchId, uint32(_roll(8)));
        evidence.anchor = worldBatches[_roll(8) == 0 ? 1 + _roll(ledger.batchCount()) : batchId].anchor;
        if (_roll(8) == 0) evidence.anchor.calls += 1;
        evidence.skipped = worldBatches[_roll(8) == 0 ? 1 : batchId].skipped;
        evidence.sibling = new IEpochFaults.CallProof[](_roll(6) == 0 ? 2 : 1);
        for (uint256 i; i < evidence.sibling.length; ++i) {
            evidence.sibling[i] = _call(book);
        }
        evidence.neighbours = _roll(2) == 0 ? _calls(book) : book.callsAround(evidence.callKey);
    }

    function _missing(uint256 epoch, IEpochFaults.Context memory context, Book memory book)
        private
        returns (bytes memory)
    {
        IEpochFaults.RewardProof memory leaf = _reward(book.rewards);
        IEpochFaults.CallProof memory call = _call(book);
        if (_roll(2) == 0) {
            return abi.encodeCall(
                faults.missingLeaf, (epoch, context, IEpochFaults.Tree(_roll(4)), leaf.index, leaf.proof)
            );
        }
        // The padding behind the last leaf is genuine.
        uint32 index = uint32(book.calls.length);
        bytes32[] memory hashes = new bytes32[](index + 1);
        bytes32[] memory leaves = EpochBook.hashes(book.calls);
        for (uint256 i; i < index; ++i) {
            hashes[i] = leaves[i];
        }
        call.proof = OrderedTree.proofOf(hashes, index);
        return abi.encodeCall(
            faults.missingLeaf, (epoch, context, IEpochFaults.Tree.Calls, uint32(index), call.proof)
        );
    }

    function _context(Book memory book) private returns (IEpochFaults.Context memory context) {
        context = book.context();
        uint256 what = _roll(40);
        if (what == 0) context.poster = STRANGER;
        if (what == 1) context.previousEpoch += 1;
        if (what == 2) context.proposal.accounts += 1;
        if (what == 3) context.proposal.totalEarned -= 1;
        if (what == 4) context.proposal.callsRoot = context.proposal.root;
        if (what == 5) context.proposal.toBlock -= 1;
    }

    /// @dev The leaves of the previous root, or where there are none, of this one.
    function _earlier(Book memory book) private pure returns (EpochLeaves.RewardLeaf[] memory) {
        return book.previous.length == 0 ? book.rewards : book.previous;
    }

    function _account(Book memory book) private returns (address) {
        uint256 what = _roll(4);
        if (what == 0) return address(0);
        if (what == 1) return address(uint160(_roll(type(uint160).max)));
        return book.rewards[_roll(book.rewards.length)].account;
    }

    function _reward(EpochLeaves.RewardLeaf[] memory rows)
        private
        returns (IEpochFaults.RewardProof memory leaf)
    {
        leaf = rows.reward(_roll(rows.length));
        uint256 what = _roll(24);
        if (what == 0) leaf.index += uint32(1 << leaf.proof.length);
        if (what == 1) leaf.cumulative += 1;
        if (what == 2) leaf.account = address(0);
        if (what == 3) leaf.before = 0;
        if (what == 4) leaf.index = uint32(_roll(rows.length));
        if (what == 5) leaf.proof = new bytes32[](leaf.proof.length + 1);
    }

    function _credit(Book memory book) private returns (IEpochFaults.CreditProof memory leaf) {
        leaf = book.credit(_roll(book.credits.length));
        uint256 what = _roll(24);
        if (what == 0) leaf.index += uint32(1 << leaf.proof.length);
        if (what == 1) leaf.amount += 1;
        if (what == 2) leaf.callKey += 1;
        if (what == 3) leaf.before = 0;
        if (what == 4) leaf.index = uint32(_roll(book.credits.length));
        if (what == 5) leaf.proof = new bytes32[](0);
    }

    function _call(Book memory book) private returns (IEpochFaults.CallProof memory leaf) {
        leaf = book.call(_roll(book.calls.length));
        uint256 what = _roll(24);
        if (what == 0) leaf.index += uint32(1 << leaf.proof.length);
        if (what == 1) leaf.callKey += 1;
        if (what == 2) leaf.recordHash = bytes32(what);
        if (what == 3) leaf.index = uint32(_roll(book.calls.length));
        if (what == 4) leaf.proof = new bytes32[](0);
    }

    /// @dev Neighbours, mostly.
    function _rewards(EpochLeaves.RewardLeaf[] memory rows)
        private
        returns (IEpochFaults.RewardProof[] memory run)
    {
        uint256 count = _roll(10) == 0 ? _roll(4) : 1 + _roll(2);
        if (count <= rows.length && _roll(4) != 0) {
            return rows.rewardRun(_roll(rows.length - count + 1), count);
        }
        run = new IEpochFaults.RewardProof[](count);
        for (uint256 i; i < count; ++i) {
            run[i] = _reward(rows);
        }
    }

    function _credits(Book memory book) private returns (IEpochFaults.CreditProof[] memory run) {
        uint256 count = _roll(10) == 0 ? _roll(4) : 1 + _roll(2);
        if (count <= book.credits.length && _roll(4) != 0) {
            return book.creditRun(_roll(book.credits.length - count + 1), count);
        }
        run = new IEpochFaults.CreditProof[](count);
        for (uint256 i; i < count; ++i) {
            run[i] = _credit(book);
        }
    }

    function _calls(Book memory book) private returns (IEpochFaults.CallProof[] memory run) {
        uint256 count = _roll(10) == 0 ? _roll(4) : 1 + _roll(2);
        if (count <= book.calls.length && _roll(4) != 0) {
            return book.callRun(_roll(book.calls.length - count + 1), count);
        }
        run = new IEpochFaults.CallProof[](count);
        for (uint256 i; i < count; ++i) {
            run[i] = _call(book);
        }
    }

    /// @dev The next word, below `sides`.
    function _roll(uint256 sides) private returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return _dice % sides;
    }

    function _isPrecise(bytes4 selector) private pure returns (bool) {
        return selector == IEpochFaults.WrongContext.selector
            || selector == IEpochFaults.NoPreviousEpoch.selector
            || selector == IEpochFaults.InvalidLeaf.selector
            || selector == IEpochFaults.NotNeighbours.selector
            || selector == IEpochFaults.WrongLeafCount.selector || selector == IEpochFaults.NotAround.selector
            || selector == IEpochFaults.LeavesDiffer.selector || selector == IEpochFaults.NoFault.selector
            || selector == IEpochFaults.WrongAnchor.selector
            || selector == IEpochFaults.WrongSkippedRanges.selector
            || selector == IEpochFaults.WrongData.selector || selector == IEpochFaults.WrongRecord.selector
            || selector == IEpochFaults.WrongWeights.selector;
    }
}
