// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {Call} from "./Lanes.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

contract InferenceLedgerTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
    }

    function _resign(IInferenceLedger.Lane memory lane) private view returns (IInferenceLedger.Lane memory) {
        return _signed(KEY, lane.voucher, lane.calls);
    }

    function test_constructor_registers_the_codec() public {
        bytes32 spec = keccak256(
            "payer address|modelId uint32|modelVersion uint16|termsVersion uint16|fee uint96|tokensIn uint32|tokensOut uint32|timestamp uint32|requestHash bytes32|outputHash bytes32"
        );
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        InferenceEscrow fresh = new InferenceEscrow(address(access), _distributor(), next, THAW);
        vm.expectEmit(next);
        emit IInferenceLedger.CodecRegistered(1, spec);
        InferenceLedger freshLedger = new InferenceLedger(address(access), fresh);
        vm.assertEq(freshLedger.specHashOf(1), spec, "spec");
        vm.assertEq(address(freshLedger.escrow()), address(fresh), "escrow");
        vm.assertEq(freshLedger.authority(), address(access), "authority");
    }

    function test_constructor_refuses_an_escrow_that_obeys_another_ledger() public {
        vm.expectRevert(
            abi.encodeWithSelector(IInferenceLedger.EscrowOfAnotherLedger.selector, address(ledger))
        );
        new InferenceLedger(address(access), escrow);
        vm.expectRevert(IInferenceLedger.ZeroAddress.selector);
        new InferenceLedger(address(0), escrow);
    }

    function test_hashVoucher_is_the_typed_data_digest_of_eip712() public view {
        IInferenceLedger.Voucher memory v =
            IInferenceLedger.Voucher(payer, OPERATOR, MODEL, TERMS, 5, 1e18, keccak256("chain"));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Provenant InferenceLedger"),
                keccak256("1"),
                block.chainid,
                address(ledger)
            )
        );
        bytes32 typehash = keccak256(
            "Voucher(address payer,address operator,uint32 modelId,uint16 termsVersion,uint64 calls,uint128 cumulativeMaxFee,bytes32 callsChain)"
        );
        bytes32 message = keccak256(
            abi.encode(
                typehash,
                v.payer,
                v.operator,
                v.modelId,
                v.termsVersion,
                v.calls,
                v.cumulativeMaxFee,
                v.callsChain
            )
        );
        vm.assertEq(ledger.hashVoucher(v), keccak256(abi.encodePacked(hex"1901", domain, message)), "digest");
    }

    function test_recordBatch_charges_records_and_pays_the_distributor() public {
        Call[] memory calls = _calls(payer, 3, FEE, 1);
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, payer, OPERATOR, 30, 30, 3);
        _expectBatch(1, 3, data);
        vm.assertEq(_record(OPERATOR, data, _only(lane)), 1, "batch id");
        IInferenceLedger.LaneState memory state = ledger.laneOf(payer, OPERATOR, MODEL, TERMS);
        vm.assertEq(state.calls, 3, "calls");
        vm.assertEq(state.charged, 30, "charged");
        vm.assertEq(state.callsChain, lane.voucher.callsChain, "chain");
        vm.assertEq(token.balanceOf(address(sink)), 30, "distributor");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 970, "account");
        vm.assertEq(ledger.batchCount(), 1, "batches");
    }

    function test_recordBatch_continues_a_lane_where_it_ended() public {
        for (uint256 i; i < 3; ++i) {
            Call[] memory calls = _calls(payer, 2, FEE, i);
            _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        }
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 6, "calls");
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).charged, 60, "charged");
        vm.assertEq(ledger.batchCount(), 3, "batches");
    }

    function test_recordBatch_settles_payers_side_by_side() public {
        Call[] memory first = _calls(payer, 2, FEE, 1);
        Call[] memory second = _calls(otherPayer, 3, FEE, 2);
        bytes memory data = bytes.concat(_pack(first), _pack(second));
        IInferenceLedger.Lane[] memory lanes =
            _both(_honestLane(KEY, OPERATOR, first), _honestLane(OTHER_KEY, OPERATOR, second));
        _expectBatch(1, 5, data);
        _record(OPERATOR, data, lanes);
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 980, "first payer");
        vm.assertEq(escrow.balanceOf(otherPayer, OPERATOR), 970, "second payer");
        vm.assertEq(sink.funded(), 50, "funded");
    }

    function test_recordBatch_accepts_free_calls_and_several_model_versions_in_a_lane() public {
        Call[] memory calls = _calls(payer, 2, 0, 1);
        calls[1].modelVersion = 2;
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        _expectBatch(1, 2, data);
        _record(OPERATOR, data, _only(lane));
        vm.assertEq(sink.funded(), 0, "nothing to pay");
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 2, "calls");
    }

    function test_recordBatch_is_for_operators_alone() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane[] memory lanes = _only(_honestLane(KEY, OPERATOR, calls));
        address[3] memory others = [STRANGER, payer, address(this)];
        for (uint256 i; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotOperator.selector, others[i]));
            _record(others[i], data, lanes);
        }
        ledger.setOperator(OPERATOR, false);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotOperator.selector, OPERATOR));
        _record(OPERATOR, data, lanes);
    }

    function test_setOperator_is_for_the_registrar_and_is_announced() public {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.OperatorSet(STRANGER, true);
        ledger.setOperator(STRANGER, true);
        vm.assertTrue(ledger.isOperator(STRANGER), "allowed");
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.OperatorSet(STRANGER, false);
        ledger.setOperator(STRANGER, false);
        vm.assertTrue(!ledger.isOperator(STRANGER), "forbidden");
        vm.expectRevert(IInferenceLedger.ZeroAddress.selector);
        ledger.setOperator(address(0), true);
        _expectUnauthorized(OPERATOR);
        vm.prank(OPERATOR);
        ledger.setOperator(STRANGER, true);
    }

    function test_registerCodec_writes_once_and_is_for_the_registrar() public {
        bytes32 spec = keccak256("another layout");
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.CodecRegistered(2, spec);
        ledger.registerCodec(2, spec);
        vm.assertEq(ledger.specHashOf(2), spec, "spec");
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.CodecTaken.selector, 2));
        ledger.registerCodec(2, DATA_HASH);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.CodecTaken.selector, 1));
        ledger.registerCodec(1, DATA_HASH);
        vm.expectRevert(IInferenceLedger.ZeroHash.selector);
        ledger.registerCodec(3, 0);
        _expectUnauthorized(OPERATOR);
        vm.prank(OPERATOR);
        ledger.registerCodec(3, DATA_HASH);
    }

    function test_recordBatch_takes_no_codec_whose_layout_it_cannot_check() public {
        ledger.registerCodec(2, keccak256("another layout"));
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane[] memory lanes = _only(_honestLane(KEY, OPERATOR, calls));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.UnknownCodec.selector, 2));
        vm.prank(OPERATOR);
        ledger.recordBatch(2, _pack(calls), DATA_HASH, lanes);
    }

    function test_setPaused_stops_recording_until_it_is_lifted_and_is_for_the_guardian() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane[] memory lanes = _only(_honestLane(KEY, OPERATOR, calls));
        _expectUnauthorized(OPERATOR);
        vm.prank(OPERATOR);
        ledger.setPaused(true);
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.PausedSet(true);
        ledger.setPaused(true);
        vm.assertTrue(ledger.paused(), "paused");
        vm.expectRevert(IInferenceLedger.LedgerPaused.selector);
        _record(OPERATOR, _pack(calls), lanes);
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.PausedSet(false);
        ledger.setPaused(false);
        vm.assertEq(_record(OPERATOR, _pack(calls), lanes), 1, "batch id");
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 1, "calls");
    }

    function test_recordBatch_reverts_while_the_escrow_is_paused() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane[] memory lanes = _only(_honestLane(KEY, OPERATOR, calls));
        escrow.setPaused(true);
        vm.expectRevert(IInferenceEscrow.EscrowPaused.selector);
        _record(OPERATOR, _pack(calls), lanes);
    }

    function test_recordBatch_reverts_when_lanes_and_data_do_not_fit() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        vm.expectRevert(IInferenceLedger.EmptyBatch.selector);
        _record(OPERATOR, "", new IInferenceLedger.Lane[](0));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.LengthMismatch.selector, 232, 233));
        _record(OPERATOR, bytes.concat(data, hex"00"), _only(lane));
        lane.calls = 3;
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.LengthMismatch.selector, 348, 232));
        _record(OPERATOR, data, _only(lane));
        lane.calls = 0;
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.EmptyLane.selector, 0));
        _record(OPERATOR, data, _only(lane));
    }

    function test_recordBatch_reverts_when_readers_could_not_tell_lanes_apart() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        IInferenceLedger.Lane[] memory twice = _both(lane, lane);
        bytes memory data = bytes.concat(_pack(calls), _pack(calls));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.LaneNotSeparate.selector, 1));
        _record(OPERATOR, data, twice);
        for (uint256 field; field < 3; ++field) {
            Call[] memory mixed = _calls(payer, 2, FEE, 1);
            if (field == 0) mixed[1].payer = otherPayer;
            if (field == 1) mixed[1].modelId = MODEL + 1;
            if (field == 2) mixed[1].termsVersion = TERMS + 1;
            vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.MixedLane.selector, 0, 1));
            _record(OPERATOR, _pack(mixed), _only(lane));
        }
    }

    function testFuzz_charged_is_the_sum_of_the_fees_and_within_the_voucher(
        uint96[4] memory fees,
        uint128 slack
    ) public {
        uint256 sum;
        Call[] memory calls = _calls(payer, 4, 0, 1);
        for (uint256 i; i < 4; ++i) {
            calls[i].fee = uint96(bound(fees[i], 0, 1e26));
            sum += calls[i].fee;
        }
        escrow.depositFor(payer, OPERATOR, uint128(sum) + 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        lane.voucher.cumulativeMaxFee += uint128(bound(slack, 0, 1e30));
        lane = _resign(lane);
        _record(OPERATOR, _pack(calls), _only(lane));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).charged, sum, "lane");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, sum, "account");
        vm.assertEq(token.balanceOf(address(sink)), sum, "distributor");
        vm.assertLe(sum, lane.voucher.cumulativeMaxFee, "within the voucher");
    }
}
