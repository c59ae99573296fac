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
    using EpochBook for EpochLeaves.CreditLeaf[];

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

        _checkAll(epoch, book);
    }

    /// @dev One call of the platform's model: every tree is a single leaf, which is the first and the last.
    function test_genuineEvidenceOfAnEpochOfOneLeafShowsNothing() public {
        _recordPacked(_seedOf(2, 1, 1), 0);
        Book memory book = _honestBook();
        vm.assertEq(book.rewards.length * book.credits.length * book.calls.length, 1, "single leaves");
        _checkAll(_propose(book), book);
        vm.warp(vm.getBlockTimestamp() + WINDOW);
    }

    function test_aFirstEpochHasNothingBeforeItToDecreaseFrom() public {
        _recordPacked(_seedOf(2, 1, 1), 0);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        IEpochFaults.RewardProof memory leaf = book.rewards.reward(0);
        _refuse(
            abi.encodeCall(faults.decreasedCumulative, (epoch, book.context(), leaf, leaf)),
            abi.encodeWithSelector(IEpochFaults.NoPreviousEpoch.selector)
        );
    }

    function test_leavesThatAreNotInTheTreesProveNothing() public {
        (uint256 epoch, Book memory book) = _smallEpoch();
        IEpochFaults.WrongSplit memory evidence = _split(book, 0, book.credits[0].account);
        evidence.credit[0].amount += 1;
        _refuse(
            abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.InvalidLeaf.selector, IEpochFaults.Tree.Credits, 0)
        );
        evidence = _split(book, 0, book.credits[0].account);
        evidence.weights.influence = new address[](1);
        evidence.weights.influence[0] = STRANGER;
        evidence.weights.influenceWeights = new uint128[](1);
        evidence.weights.influenceWeights[0] = 1;
        evidence.call.weightsHash = keccak256(abi.encode(evidence.weights));
        _refuse(
            abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.InvalidLeaf.selector, IEpochFaults.Tree.Calls, 0)
        );
    }

    function test_everyProofIsAboutWhatWasProposed() public {
        (uint256 epoch, Book memory book) = _smallEpoch();
        IEpochFaults.Context memory other = book.context();
        other.proposal.totalEarned += 1;
        IEpochFaults.RewardProof memory reward = book.rewards.reward(0);
        bytes memory wrong = abi.encodeWithSelector(IEpochFaults.WrongContext.selector, epoch);
        _refuse(abi.encodeCall(faults.decreasedCumulative, (epoch, other, reward, reward)), wrong);
        _refuse(abi.encodeCall(faults.misorderedAccounts, (epoch, other, reward, reward)), wrong);
        _refuse(
            abi.encodeCall(faults.misorderedCredits, (epoch, other, book.credit(0), book.credit(0))), wrong
        );
        _refuse(abi.encodeCall(faults.misorderedCalls, (epoch, other, book.call(0), book.call(0))), wrong);
        _refuse(abi.encodeCall(faults.sumMismatch, (epoch, other, book.rewards.rewardRun(0, 1))), wrong);
        _refuse(abi.encodeCall(faults.creditSumMismatch, (epoch, other, book.creditRun(0, 1))), wrong);
        _refuse(
            abi.encodeCall(faults.wrongSplit, (epoch, other, _split(book, 0, book.credits[0].account))), wrong
        );
        _refuse(abi.encodeCall(faults.wrongBlockHash, (epoch, other)), wrong);
    }

    function test_threeLeavesAreAroundNothing() public {
        (uint256 epoch, Book memory book) = _smallEpoch();
        IEpochFaults.CallProof[] memory neighbours = new IEpochFaults.CallProof[](3);
        for (uint256 i; i < 3; ++i) {
            neighbours[i] = book.call(0);
        }
        WorldBatch memory batch = worldBatches[1];
        IEpochFaults.OmittedCall memory evidence = IEpochFaults.OmittedCall(
            book.calls[0].callKey, batch.anchor, batch.skipped, book.callRun(0, 1), neighbours
        );
        _refuse(
            abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.WrongLeafCount.selector, 3)
        );
    }

    function test_threeCreditsAreAroundNoPlace() public {
        (uint256 epoch, Book memory book) = _smallEpoch();
        IEpochFaults.WrongDelta memory evidence = _delta(book, 0);
        IEpochFaults.CreditProof[] memory start = new IEpochFaults.CreditProof[](3);
        for (uint256 i; i < 3; ++i) {
            start[i] = evidence.start[0];
        }
        evidence.start = start;
        _refuse(
            abi.encodeCall(faults.wrongDelta, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.WrongLeafCount.selector, 3)
        );
    }

    function test_nothingIsAroundAPlaceBeforeTheFirstEpoch() public {
        _recordPacked(_seedOf(2, 1, 1), 0);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        IEpochFaults.WrongDelta memory evidence = _delta(book, 0);
        evidence.previous = new IEpochFaults.RewardProof[](1);
        evidence.previous[0] = book.rewards.reward(0);
        _refuse(
            abi.encodeCall(faults.wrongDelta, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.WrongLeafCount.selector, 1)
        );
    }

    /// @dev The same accounts again, and a new call of one of them, over an epoch of one leaf.
    function test_genuineEvidenceOfAnEpochAfterOneOfOneLeafShowsNothing() public {
        _recordPacked(_seedOf(2, 1, 1), 0);
        _closeEpoch();
        _recordPacked(_seedOf(1, 1, 3), 0);
        Book memory book = _honestBook();
        _checkAll(_propose(book), book);
    }

    /// @dev A leaf of nothing may stay or go: it is no balance.
    function test_aLeafOfNothingMayComeAndGo() public {
        _recordPacked(1, 0);
        Book memory first = _honestBook();
        uint256 at = first.rewards.rewardIndex(STRANGER);
        first.rewards = first.rewards.insert(at, EpochLeaves.RewardLeaf(STRANGER, 0, 0));
        first.sum();
        first.seal();
        _closeEpoch(first);
        _recordPacked(2, 0);
        Book memory book = _honestBook();
        at = book.rewards.rewardIndex(STRANGER);
        vm.assertEq(book.rewards[at].account, STRANGER, "it stays");
        _checkAll(_propose(book), book);
        vm.prank(GUARDIAN);
        rewards.reject(2, 1);
        book.rewards = book.rewards.remove(at);
        book.sum();
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.RewardProof memory previous = book.previous.reward(book.previous.rewardIndex(STRANGER));
        _refuse(
            abi.encodeCall(
                faults.omittedAccount, (epoch, book.context(), previous, book.rewards.rewardsAround(STRANGER))
            ),
            _noFault(4)
        );
    }

    function test_aCreditOfNothingMovesNothing() public {
        _recordPacked(1, 0);
        Book memory book = _honestBook();
        uint96 key = book.calls[0].callKey;
        uint256 at = book.creditIndex(STRANGER, key);
        book.credits = book.credits.insert(at, EpochLeaves.CreditLeaf(STRANGER, key, 0, 0));
        book.sum();
        book.seal();
        uint256 epoch = _propose(book);
        _refuse(
            abi.encodeCall(
                faults.omittedCreditor,
                (epoch, book.context(), book.credit(at), book.rewards.rewardsAround(STRANGER))
            ),
            _noFault(4)
        );
        _refuse(
            abi.encodeCall(faults.wrongSplit, (epoch, book.context(), _split(book, 0, STRANGER))), _noFault(6)
        );
    }

    /// @dev Else a call could be moved to a time before its terms were set.
    function test_anAnchorThatIsNotTheLedgersProvesNothing() public {
        _recordPacked(_seedOf(1, 1, 1), 0);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        IEpochFaults.WrongSplit memory evidence = _split(book, 0, PLATFORM);
        evidence.anchor.recordedAt = 1;
        _refuse(
            abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)),
            abi.encodeWithSelector(IEpochFaults.WrongAnchor.selector, 1)
        );
    }

    function test_aLeafIsMissingOnlyInTheTreesOfTheEpochAndBelowTheirNumber() public {
        _recordPacked(_seedOf(1, 1, 3), 0);
        Book memory book = _honestBook();
        uint256 epoch = _propose(book);
        vm.assertEq(book.calls.length, 3, "calls");
        bytes32[] memory proof = book.call(2).proof;
        proof[0] = EpochBook.hashes(book.calls)[2];
        _refuseMissing(epoch, book, IEpochFaults.Tree.Calls, 3, proof);
        _refuseMissing(epoch, book, IEpochFaults.Tree.Calls, 2, proof);
        _refuseMissing(epoch, book, IEpochFaults.Tree.Calls, 2, new bytes32[](0));
        _refuseMissing(epoch, book, IEpochFaults.Tree.PreviousRewards, 0, new bytes32[](0));
    }

    function _refuseMissing(
        uint256 epoch,
        Book memory book,
        IEpochFaults.Tree tree,
        uint32 index,
        bytes32[] memory proof
    ) private {
        bytes memory faultCall =
            abi.encodeCall(faults.missingLeaf, (epoch, book.context(), tree, index, proof));
        _refuse(faultCall, abi.encodeWithSelector(IEpochFaults.InvalidLeaf.selector, tree, index));
    }

    function _smallEpoch() private returns (uint256 epoch, Book memory book) {
        _recordPacked(_seedOf(2, 1, 1), 0);
        book = _honestBook();
        epoch = _propose(book);
    }

    function _checkAll(uint256 epoch, Book memory book) private {
        _checkOrder(epoch, book);
        _checkSums(epoch, book);
        _checkAccounts(epoch, book);
        _checkSplits(epoch, book);
        _checkGaps(epoch, book);
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
                previous.cumulative == 0 ? _noFault(4) : _notAround(IEpochFaults.Tree.Rewards)
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
            IEpochFaults.WrongDelta memory evidence = _delta(book, i);
            _refuse(abi.encodeCall(faults.wrongDelta, (epoch, context, evidence)), _noFault(5));
        }
    }

    function _delta(Book memory book, uint256 i) private pure returns (IEpochFaults.WrongDelta memory) {
        address account = book.rewards[i].account;
        return IEpochFaults.WrongDelta(
            book.rewards.reward(i),
            book.previous.rewardsAround(account),
            book.sumAround(account, false),
            book.sumAround(account, true)
        );
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

    /// @dev Two neighbours of which one is the leaf itself are not around its place.
    function _checkGaps(uint256 epoch, Book memory book) private {
        for (uint256 i; i + 1 < book.credits.length; ++i) {
            for (uint256 k; k < 2; ++k) {
                EpochLeaves.CreditLeaf memory row = book.credits[i + k];
                IEpochFaults.WrongSplit memory evidence =
                    _split(book, book.callIndex(row.callKey), row.account);
                evidence.credit = book.creditRun(i, 2);
                _refuse(
                    abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)),
                    _notAround(IEpochFaults.Tree.Credits)
                );
            }
        }
        for (uint256 i; i + 1 < book.rewards.length; ++i) {
            for (uint256 k; k < 2; ++k) {
                uint256 at = book.creditIndex(book.rewards[i + k].account, 0);
                if (at == book.credits.length || book.credits[at].account != book.rewards[i + k].account) {
                    continue;
                }
                _refuse(
                    abi.encodeCall(
                        faults.omittedCreditor,
                        (epoch, book.context(), book.credit(at), book.rewards.rewardRun(i, 2))
                    ),
                    _notAround(IEpochFaults.Tree.Rewards)
                );
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
