// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {CommittedFixture} from "./CommittedFixture.sol";
import {Call} from "./Lanes.sol";

/// @dev Cheatcodes that no other test needs.
interface PrankVm {
    function startPrank(address caller) external;
    function stopPrank() external;
}

/// @dev Commits, settlements that succeed, and dropped batches.
contract InferenceLedgerCommittedTest is CommittedFixture {
    function setUp() public {
        _deployLedger();
    }

    function test_commitBatch_announces_and_charges_nothing() public {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchCommitted(1, OPERATOR, ROOT, 1, 5, DATA_HASH, COMMITMENT);
        IInferenceLedger.CommittedBatch memory batch = _commit(5);
        vm.assertEq(batch.batchId, 1, "batch id");
        vm.assertEq(ledger.batchCount(), 1, "batches");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 0, "charged");
        vm.assertEq(sink.funded(), 0, "funded");
        vm.assertEq(_commit(1).batchId, 2, "next batch id");
    }

    function test_commitBatch_shares_its_ids_with_packed_batches() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        _commit(1);
        uint256 packed = _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        vm.assertEq(packed, 2, "packed");
        vm.assertEq(_commit(1).batchId, 3, "committed");
    }

    function test_commitBatch_takes_any_registered_codec() public {
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.UnknownCodec.selector, 2));
        vm.prank(OPERATOR);
        ledger.commitBatch(2, 1, ROOT, DATA_HASH, COMMITMENT);
        ledger.registerCodec(2, keccak256("another layout"));
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchCommitted(1, OPERATOR, ROOT, 2, 1, DATA_HASH, COMMITMENT);
        vm.prank(OPERATOR);
        ledger.commitBatch(2, 1, ROOT, DATA_HASH, COMMITMENT);
    }

    function test_commitBatch_refuses_what_nobody_could_check() public {
        PrankVm(address(vm)).startPrank(OPERATOR);
        vm.expectRevert(IInferenceLedger.EmptyBatch.selector);
        ledger.commitBatch(1, 0, ROOT, DATA_HASH, COMMITMENT);
        vm.expectRevert(IInferenceLedger.ZeroHash.selector);
        ledger.commitBatch(1, 1, 0, DATA_HASH, COMMITMENT);
        vm.expectRevert(IInferenceLedger.ZeroHash.selector);
        ledger.commitBatch(1, 1, ROOT, 0, COMMITMENT);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.CommitmentLength.selector, 0));
        ledger.commitBatch(1, 1, ROOT, DATA_HASH, "");
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.CommitmentLength.selector, 513));
        ledger.commitBatch(1, 1, ROOT, DATA_HASH, new bytes(513));
        ledger.commitBatch(1, 1, ROOT, DATA_HASH, new bytes(512));
        PrankVm(address(vm)).stopPrank();
    }

    function test_commitBatch_is_for_operators_while_nothing_is_paused() public {
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotOperator.selector, STRANGER));
        vm.prank(STRANGER);
        ledger.commitBatch(1, 1, ROOT, DATA_HASH, COMMITMENT);
        ledger.setPaused(true);
        vm.expectRevert(IInferenceLedger.LedgerPaused.selector);
        vm.prank(OPERATOR);
        ledger.commitBatch(1, 1, ROOT, DATA_HASH, COMMITMENT);
    }

    function test_settle_charges_the_lanes_of_several_batches_at_once() public {
        IInferenceLedger.CommittedBatch[] memory batches = _pair(_commit(3), _commit(2));
        IInferenceLedger.SettledLane[] memory lanes = _lanes(
            _settled(KEY, _calls(payer, 2, FEE, 1)), _settled(OTHER_KEY, _calls(otherPayer, 3, FEE, 2))
        );
        lanes[1].charged = 25;
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(2, payer, OPERATOR, 20, 20, 2);
        _expectSettled(lanes[0]);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(2, otherPayer, OPERATOR, 25, 25, 3);
        _expectSettled(lanes[1]);
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchSettled(1);
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchSettled(2);
        _settle(OPERATOR, batches, lanes);
        _assertLane(lanes[0]);
        _assertLane(lanes[1]);
        vm.assertEq(token.balanceOf(address(sink)), 45, "distributor");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 980, "first account");
        vm.assertEq(escrow.balanceOf(otherPayer, OPERATOR), 975, "second account");
    }

    function test_settle_continues_a_lane_that_packed_batches_began_and_the_other_way_round() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 3, FEE, 2));
        vm.assertEq(lane.charged, 50, "absolute");
        _settle(OPERATOR, _one(_commit(3)), _alone(lane));
        _assertLane(lane);
        vm.assertEq(sink.funded(), 50, "charged the difference");
        calls = _calls(payer, 1, FEE, 3);
        _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 6, "calls");
        vm.assertEq(sink.funded(), 60, "funded");
    }

    function test_settle_takes_two_steps_of_one_lane() public {
        _setSession(2_000_000, 100);
        IInferenceLedger.SettledLane memory first = _settled(KEY, _calls(payer, 2, FEE, 1));
        IInferenceLedger.SettledLane memory second = first;
        second = abi.decode(abi.encode(first), (IInferenceLedger.SettledLane));
        second.voucher.calls = 3;
        second.voucher.cumulativeMaxFee = 35;
        second.voucher.callsChain = keccak256("next");
        second = IInferenceLedger.SettledLane(
            second.voucher, sessionKey, 35, 1, _sign(SESSION_KEY, second.voucher)
        );
        _settle(OPERATOR, _one(_commit(3)), _lanes(first, second));
        _assertLane(second);
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 15, "spent");
    }

    function test_settle_may_charge_less_than_was_signed() public {
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 2, FEE, 1));
        lane.charged = 0;
        _settle(OPERATOR, _one(_commit(2)), _alone(lane));
        _assertLane(lane);
        vm.assertEq(sink.funded(), 0, "free");
    }

    function test_dropBatch_gives_a_batch_up_for_good() public {
        IInferenceLedger.CommittedBatch memory batch = _commit(1);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, 1));
        vm.prank(OTHER_OPERATOR);
        ledger.dropBatch(batch);
        ledger.setPaused(true);
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchDropped(1);
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
        ledger.setPaused(false);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, 1));
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
        _expectNotSettled(batch);
    }

    function test_dropBatch_cannot_take_a_settled_or_packed_batch_back() public {
        IInferenceLedger.CommittedBatch memory batch = _commit(2);
        _settle(OPERATOR, _one(batch), _alone(_settled(KEY, _calls(payer, 2, FEE, 1))));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, 1));
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
        Call[] memory calls = _calls(payer, 1, FEE, 2);
        bytes memory data = _pack(calls);
        batch.batchId = _record(OPERATOR, data, _only(_honestLane(KEY, OPERATOR, calls)));
        (batch.calls, batch.root) = (1, keccak256(data));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, 2));
        vm.prank(OPERATOR);
        ledger.dropBatch(batch);
    }

    function testFuzz_settlements_charge_exactly_what_they_say(uint128[4] memory fees, uint8[4] memory counts)
        public
    {
        escrow.depositFor(payer, OPERATOR, 4e26);
        uint256 sum;
        uint64 calls;
        for (uint256 i; i < 4; ++i) {
            uint32 count = uint32(counts[i] % 5) + 1;
            IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, count, 0, i));
            uint128 fee = uint128(bound(fees[i], 0, 1e26));
            lane.voucher.cumulativeMaxFee += fee;
            lane.signature = _sign(KEY, lane.voucher);
            sum += fee / 2;
            calls += count;
            lane.charged = uint128(sum);
            _settle(OPERATOR, _one(_commit(count)), _alone(lane));
            _assertLane(lane);
        }
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, calls, "calls");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, sum, "account");
        vm.assertEq(token.balanceOf(address(sink)), sum, "distributor");
    }
}
