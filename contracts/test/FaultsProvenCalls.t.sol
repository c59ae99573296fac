// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {EpochWorld, WorldBatch, WorldCall} from "./EpochWorld.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev Every fault of calls and splits, put into a random honest epoch, can be proven: kinds 6 to 8.
contract FaultsProvenCallsTest is EpochWorld {
    using EpochBook for Book;
    using EpochBook for EpochLeaves.RewardLeaf[];
    using EpochBook for EpochLeaves.CreditLeaf[];
    using EpochBook for EpochLeaves.CallLeaf[];

    function setUp() public {
        _deployWorld();
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_aWrongCreditIsProven(uint256 seed, uint128 by) public {
        _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 i = _rand(seed, "pick") % book.credits.length;
        EpochLeaves.CreditLeaf memory row = book.credits[i];
        uint96 key = row.callKey;
        address account = row.account;
        uint256 how = seed % 4;
        if (how == 0) {
            row.amount -= uint128(bound(by, 0, row.amount - 1));
            row.amount += 1;
            if (_dueOf(account, key) == row.amount) row.amount += 1;
        } else if (how == 1) {
            row.amount += uint128(bound(by, 1, 1e18));
        } else if (how == 2 && book.credits.length > 1) {
            book.credits = book.credits.remove(i);
        } else {
            account = address(uint160(_rand(seed, "stranger")));
            book.credits = book.credits
            .insert(book.creditIndex(account, key), EpochLeaves.CreditLeaf(account, key, 1, 0));
        }
        book.sum();
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.WrongSplit memory evidence = _split(book, book.callIndex(key), account);
        _assertProven(epoch, 6, abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)));
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_malformedWeightsAreProven(uint256 seed) public {
        _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 i = _rand(seed, "pick") % book.calls.length;
        EpochLeaves.CallWeights memory weights = worldCalls[i].weights;
        uint256 n = weights.retrieval.length;
        address[] memory accounts = new address[](n + 1);
        uint128[] memory counts = new uint128[](n + (seed % 2));
        for (uint256 k; k < n; ++k) {
            (accounts[k], counts[k]) = (weights.retrieval[k], 1);
        }
        // The last weight is missing or its account is zero.
        weights.retrieval = accounts;
        weights.retrievalWeights = counts;
        book.calls[i].weightsHash = keccak256(abi.encode(weights));
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.WrongSplit memory evidence = _split(book, i, STRANGER);
        evidence.weights = weights;
        evidence.credit = new IEpochFaults.CreditProof[](0);
        _assertProven(epoch, 6, abi.encodeCall(faults.wrongSplit, (epoch, book.context(), evidence)));
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_aCreditOfNoCallIsProven(uint256 seed, uint96 key) public {
        _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 at = book.callIndex(key);
        if (at < book.calls.length && book.calls[at].callKey == key) key = 1;
        at = book.creditIndex(STRANGER, key);
        book.credits = book.credits.insert(at, EpochLeaves.CreditLeaf(STRANGER, key, 1, 0));
        book.sum();
        book.seal();
        uint256 epoch = _propose(book);
        bytes memory proof = abi.encodeCall(
            faults.creditWithoutCall, (epoch, book.context(), book.credit(at), book.callsAround(key))
        );
        _assertProven(epoch, 6, proof);
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_aCallWithAnotherRecordIsProven(uint256 seed) public {
        _recordRandom(seed);
        Book memory book = _honestBook();
        uint256 i = _rand(seed, "pick") % book.calls.length;
        book.calls[i].recordHash = keccak256(abi.encode(seed));
        book.seal();
        uint256 epoch = _propose(book);
        _assertProven(epoch, 7, abi.encodeCall(faults.falseCall, (epoch, book.context(), _false(book, i))));
    }

    /// @dev Skipped, dropped, unsettled, unknown, beyond the end of its batch, or recorded later.
    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_aCallThatDoesNotCountIsProven(uint256 seed) public {
        _recordRandom(seed);
        uint256 batchId = ledger.batchCount() + 1;
        uint32 index;
        uint256 how = seed % 6;
        if (how == 0) {
            _recordPacked(seed, 1);
        } else if (how == 1) {
            _drop(_commit(seed));
        } else if (how == 2) {
            _commit(seed);
        } else if (how == 3) {
            batchId += seed % 7;
        } else if (how == 4) {
            _recordPacked(seed, 0);
            index = worldBatches[batchId].anchor.calls;
        }
        Book memory book = _honestBook();
        // Recorded after the last block of the epoch.
        if (how == 5) _recordPacked(seed, 0);
        uint96 key = EpochLeaves.callKey(uint64(batchId), index);
        uint256 at = book.callIndex(key);
        book.calls = book.calls.insert(at, EpochLeaves.CallLeaf(key, HASH, HASH));
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.FalseCall memory evidence;
        evidence.call = book.call(at);
        evidence.anchor = worldBatches[batchId].anchor;
        evidence.skipped = worldBatches[batchId].skipped;
        _assertProven(epoch, 7, abi.encodeCall(faults.falseCall, (epoch, book.context(), evidence)));
    }

    function test_aCallOfAnEarlierEpochIsProven() public {
        _recordPacked(1, 0);
        _closeEpoch();
        _recordPacked(2, 0);
        Book memory book = _honestBook();
        uint96 key = EpochLeaves.callKey(1, 0);
        book.calls = book.calls.insert(0, EpochLeaves.CallLeaf(key, keccak256(_slice(_dataOf(1), 0)), HASH));
        book.seal();
        uint256 epoch = _propose(book);
        _assertProven(epoch, 7, abi.encodeCall(faults.falseCall, (epoch, book.context(), _false(book, 0))));
    }

    /// forge-config: default.fuzz.runs = 40
    /// forge-config: ci.fuzz.runs = 400
    function testFuzz_anOmittedCallIsProven(uint256 seed) public {
        if (seed % 2 == 0) {
            _recordRandom(_rand(seed, "earlier"));
            _closeEpoch();
        }
        _recordRandom(seed);
        Book memory book = _honestBook();
        // Of a settled batch at least one call must be there.
        uint256 i = _rand(seed, "pick") % book.calls.length;
        while (_isAlone(book, i)) i = (i + 1) % book.calls.length;
        uint96 key = book.calls[i].callKey;
        WorldBatch memory batch = worldBatches[key >> 32];
        book.calls = book.calls.remove(i);
        if (book.calls.length == 0) book.calls = book.calls.insert(0, EpochLeaves.CallLeaf(1, HASH, HASH));
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.OmittedCall memory evidence;
        evidence.callKey = key;
        evidence.anchor = batch.anchor;
        evidence.skipped = batch.skipped;
        evidence.neighbours = book.callsAround(key);
        if (batch.anchor.mode == 3) {
            uint256 sibling = book.callIndex(key & ~uint96(type(uint32).max));
            evidence.sibling = book.callRun(sibling, 1);
        }
        _assertProven(epoch, 8, abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence)));
    }

    function test_theFirstEpochCannotStartLate() public {
        _recordPacked(1, 0);
        _recordPacked(2, 0);
        Book memory book = _honestBook();
        uint96 key = book.calls[0].callKey;
        book.calls = book.calls.remove(0);
        book.proposal.fromBlock = worldBatches[1].anchor.blockNumber + 1;
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.OmittedCall memory evidence = IEpochFaults.OmittedCall(
            key,
            worldBatches[1].anchor,
            worldBatches[1].skipped,
            new IEpochFaults.CallProof[](0),
            book.callsAround(key)
        );
        _assertProven(epoch, 8, abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence)));
    }

    /// @dev Else an operator could keep the body back and then have the poster slashed.
    function test_aSettledBatchThatIsLeftOutAsAWholeIsNoProvableFault() public {
        _recordPacked(1, 0);
        Book memory book = _honestBook();
        IInferenceLedger.CommittedBatch memory batch = _commit(2);
        _settle(batch, 2);
        Book memory whole = _honestBook();
        book.proposal.toBlock = whole.proposal.toBlock;
        book.proposal.toBlockHash = whole.proposal.toBlockHash;
        uint256 epoch = _propose(book);
        uint96 key = EpochLeaves.callKey(uint64(batch.batchId), 0);
        IEpochFaults.OmittedCall memory evidence = IEpochFaults.OmittedCall(
            key,
            worldBatches[batch.batchId].anchor,
            new IEpochFaults.RecordRange[](0),
            new IEpochFaults.CallProof[](0),
            book.callsAround(key)
        );
        bytes memory proof = abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence));
        vm.expectRevert(abi.encodeWithSelector(IEpochFaults.WrongLeafCount.selector, 0));
        disputes.prove(proof);
        evidence.sibling = book.callRun(0, 1);
        proof = abi.encodeCall(faults.omittedCall, (epoch, book.context(), evidence));
        vm.expectRevert(IEpochFaults.LeavesDiffer.selector);
        disputes.prove(proof);
    }

    /// @dev A settled batch may hold a record that is none: its call is false whatever the leaf says.
    function test_aCallOfARecordThatIsTooShortIsProven() public {
        _recordPacked(1, 0);
        bytes memory odd = hex"1234";
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = keccak256(bytes.concat(hex"00", odd));
        IInferenceLedger.BatchAnchor memory anchor = _settleOdd(leaves[0]);
        Book memory book = _honestBook();
        uint96 key = EpochLeaves.callKey(2, 0);
        book.calls = book.calls
            .insert(
                book.calls.length, EpochLeaves.CallLeaf(key, keccak256(odd), keccak256(abi.encode("weights")))
            );
        book.seal();
        uint256 epoch = _propose(book);
        IEpochFaults.FalseCall memory evidence;
        evidence.call = book.call(book.calls.length - 1);
        evidence.anchor = anchor;
        evidence.data = odd;
        _assertProven(epoch, 7, abi.encodeCall(faults.falseCall, (epoch, book.context(), evidence)));
    }

    /// @dev Commits a batch of one leaf and settles it with an empty fee.
    function _settleOdd(bytes32 root) private returns (IInferenceLedger.BatchAnchor memory anchor) {
        IInferenceLedger.CommittedBatch[] memory batches = new IInferenceLedger.CommittedBatch[](1);
        batches[0] = IInferenceLedger.CommittedBatch(
            2, uint64(vm.getBlockNumber()), uint64(vm.getBlockTimestamp()), 1, root
        );
        vm.prank(OPERATOR);
        ledger.commitBatch(1, 1, root, HASH, hex"00");
        IInferenceLedger.SettledLane[] memory lanes = new IInferenceLedger.SettledLane[](1);
        lanes[0].voucher = IInferenceLedger.Voucher(vm.addr(7), OPERATOR, 1, 1, 1, 0, HASH);
        lanes[0].signer = vm.addr(7);
        lanes[0].calls = 1;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(7, ledger.hashVoucher(lanes[0].voucher));
        lanes[0].signature = abi.encodePacked(r, s, v);
        vm.prank(OPERATOR);
        ledger.settle(batches, lanes);
        anchor = IInferenceLedger.BatchAnchor(
            3, OPERATOR, batches[0].blockNumber, batches[0].recordedAt, 1, root, 0
        );
        _pass();
    }

    /// @dev Terms that were not set yet, or set in the same second, leave the call to the platform, and to
    /// claim otherwise is a fault.
    function test_termsThatComeLateDoNotBind() public {
        uint256 seed = _seedOf(1, 3, 1);
        _recordPacked(seed, 0);
        vm.prank(OWNER);
        models.setTerms(1, 0, 0, 1000, 9000, 0, 0, 0);
        vm.assertEq(models.termsOf(1, 3).ownerBps, 9000, "now they are set");
        Book memory book = _honestBook();
        for (uint256 i; i < book.credits.length; ++i) {
            vm.assertEq(book.credits[i].account, PLATFORM, "the platform's");
        }
        WorldCall memory call = worldCalls[0];
        uint128 owned = uint128(_field(call.record, 28, 12)) * 9 / 10;
        book.credits[0].amount -= owned;
        uint256 at = book.creditIndex(OWNER, call.key);
        book.credits = book.credits.insert(at, EpochLeaves.CreditLeaf(OWNER, call.key, owned, 0));
        book.sum();
        book.seal();
        uint256 epoch = _propose(book);
        _assertProven(
            epoch, 6, abi.encodeCall(faults.wrongSplit, (epoch, book.context(), _split(book, 0, OWNER)))
        );
    }

    function _dueOf(address account, uint96 key) private view returns (uint256) {
        Book memory honest = _honestBook();
        uint256 at = honest.creditIndex(account, key);
        return honest.credits[at].amount;
    }

    function _dataOf(uint256 batchId) private view returns (bytes memory) {
        return worldBatches[batchId].data;
    }

    /// @dev Whether the call is the only one of a settled batch.
    function _isAlone(Book memory book, uint256 i) private view returns (bool) {
        WorldBatch memory batch = worldBatches[book.calls[i].callKey >> 32];
        return batch.anchor.mode == 3 && batch.anchor.calls == 1;
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

    function _false(Book memory book, uint256 i)
        private
        view
        returns (IEpochFaults.FalseCall memory evidence)
    {
        evidence.call = book.call(i);
        WorldBatch memory batch = worldBatches[evidence.call.callKey >> 32];
        evidence.anchor = batch.anchor;
        evidence.data = batch.data;
        if (batch.anchor.mode == 3) {
            uint256 index = uint32(evidence.call.callKey);
            evidence.data = _slice(batch.data, index);
            evidence.recordProof = OrderedTree.proofOf(_recordLeaves(batch.data), index);
        }
    }
}
