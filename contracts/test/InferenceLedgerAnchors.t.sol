// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {CommittedFixture} from "./CommittedFixture.sol";
import {Call} from "./Lanes.sol";

/// @dev What the ledger remembers of a batch for proofs of faults.
contract InferenceLedgerAnchorsTest is CommittedFixture {
    function setUp() public {
        _deployLedger();
    }

    function _assertAnchor(uint256 batchId, uint8 mode, uint32 calls, bytes32 digest, bytes32 skipped)
        private
        view
    {
        IInferenceLedger.BatchAnchor memory anchor = IInferenceLedger.BatchAnchor(
            mode,
            OPERATOR,
            uint64(vm.getBlockNumber()),
            uint64(vm.getBlockTimestamp()),
            calls,
            digest,
            skipped
        );
        vm.assertEq(ledger.anchorOf(batchId), keccak256(abi.encode(anchor)), "anchor");
    }

    function test_a_packed_batch_leaves_the_digest_of_its_records() public {
        vm.assertEq(ledger.anchorOf(1), 0, "none yet");
        Call[] memory calls = _calls(payer, 3, FEE, 1);
        bytes memory data = _pack(calls);
        vm.roll(1234);
        vm.warp(1_234_567);
        _record(OPERATOR, data, _only(_honestLane(KEY, OPERATOR, calls)));
        _assertAnchor(1, 1, 3, keccak256(data), 0);
    }

    function test_a_packed_batch_leaves_the_ranges_of_its_skipped_lanes() public {
        IInferenceLedger.Lane[] memory lanes = new IInferenceLedger.Lane[](4);
        bytes memory data;
        for (uint256 i; i < 4; ++i) {
            bool isFirst = i % 2 == 0;
            Call[] memory calls = _calls(isFirst ? payer : otherPayer, i + 1, FEE, i);
            if (i > 1) calls = _calls(vm.addr(100 + i), i + 1, 0, i);
            uint256 key = i > 1 ? 100 + i : isFirst ? KEY : OTHER_KEY;
            lanes[i] = _honestLane(key, OPERATOR, calls);
            if (i == 0 || i == 2) lanes[i].signature = "";
            data = bytes.concat(data, _pack(calls));
        }
        _record(OPERATOR, data, lanes);
        bytes32 skipped = keccak256(abi.encode(bytes32(0), uint256(0), uint256(1)));
        skipped = keccak256(abi.encode(skipped, uint256(3), uint256(6)));
        _assertAnchor(1, 1, 10, keccak256(data), skipped);
    }

    function test_a_committed_batch_leaves_its_root_and_later_its_settlement() public {
        IInferenceLedger.CommittedBatch memory batch = _commit(2);
        _assertAnchor(1, 2, 2, ROOT, 0);
        vm.roll(1240);
        vm.warp(1_300_000);
        _settle(OPERATOR, _one(batch), _alone(_settled(KEY, _calls(payer, 2, FEE, 1))));
        _assertAnchor(1, 3, 2, ROOT, 0);
    }

    function test_a_dropped_batch_leaves_nothing() public {
        IInferenceLedger.CommittedBatch memory batch = _commit(2);
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
        vm.assertEq(ledger.anchorOf(1), 0, "anchor");
    }
}
