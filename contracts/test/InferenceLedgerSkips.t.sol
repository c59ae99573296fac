// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {Call} from "./Lanes.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

contract InferenceLedgerSkipsTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
    }

    function _resign(IInferenceLedger.Lane memory lane) private view returns (IInferenceLedger.Lane memory) {
        return _signed(KEY, lane.voucher, lane.calls);
    }

    function test_skip_1_signature_of_another_key() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        _assertSkipped(
            calls, _honestLane(OTHER_KEY, OPERATOR, calls), IInferenceLedger.SkipReason.BadSignature
        );
    }

    function test_skip_1_any_change_to_a_signed_voucher() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        for (uint256 field; field < 7; ++field) {
            IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
            if (field == 0) lane.voucher.payer = otherPayer;
            if (field == 1) lane.voucher.operator = OTHER_OPERATOR;
            if (field == 2) lane.voucher.modelId += 1;
            if (field == 3) lane.voucher.termsVersion += 1;
            if (field == 4) lane.voucher.calls += 1;
            if (field == 5) lane.voucher.cumulativeMaxFee += 1;
            if (field == 6) lane.voucher.callsChain = 0;
            _assertSkipped(calls, lane, IInferenceLedger.SkipReason.BadSignature);
        }
    }

    function test_skip_1_signatures_that_are_none() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        lane.signature = "";
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.BadSignature);
        lane.signature = new bytes(65);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.BadSignature);
        Call[] memory nobody = _calls(address(0), 2, FEE, 1);
        bytes memory data = bytes.concat(_pack(calls), _pack(nobody));
        lane.voucher.payer = address(0);
        IInferenceLedger.Lane[] memory lanes = _both(_honestLane(KEY, OPERATOR, calls), lane);
        _expectSkip(1, address(0), IInferenceLedger.SkipReason.BadSignature);
        _record(OPERATOR, data, lanes);
    }

    function test_skip_2_replay_of_a_recorded_lane() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        _record(OPERATOR, _pack(calls), _only(lane));
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.CallCount);
    }

    function test_skip_2_fewer_or_more_records_than_signed() public {
        Call[] memory signed = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, signed);
        lane.calls = 1;
        _assertSkipped(_calls(payer, 1, FEE, 1), lane, IInferenceLedger.SkipReason.CallCount);
        lane.calls = 3;
        _assertSkipped(_calls(payer, 3, FEE, 1), lane, IInferenceLedger.SkipReason.CallCount);
    }

    function test_skip_3_an_invented_or_reordered_request() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        (calls[0], calls[1]) = (calls[1], calls[0]);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.ChainMismatch);
        _assertSkipped(_calls(payer, 2, FEE, 2), lane, IInferenceLedger.SkipReason.ChainMismatch);
    }

    function test_skip_4_one_unit_more_than_signed() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        calls[1].fee += 1;
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.OverVoucher);
    }

    function test_skip_4_counts_what_was_charged_before() public {
        Call[] memory first = _calls(payer, 1, FEE, 1);
        _record(OPERATOR, _pack(first), _only(_honestLane(KEY, OPERATOR, first)));
        Call[] memory calls = _calls(payer, 1, FEE, 2);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        lane.voucher.cumulativeMaxFee -= 1;
        _assertSkipped(calls, _resign(lane), IInferenceLedger.SkipReason.OverVoucher);
    }

    function test_skip_5_an_account_that_does_not_cover_the_lane() public {
        Call[] memory calls = _calls(payer, 2, 501, 1);
        _assertSkipped(calls, _honestLane(KEY, OPERATOR, calls), IInferenceLedger.SkipReason.Underfunded);
    }

    function test_skip_5_a_deposit_for_another_operator_does_not_count() public {
        escrow.depositFor(payer, OTHER_OPERATOR, 1e6);
        Call[] memory calls = _calls(payer, 1, 1001, 1);
        _assertSkipped(calls, _honestLane(KEY, OPERATOR, calls), IInferenceLedger.SkipReason.Underfunded);
    }

    function test_skip_6_a_voucher_made_out_to_another_operator() public {
        escrow.depositFor(payer, OTHER_OPERATOR, 1000);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        _assertSkipped(
            calls, _honestLane(KEY, OTHER_OPERATOR, calls), IInferenceLedger.SkipReason.RecordMismatch
        );
    }

    function test_skip_6_records_under_a_voucher_of_another_payer_model_or_terms() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        for (uint256 field; field < 3; ++field) {
            IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
            uint256 key = KEY;
            if (field == 0) (lane.voucher.payer, key) = (otherPayer, OTHER_KEY);
            if (field == 1) lane.voucher.modelId += 1;
            if (field == 2) lane.voucher.termsVersion += 1;
            lane = _signed(key, lane.voucher, 2);
            _assertSkipped(calls, lane, IInferenceLedger.SkipReason.RecordMismatch);
        }
    }

    function test_a_skipped_lane_leaves_the_others_alone_and_can_be_recorded_later() public {
        Call[] memory poor = _calls(payer, 2, 600, 1);
        Call[] memory fine = _calls(otherPayer, 3, FEE, 2);
        bytes memory data = bytes.concat(_pack(poor), _pack(fine));
        IInferenceLedger.Lane memory poorLane = _honestLane(KEY, OPERATOR, poor);
        IInferenceLedger.Lane[] memory lanes = _both(poorLane, _honestLane(OTHER_KEY, OPERATOR, fine));
        _expectSkip(0, payer, IInferenceLedger.SkipReason.Underfunded);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, otherPayer, OPERATOR, 30, 30, 3);
        _expectBatch(1, 3, data);
        _record(OPERATOR, data, lanes);
        vm.assertEq(sink.funded(), 30, "the other payer's fee");
        escrow.depositFor(payer, OPERATOR, 200);
        _expectBatch(2, 2, _pack(poor));
        _record(OPERATOR, _pack(poor), _only(poorLane));
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 0, "account");
    }

    function test_lanes_of_one_payer_draw_on_one_account() public {
        Call[] memory first = _calls(payer, 1, 600, 1);
        Call[] memory second = _calls(payer, 1, 600, 2);
        second[0].termsVersion = TERMS + 1;
        bytes memory data = bytes.concat(_pack(first), _pack(second));
        IInferenceLedger.Lane[] memory lanes =
            _both(_honestLane(KEY, OPERATOR, first), _honestLane(KEY, OPERATOR, second));
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.LaneSkipped(1, 1, payer, MODEL, TERMS + 1, 5);
        _expectBatch(1, 1, data);
        _record(OPERATOR, data, lanes);
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 400, "account");
    }

    function testFuzz_one_unit_below_the_fees_is_never_enough(uint96 fee, uint8 count) public {
        fee = uint96(bound(fee, 1, 1e26));
        Call[] memory calls = _calls(payer, uint256(count % 5) + 1, fee, 1);
        escrow.depositFor(payer, OPERATOR, uint128(fee) * 6);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        lane.voucher.cumulativeMaxFee -= 1;
        _assertSkipped(calls, _resign(lane), IInferenceLedger.SkipReason.OverVoucher);
    }
}
