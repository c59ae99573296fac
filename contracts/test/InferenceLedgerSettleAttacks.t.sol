// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {CommittedFixture} from "./CommittedFixture.sol";
import {Call} from "./Lanes.sol";

/// @dev Settlements that must fail, and leave nothing behind.
contract InferenceLedgerSettleAttacksTest is CommittedFixture {
    IInferenceLedger.CommittedBatch private batch;

    function setUp() public {
        _deployLedger();
        batch = _commit(2);
    }

    function _honest() private view returns (IInferenceLedger.SettledLane memory) {
        return _settled(KEY, _calls(payer, 2, FEE, 1));
    }

    function _resign(IInferenceLedger.SettledLane memory lane, uint256 key)
        private
        view
        returns (IInferenceLedger.SettledLane memory)
    {
        lane.signature = _sign(key, lane.voucher);
        return lane;
    }

    function _expectRejected(IInferenceLedger.SettledLane memory lane, IInferenceLedger.SkipReason reason)
        private
    {
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.LaneRejected.selector, 0, reason));
        _settle(OPERATOR, _one(batch), _alone(lane));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 0, "calls");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 0, "charged");
    }

    function _expectMismatch(IInferenceLedger.SettledLane[] memory lanes, uint256 calls) private {
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.CallsMismatch.selector, 2, calls));
        _settle(OPERATOR, _one(batch), lanes);
    }

    function test_settle_is_for_operators_while_nothing_is_paused() public {
        IInferenceLedger.SettledLane memory lane = _honest();
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotOperator.selector, STRANGER));
        _settle(STRANGER, _one(batch), _alone(lane));
        ledger.setOperator(OPERATOR, false);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotOperator.selector, OPERATOR));
        _settle(OPERATOR, _one(batch), _alone(lane));
        ledger.setOperator(OPERATOR, true);
        ledger.setPaused(true);
        vm.expectRevert(IInferenceLedger.LedgerPaused.selector);
        _settle(OPERATOR, _one(batch), _alone(lane));
        ledger.setPaused(false);
        escrow.setPaused(true);
        vm.expectRevert(IInferenceEscrow.EscrowPaused.selector);
        _settle(OPERATOR, _one(batch), _alone(lane));
    }

    function test_settle_takes_at_least_one_batch() public {
        IInferenceLedger.SettledLane memory lane = _honest();
        vm.expectRevert(IInferenceLedger.EmptyBatch.selector);
        _settle(OPERATOR, new IInferenceLedger.CommittedBatch[](0), _alone(lane));
    }

    function test_settle_takes_batches_in_ascending_order_each_once() public {
        IInferenceLedger.CommittedBatch memory second = _commit(2);
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 4, FEE, 1));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotAscending.selector, 1));
        _settle(OPERATOR, _pair(second, batch), _alone(lane));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotAscending.selector, 1));
        _settle(OPERATOR, _pair(batch, batch), _alone(lane));
        _settle(OPERATOR, _pair(batch, second), _alone(lane));
    }

    function test_settle_takes_a_batch_only_as_it_was_committed() public {
        for (uint256 field; field < 5; ++field) {
            IInferenceLedger.CommittedBatch memory wrong = batch;
            wrong = abi.decode(abi.encode(batch), (IInferenceLedger.CommittedBatch));
            if (field == 0) wrong.batchId = 2;
            if (field == 1) wrong.blockNumber += 1;
            if (field == 2) wrong.recordedAt -= 1;
            if (field == 3) wrong.calls = 3;
            if (field == 4) wrong.root = keccak256("another root");
            _expectNotSettled(wrong);
        }
    }

    function test_settle_takes_no_batch_of_another_operator() public {
        escrow.depositFor(payer, OTHER_OPERATOR, 1000);
        IInferenceLedger.SettledLane memory lane = _honest();
        lane.voucher.operator = OTHER_OPERATOR;
        lane = _resign(lane, KEY);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, 1));
        _settle(OTHER_OPERATOR, _one(batch), _alone(lane));
    }

    function test_settle_takes_no_batch_twice_and_no_packed_one() public {
        _settle(OPERATOR, _one(batch), _alone(_honest()));
        _expectNotSettled(batch);
        Call[] memory calls = _calls(payer, 2, FEE, 5);
        bytes memory data = _pack(calls);
        batch.batchId = _record(OPERATOR, data, _only(_honestLane(KEY, OPERATOR, calls)));
        batch.root = keccak256(data);
        _expectNotSettled(batch);
    }

    function test_settle_needs_exactly_the_calls_of_its_batches() public {
        _expectMismatch(_alone(_settled(KEY, _calls(payer, 1, FEE, 1))), 1);
        _expectMismatch(_alone(_settled(KEY, _calls(payer, 3, FEE, 1))), 3);
        _expectMismatch(new IInferenceLedger.SettledLane[](0), 0);
    }

    function test_settle_takes_no_lane_without_calls() public {
        _settle(OPERATOR, _one(batch), _alone(_honest()));
        batch = _commit(1);
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 1, FEE, 2));
        // Charges more for what is settled already, still within a signed voucher.
        IInferenceLedger.SettledLane memory again = _settled(KEY, _calls(payer, 1, FEE, 2));
        (again.calls, again.voucher.calls) = (0, 2);
        again = _resign(again, KEY);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.EmptyLane.selector, 0));
        _settle(OPERATOR, _one(batch), _lanes(again, lane));
    }

    function test_reject_1_signatures_of_others_and_changed_vouchers() public {
        _expectRejected(_resign(_honest(), OTHER_KEY), IInferenceLedger.SkipReason.BadSignature);
        for (uint256 field; field < 7; ++field) {
            IInferenceLedger.SettledLane memory lane = _honest();
            if (field == 0) (lane.voucher.payer, lane.signer) = (otherPayer, otherPayer);
            if (field == 1) lane.voucher.operator = OTHER_OPERATOR;
            if (field == 2) lane.voucher.modelId += 1;
            if (field == 3) lane.voucher.termsVersion += 1;
            if (field == 4) lane.voucher.calls += 1;
            if (field == 5) lane.voucher.cumulativeMaxFee += 1;
            if (field == 6) lane.voucher.callsChain = 0;
            _expectRejected(lane, IInferenceLedger.SkipReason.BadSignature);
        }
    }

    function test_reject_2_a_replay_and_more_or_fewer_calls_than_signed() public {
        IInferenceLedger.SettledLane memory lane = _honest();
        lane.calls = 1;
        _expectRejected(lane, IInferenceLedger.SkipReason.CallCount);
        lane.calls = 3;
        _expectRejected(lane, IInferenceLedger.SkipReason.CallCount);
        lane.calls = 2;
        _settle(OPERATOR, _one(batch), _alone(lane));
        IInferenceLedger.CommittedBatch[] memory next = _one(_commit(2));
        vm.expectRevert(
            abi.encodeWithSelector(
                IInferenceLedger.LaneRejected.selector, 0, IInferenceLedger.SkipReason.CallCount
            )
        );
        _settle(OPERATOR, next, _alone(lane));
        vm.assertEq(sink.funded(), 20, "charged once");
    }

    function test_reject_2_a_lane_that_a_packed_batch_moved_meanwhile() public {
        IInferenceLedger.SettledLane memory lane = _honest();
        Call[] memory calls = _calls(payer, 1, FEE, 5);
        _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        vm.expectRevert(
            abi.encodeWithSelector(
                IInferenceLedger.LaneRejected.selector, 0, IInferenceLedger.SkipReason.CallCount
            )
        );
        _settle(OPERATOR, _one(batch), _alone(lane));
    }

    function test_reject_4_one_unit_more_than_signed() public {
        IInferenceLedger.SettledLane memory lane = _honest();
        lane.charged += 1;
        _expectRejected(lane, IInferenceLedger.SkipReason.OverVoucher);
    }

    function test_reject_5_an_account_that_does_not_cover_the_lane() public {
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 2, 501, 1));
        _expectRejected(lane, IInferenceLedger.SkipReason.Underfunded);
    }

    function test_reject_6_a_voucher_made_out_to_another_operator() public {
        escrow.depositFor(payer, OTHER_OPERATOR, 1000);
        IInferenceLedger.SettledLane memory lane = _honest();
        lane.voucher.operator = OTHER_OPERATOR;
        _expectRejected(_resign(lane, KEY), IInferenceLedger.SkipReason.RecordMismatch);
    }

    function test_reject_6_less_than_was_charged_before() public {
        _settle(OPERATOR, _one(batch), _alone(_honest()));
        batch = _commit(2);
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, 2, FEE, 2));
        lane.charged = 19;
        vm.expectRevert(
            abi.encodeWithSelector(
                IInferenceLedger.LaneRejected.selector, 0, IInferenceLedger.SkipReason.RecordMismatch
            )
        );
        _settle(OPERATOR, _one(batch), _alone(lane));
        lane.charged = 20;
        _settle(OPERATOR, _one(batch), _alone(lane));
        vm.assertEq(sink.funded(), 20, "funded");
    }

    function test_reject_7_and_8_keys_that_are_unknown_expired_or_spent() public {
        IInferenceLedger.SettledLane memory lane = _resign(_honest(), SESSION_KEY);
        lane.signer = sessionKey;
        _expectRejected(lane, IInferenceLedger.SkipReason.KeyExpired);
        _setSession(2_000_000, 19);
        _expectRejected(lane, IInferenceLedger.SkipReason.KeyOverCap);
        _setSession(2_000_000, 20);
        vm.warp(2_000_001);
        _expectRejected(lane, IInferenceLedger.SkipReason.KeyExpired);
        vm.warp(2_000_000);
        _settle(OPERATOR, _one(batch), _alone(lane));
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 20, "spent");
    }

    function test_a_lane_that_fails_takes_the_whole_settlement_with_it() public {
        batch = _commit(5);
        IInferenceLedger.SettledLane memory fine = _honest();
        IInferenceLedger.SettledLane memory poor = _settled(OTHER_KEY, _calls(otherPayer, 3, 400, 2));
        vm.expectRevert(
            abi.encodeWithSelector(
                IInferenceLedger.LaneRejected.selector, 1, IInferenceLedger.SkipReason.Underfunded
            )
        );
        _settle(OPERATOR, _one(batch), _lanes(fine, poor));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 0, "calls");
        vm.assertEq(sink.funded(), 0, "funded");
        escrow.depositFor(otherPayer, OPERATOR, 200);
        _settle(OPERATOR, _one(batch), _lanes(fine, poor));
        vm.assertEq(sink.funded(), 1220, "funded");
    }

    function testFuzz_no_settlement_charges_outside_what_was_signed(uint128 signed, uint128 charged) public {
        signed = uint128(bound(signed, 0, 1000));
        charged = uint128(bound(charged, 0, 2000));
        IInferenceLedger.SettledLane memory lane = _honest();
        lane.voucher.cumulativeMaxFee = signed;
        lane.charged = charged;
        lane = _resign(lane, KEY);
        if (charged > signed) {
            _expectRejected(lane, IInferenceLedger.SkipReason.OverVoucher);
        } else {
            _settle(OPERATOR, _one(batch), _alone(lane));
            vm.assertEq(sink.funded(), charged, "funded");
        }
    }
}
