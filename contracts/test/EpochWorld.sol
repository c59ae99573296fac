// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {DisputesFixture} from "./DisputesFixture.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {OrderedTree} from "./OrderedTree.sol";
import {ReferenceSplit} from "./ReferenceSplit.sol";

/// @dev A call that counts.
struct WorldCall {
    uint96 key;
    uint64 recordedAt;
    bytes record;
    EpochLeaves.CallWeights weights;
}

/// @dev A batch as the ledger has it, whether its calls count or not.
struct WorldBatch {
    IInferenceLedger.BatchAnchor anchor;
    bytes data;
    IEpochFaults.RecordRange[] skipped;
}

/// @dev Random calls in the real ledger, and the honest epoch that follows from them.
abstract contract EpochWorld is DisputesFixture {
    using EpochBook for Book;
    using EpochBook for EpochLeaves.RewardLeaf[];
    using EpochBook for EpochLeaves.CreditLeaf[];

    address internal constant OWNER = address(0x0e0e);
    uint256 private constant PAYERS = 3;

    /// @dev Calls since the last epoch, ascending.
    WorldCall[] internal worldCalls;
    mapping(uint256 batchId => WorldBatch batch) internal worldBatches;
    EpochLeaves.RewardLeaf[] private _previous;

    function _deployWorld() internal {
        _deploy();
        uint256[] memory datanets = new uint256[](1);
        datanets[0] = models.datanets().createDatanet(HASH, "", 0);
        vm.prank(OWNER);
        models.registerModel("first", HASH, datanets);
        vm.prank(OWNER);
        models.setTerms(1, 0, 0, 1000, 1500, 500, 7000, 2500);
        vm.prank(OWNER);
        models.setTerms(1, 0, 0, 3333, 3333, 1, 3333, 0);
        models.registerModel("second", HASH, datanets);
        models.setTerms(2, 0, 0, 10_000, 0, 0, 0, 0);
        models.setTerms(2, 0, 0, 100, 0, 0, 9900, 10_000);
        for (uint256 i; i < PAYERS; ++i) {
            escrow.depositFor(vm.addr(_key(i)), OPERATOR, 1e20);
        }
        // What false epochs declare too much, so that no cap of the distributor stops them first.
        rewards.fund(1e24);
        _pass();
    }

    /// @dev One to four batches of any kind; at least one call with a fee counts.
    function _recordRandom(uint256 seed) internal {
        uint256 batches = 1 + _rand(seed, "batches") % 3;
        _recordPacked(_rand(seed, "sure"), 0);
        for (uint256 i; i < batches; ++i) {
            uint256 kind = _rand(seed, i) % 4;
            if (kind < 2) {
                _recordPacked(_rand(seed, i + 100), 4);
            } else {
                IInferenceLedger.CommittedBatch memory batch = _commit(_rand(seed, i + 100));
                if (kind == 2) _settle(batch, _rand(seed, i + 100));
                else if (_rand(seed, i) % 8 == 7) _drop(batch);
            }
        }
    }

    /// @dev A packed batch of one to three lanes, one in `skipOneIn` of them badly signed; 0 for none.
    function _recordPacked(uint256 seed, uint256 skipOneIn) internal returns (uint256 batchId) {
        uint256 count = 1 + _rand(seed, "lanes") % PAYERS;
        IInferenceLedger.Lane[] memory lanes = new IInferenceLedger.Lane[](count);
        bool[] memory skipped = new bool[](count);
        bytes memory data;
        batchId = ledger.batchCount() + 1;
        for (uint256 i; i < count; ++i) {
            uint256 word = _rand(seed, i);
            skipped[i] = skipOneIn != 0 && _rand(word, "skip") % skipOneIn == 0;
            bytes memory records = _records(i, word);
            lanes[i] = _lane(i, records, skipped[i]);
            data = bytes.concat(data, records);
        }
        vm.prank(OPERATOR);
        ledger.recordBatch(1, data, HASH, lanes);
        _rememberPacked(batchId, data, lanes, skipped, seed);
        _pass();
    }

    /// @dev A seed whose packed batch is one lane of `calls` calls of this model and these terms.
    function _seedOf(uint32 modelId, uint16 termsVersion, uint256 calls)
        internal
        pure
        returns (uint256 seed)
    {
        for (seed = 1;; ++seed) {
            if (_rand(seed, "lanes") % PAYERS != 0) continue;
            bytes memory records = _records(0, _rand(seed, uint256(0)));
            if (records.length != calls * 116) continue;
            if (_field(records, 20, 4) == modelId && _field(records, 26, 2) == termsVersion) return seed;
        }
    }

    function _commit(uint256 seed) internal returns (IInferenceLedger.CommittedBatch memory batch) {
        bytes memory data = _records(_rand(seed, "payer") % PAYERS, seed);
        batch.calls = uint32(data.length / 116);
        batch.root = OrderedTree.rootOf(_recordLeaves(data));
        batch.blockNumber = uint64(vm.getBlockNumber());
        batch.recordedAt = uint64(vm.getBlockTimestamp());
        vm.prank(OPERATOR);
        batch.batchId = ledger.commitBatch(1, batch.calls, batch.root, HASH, hex"00");
        worldBatches[batch.batchId].data = data;
        _rememberAnchor(batch.batchId, 2, batch.calls, batch.root, 0);
        _pass();
    }

    function _settle(IInferenceLedger.CommittedBatch memory batch, uint256 seed) internal {
        bytes memory data = worldBatches[batch.batchId].data;
        IInferenceLedger.Lane memory lane = _lane(_rand(seed, "payer") % PAYERS, data, false);
        IInferenceLedger.CommittedBatch[] memory batches = new IInferenceLedger.CommittedBatch[](1);
        batches[0] = batch;
        IInferenceLedger.SettledLane[] memory lanes = new IInferenceLedger.SettledLane[](1);
        lanes[0] = IInferenceLedger.SettledLane(
            lane.voucher, lane.signer, lane.voucher.cumulativeMaxFee, lane.calls, lane.signature
        );
        vm.prank(OPERATOR);
        ledger.settle(batches, lanes);
        _rememberAnchor(batch.batchId, 3, batch.calls, batch.root, 0);
        for (uint256 i; i < batch.calls; ++i) {
            _count(batch.batchId, i, _slice(data, i), seed);
        }
        _pass();
    }

    function _drop(IInferenceLedger.CommittedBatch memory batch) internal {
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
    }

    /// @dev The epoch that follows from all calls since the last one.
    function _honestBook() internal view returns (Book memory book) {
        book.poster = POSTER;
        book.previousEpoch = rewards.activeEpoch();
        book.previous = _previous;
        book.calls = new EpochLeaves.CallLeaf[](worldCalls.length);
        book.credits = new EpochLeaves.CreditLeaf[](0);
        for (uint256 i; i < worldCalls.length; ++i) {
            WorldCall memory call = worldCalls[i];
            book.calls[i] =
                EpochLeaves.CallLeaf(call.key, keccak256(call.record), keccak256(abi.encode(call.weights)));
            _addCredits(book, call);
        }
        _addRewards(book);
        book.sum();
        book.seal();
        uint64 last = uint64(vm.getBlockNumber()) - 1;
        uint64 toBlock = rewards.epochOf(book.previousEpoch).toBlock;
        book.proposal.fromBlock = book.previousEpoch == 0 ? 0 : toBlock + 1;
        book.proposal.toBlock = last;
        book.proposal.toBlockHash = blockhash(last);
        book.proposal.dataHash = HASH;
        book.proposal.engineHash = HASH;
    }

    function _propose(Book memory book) internal returns (uint256 epoch) {
        vm.prank(POSTER);
        return rewards.propose(book.proposal);
    }

    /// @dev Makes the honest epoch active and starts the next one.
    function _closeEpoch() internal {
        _closeEpoch(_honestBook());
    }

    function _closeEpoch(Book memory book) internal {
        uint256 epoch = _propose(book);
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        rewards.activate(epoch);
        delete _previous;
        for (uint256 i; i < book.rewards.length; ++i) {
            _previous.push(book.rewards[i]);
        }
        delete worldCalls;
        _pass();
    }

    function _termsFor(bytes memory record, uint64 recordedAt)
        internal
        view
        returns (IModelRegistry.Terms memory terms, FeeSplit.Payees memory payees)
    {
        uint256 model = _field(record, 20, 4);
        terms = models.termsOf(model, _field(record, 26, 2));
        payees = FeeSplit.Payees(PLATFORM, models.modelOf(model).owner, STAKERS);
        if (terms.validFrom == 0 || terms.validFrom >= recordedAt) {
            terms = IModelRegistry.Terms(0, 0, 10_000, 0, 0, 0, 0, 0);
        }
    }

    function _slice(bytes memory data, uint256 i) internal pure returns (bytes memory record) {
        record = new bytes(116);
        for (uint256 k; k < 116; ++k) {
            record[k] = data[i * 116 + k];
        }
    }

    function _recordLeaves(bytes memory data) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](data.length / 116);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = keccak256(bytes.concat(hex"00", _slice(data, i)));
        }
    }

    function _field(bytes memory record, uint256 offset, uint256 length)
        internal
        pure
        returns (uint256 value)
    {
        for (uint256 i; i < length; ++i) {
            value = (value << 8) | uint8(record[offset + i]);
        }
    }

    function _rand(uint256 seed, string memory what) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what)));
    }

    function _rand(uint256 seed, uint256 what) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what)));
    }

    /// @dev Next block, some seconds later.
    function _pass() internal {
        vm.roll(vm.getBlockNumber() + 2);
        vm.warp(vm.getBlockTimestamp() + 12);
    }

    /// @dev Claimants from a small set, so that accounts often have several roles.
    function _weights(uint256 seed, bytes memory record, uint64 recordedAt)
        internal
        view
        returns (EpochLeaves.CallWeights memory weights)
    {
        (IModelRegistry.Terms memory terms,) = _termsFor(record, recordedAt);
        if (terms.contributorsBps == 0) return weights;
        (weights.influence, weights.influenceWeights) =
            _claimants(_rand(seed, "influence"), 1 + _rand(seed, "n") % 4);
        (weights.retrieval, weights.retrievalWeights) =
            _claimants(_rand(seed, "retrieval"), _rand(seed, "m") % 3);
    }

    function _claimants(uint256 seed, uint256 count)
        private
        pure
        returns (address[] memory accounts, uint128[] memory weights)
    {
        address[7] memory pool = [
            address(0x11),
            address(0x22),
            PLATFORM,
            STAKERS,
            OWNER,
            address(0xffff),
            address(type(uint160).max)
        ];
        accounts = new address[](count);
        weights = new uint128[](count);
        uint256 next;
        for (uint256 i; i < count; ++i) {
            uint256 room = pool.length - next - (count - i);
            next += _rand(seed, i) % (room + 1);
            accounts[i] = pool[next++];
            weights[i] = uint128(1 + _rand(seed, i + 10) % (seed % 2 == 0 ? 5 : type(uint128).max));
        }
    }

    function _records(uint256 payer, uint256 seed) private pure returns (bytes memory data) {
        uint32[6] memory modelIds = [uint32(1), 1, 2, 2, 1, 9];
        uint16[6] memory versions = [uint16(1), 2, 1, 2, 3, 1];
        uint256 kind = _rand(seed, "kind") % 6;
        uint256 count = 1 + _rand(seed, "count") % 3;
        for (uint256 i; i < count; ++i) {
            uint256 word = _rand(seed, i + 1000);
            uint96 fee = word % 8 == 0 && i != 0 ? 0 : uint96(1 + (word >> 8) % 100_000);
            data = bytes.concat(
                data,
                abi.encodePacked(vm.addr(_key(payer)), modelIds[kind], uint16(1), versions[kind], fee),
                abi.encodePacked(uint32(11), uint32(22), uint32(33), bytes32(word), bytes32("output"))
            );
        }
    }

    function _lane(uint256 payer, bytes memory records, bool bad)
        private
        view
        returns (IInferenceLedger.Lane memory lane)
    {
        IInferenceLedger.Voucher memory voucher;
        voucher.payer = vm.addr(_key(payer));
        voucher.operator = OPERATOR;
        voucher.modelId = uint32(_field(records, 20, 4));
        voucher.termsVersion = uint16(_field(records, 26, 2));
        IInferenceLedger.LaneState memory state =
            ledger.laneOf(voucher.payer, OPERATOR, voucher.modelId, voucher.termsVersion);
        uint256 count = records.length / 116;
        voucher.calls = state.calls + uint64(count);
        voucher.cumulativeMaxFee = state.charged;
        voucher.callsChain = state.callsChain;
        for (uint256 i; i < count; ++i) {
            bytes memory record = _slice(records, i);
            voucher.cumulativeMaxFee += uint128(_field(record, 28, 12));
            voucher.callsChain =
                keccak256(abi.encodePacked(voucher.callsChain, bytes32(_field(record, 52, 32))));
        }
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(bad ? _key(payer) + 1000 : _key(payer), ledger.hashVoucher(voucher));
        lane = IInferenceLedger.Lane(voucher, voucher.payer, uint32(count), abi.encodePacked(r, s, v));
    }

    function _key(uint256 payer) private pure returns (uint256) {
        return 0xa11ce + payer;
    }

    function _rememberPacked(
        uint256 batchId,
        bytes memory data,
        IInferenceLedger.Lane[] memory lanes,
        bool[] memory skipped,
        uint256 seed
    ) private {
        worldBatches[batchId].data = data;
        uint256 first;
        bytes32 hash;
        for (uint256 i; i < lanes.length; ++i) {
            uint256 end = first + lanes[i].calls;
            if (skipped[i]) {
                worldBatches[batchId].skipped.push(IEpochFaults.RecordRange(first, end));
                hash = keccak256(abi.encode(hash, first, end));
            } else {
                for (uint256 k = first; k < end; ++k) {
                    _count(batchId, k, _slice(data, k), seed);
                }
            }
            first = end;
        }
        _rememberAnchor(batchId, 1, uint32(first), keccak256(data), hash);
    }

    function _rememberAnchor(uint256 batchId, uint8 mode, uint32 calls, bytes32 digest, bytes32 skipped)
        private
    {
        worldBatches[batchId].anchor = IInferenceLedger.BatchAnchor(
            mode,
            OPERATOR,
            uint64(vm.getBlockNumber()),
            uint64(vm.getBlockTimestamp()),
            calls,
            digest,
            skipped
        );
        vm.assertEq(
            ledger.anchorOf(batchId), keccak256(abi.encode(worldBatches[batchId].anchor)), "the anchor"
        );
    }

    /// @dev Keeps the calls ascending: a batch may be settled after later ones were recorded.
    function _count(uint256 batchId, uint256 index, bytes memory record, uint256 seed) private {
        uint96 key = EpochLeaves.callKey(uint64(batchId), uint32(index));
        uint64 recordedAt = uint64(vm.getBlockTimestamp());
        worldCalls.push(
            WorldCall(key, recordedAt, record, _weights(_rand(seed, index + 5000), record, recordedAt))
        );
        for (uint256 i = worldCalls.length - 1; i > 0 && worldCalls[i - 1].key > key; --i) {
            WorldCall memory other = worldCalls[i - 1];
            worldCalls[i - 1] = worldCalls[i];
            worldCalls[i] = other;
        }
    }

    function _addCredits(Book memory book, WorldCall memory call) private view {
        (IModelRegistry.Terms memory terms, FeeSplit.Payees memory payees) =
            _termsFor(call.record, call.recordedAt);
        (address[] memory accounts, uint256[] memory amounts) =
            ReferenceSplit.shares(uint96(_field(call.record, 28, 12)), terms, payees, call.weights);
        for (uint256 i; i < accounts.length; ++i) {
            if (amounts[i] == 0) continue;
            uint256 at = book.creditIndex(accounts[i], call.key);
            if (
                at < book.credits.length && book.credits[at].account == accounts[i]
                    && book.credits[at].callKey == call.key
            ) {
                book.credits[at].amount += uint128(amounts[i]);
            } else {
                book.credits = book.credits
                    .insert(at, EpochLeaves.CreditLeaf(accounts[i], call.key, uint128(amounts[i]), 0));
            }
        }
    }

    function _addRewards(Book memory book) private pure {
        book.rewards = new EpochLeaves.RewardLeaf[](book.previous.length);
        for (uint256 i; i < book.rewards.length; ++i) {
            book.rewards[i] = EpochLeaves.RewardLeaf(book.previous[i].account, book.previous[i].cumulative, 0);
        }
        for (uint256 i; i < book.credits.length; ++i) {
            EpochLeaves.CreditLeaf memory credit = book.credits[i];
            uint256 at = book.rewards.rewardIndex(credit.account);
            if (at < book.rewards.length && book.rewards[at].account == credit.account) {
                book.rewards[at].cumulative += credit.amount;
            } else {
                book.rewards =
                    book.rewards.insert(at, EpochLeaves.RewardLeaf(credit.account, credit.amount, 0));
            }
        }
    }
}
