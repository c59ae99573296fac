// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {EpochWorld, WorldBatch, WorldCall} from "./EpochWorld.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev No honest epoch can be shown to be faulty, whatever genuine evidence is brought.
contract FaultsHonestTest is EpochWorld {
    using EpochBook for Book;
    using EpochBook for EpochLeaves.RewardLeaf[];

    function setUp() public {
        _deployWorld();
    }

    /// forge-config: default.fuzz.runs = 50
    /// forge-config: ci.fuzz.runs = 500
    function testFuzz_genuineEvidenceOfAnHonestEpochShowsNothing(uint256 seed) public {
        if (seed % 3 != 0) {
            _recordRandom(_rand(seed, "earlier"));
            _closeEpoch();
        }
        _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        // What happens after the proposal changes nothing about it.
        _recordRandom(_rand(seed, "later"));
        vm.prank(OWNER);
        models.setTerms(1, 0, 0, 5000, 5000, 0, 0, 0);

        _checkOrder(epoch, book);
        _checkSums(epoch, book);
        _checkAccounts(epoch, book);
        _checkSplits(epoch, book);
        _checkBatches(epoch, book);
        _refuse(abi.encodeCall(faults.wrongBlockHash, (epoch, book.context())), _noFault(9));
    }

    function _checkOrder(uint256 epoch, Book memory book) private {
        IEpochFaults.Context memory context = book.context();
        for (uint256 i; i + 1 < book.rewards.length; ++i) {
            _refuse(
                abi.encodeCall(
                    faults.misorderedAccounts,
                    (epoch, context, book.rewards.reward(i), book.rewards.reward(i + 1))
                ),
                _noFault(2)
            );
        }
        for (uint256 i; i + 1 < book.credits.length; ++i) {
            _refuse(
                abi.encodeCall(
                    faults.misorderedCredits, (epoch, context, book.credit(i), book.credit(i + 1))
                ),
                _noFault(10)
            );
        }
        for (uint256 i; i + 1 < book.calls.length; ++i) {
            _refuse(
                abi.encodeCall(faults.misorderedCalls, (epoch, context, book.call(i), book.call(i + 1))),
                _noFault(10)
            );
        }
    }

    function _checkSums(uint256 epoch, Book memory book) private {
        IEpochFaults.Context memory context = book.context();
        for (uint256 count = 1; count <= 2; ++count) {
            for (uint256 i; i + count <= book.rewards.length; ++i) {
                IEpochFaults.RewardProof[] memory run = book.rewards.rewardRun(i, count);
                _refuse(abi.encodeCall(faults.sumMismatch, (epoch, context, run)), _noFault(3));
            }
            for (uint256 i; i + count <= book.credits.length; ++i) {
                IEpochFaults.CreditProof[] memory run = book.creditRun(i, count);
                _refuse(abi.encodeCall(faults.creditSumMismatch, (epoch, context, run)), _noFault(3));
            }
        }
    }

    function _checkAccounts(uint256 epoch, Book memory book) private {
        IEpochFaults.Context memory context = book.context();
        for (uint256 i; i < book.previous.length; ++i) {
            IEpochFaults.RewardProof memory previous = book.previous.reward(i);
            IEpochFaults.RewardProof[] memory around = book.rewards.rewardsAround(previous.account);
            _refuse(
                abi.encodeCall(faults.decreasedCumulative, (epoch, context, previous, around[0])), _noFault(1)
            );
            _refuse(
                abi.encodeCall(faults.omittedAccount, (epoch, context, previous, around)),
                _notAround(IEpochFaults.Tree.Rewards)
            );
        }
        for (uint256 i; i < book.credits.length; ++i) {
            IEpochFaults.CreditProof memory credit = book.credit(i);
            _refuse(
                abi.encodeCall(
                    faults.omittedCreditor,
                    (epoch, context, credit, book.rewards.rewardsAround(credit.account))
                ),
                _notAround(IEpochFaults.Tree.Rewards)
            );
            _refuse(
                abi.encodeCall(
                    faults.creditWithoutCall, (epoch, context, credit, book.callsAround(credit.callKey))
                ),
                _notAround(IEpochFaults.Tree.Calls)
            );
        }
        for (uint256 i; i < book.rewards.length; ++i) {
            address account = book.rewards[i].account;
            IEpochFaults.WrongDelta memory evidence = IEpochFaults.WrongDelta(
                book.rewards.reward(i),
                book.previous.rewardsAround(account),
                book.sumAround(account, false),
                book.sumAround(account, true)
            );
            _refuse(abi.encodeCall(faults.wrongDelta, (epoch, context, evidence)), _noFault(5));
        }
    }

    function _checkSplits(uint256 epoch, Book memory book) private {
        address[9] memory accounts = [
            address(0),
            address(0x11),
            address(0x22),
            PLATFORM,
            STAKERS,
            OWNER,
            address(this),
            address(0xffff),
            address(type(uint160).max)
        ];
        for (uint256 i; i < book.calls.length; ++i) {
            for (uint256 k; k < accounts.length; ++k) {
                IEpochFaults.WrongSplit memory evidence = _split(book, i, accounts[k]);
                _refuse(abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)), _noFault(6));
            }
        }
    }

    function _split(Book memory book, uint256 i, address account)
        private
        view
        returns (IEpochFaults.WrongSplit memory evidence)
    {
        WorldCall memory call = worldCalls[i];
        evidence.account = account;
        evidence.call = book.call(i);
        evidence.anchor = worldBatches[call.key >> 32].anchor;
        evidence.record = call.record;
        evidence.weights = call.weights;
        evidence.credit = book.creditsAround(account, call.key);
    }

    /// @dev Every record of every batch, recorded before or after the proposal: each is neither a false call
    /// nor an omitted one.
    function _checkBatches(uint256 epoch, Book memory book) private {
        for (uint256 batchId = 1; batchId <= ledger.batchCount(); ++batchId) {
            WorldBatch memory batch = worldBatches[batchId];
            if (ledger.anchorOf(batchId) == 0) continue;
            for (uint32 i; i <= batch.anchor.calls; ++i) {
                uint96 key = EpochLeaves.callKey(uint64(batchId), i);
                uint256 at = book.callIndex(key);
                bool counted = at < book.calls.length && book.calls[at].callKey == key;
                _checkOmitted(epoch, book, batch, key, counted);
                if (counted) _checkFalse(epoch, book, batch, at);
            }
        }
    }

    function _checkOmitted(uint256 epoch, Book memory book, WorldBatch memory batch, uint96 key, bool counted)
        private
    {
        IEpochFaults.OmittedCall memory evidence = IEpochFaults.OmittedCall(
            key, batch.anchor, batch.skipped, book.callRun(0, 1), book.callsAround(key)
        );
        uint256 sibling = book.callIndex(key & ~uint96(type(uint32).max));
        if (sibling < book.calls.length) evidence.sibling = book.callRun(sibling, 1);
        bytes memory proof = abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence));
        _refuse(proof, counted ? _notAround(IEpochFaults.Tree.Calls) : _noFault(8));
    }

    function _checkFalse(uint256 epoch, Book memory book, WorldBatch memory batch, uint256 at) private {
        IEpochFaults.FalseCall memory evidence;
        evidence.call = book.call(at);
        evidence.anchor = batch.anchor;
        evidence.data = batch.data;
        if (batch.anchor.mode == 3) {
            uint256 index = uint32(evidence.call.callKey);
            evidence.data = _slice(batch.data, index);
            evidence.recordProof = OrderedTree.proofOf(_recordLeaves(batch.data), index);
        }
        _refuse(abi.encodeCall(faults.falseCall, (epoch, book.context(), evidence)), _noFault(7));
        if (batch.skipped.length == 0) return;
        evidence.skipped = batch.skipped;
        _refuse(abi.encodeCall(faults.falseCall, (epoch, book.context(), evidence)), _noFault(7));
    }

    function _refuse(bytes memory proof, bytes memory expected) private {
        (bool ok, bytes memory reason) = address(disputes).call(abi.encodeCall(disputes.prove, (proof)));
        vm.assertTrue(!ok, "an honest epoch was shown to be faulty");
        vm.assertEq(keccak256(reason), keccak256(expected), "reason");
    }

    function _noFault(uint8 kind) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IEpochFaults.NoFault.selector, kind);
    }

    function _notAround(IEpochFaults.Tree tree) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IEpochFaults.NotAround.selector, tree);
    }
}
