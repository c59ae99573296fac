// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {PackedCalls} from "../src/libraries/PackedCalls.sol";
import {Call, Fixture} from "./Fixture.sol";
import {GasBurner, ReturnBomb, Wallet} from "./Wallets.sol";

contract InferenceLedgerTest is Fixture {
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant OTHER_KEY = 0xb0b;
    uint96 private constant FEE = 10;
    address private payer;
    address private otherPayer;

    function setUp() public {
        _deployAll();
        payer = vm.addr(KEY);
        otherPayer = vm.addr(OTHER_KEY);
        escrow.depositFor(payer, OPERATOR, 1000);
        escrow.depositFor(otherPayer, OPERATOR, 1000);
    }

    function _expectBatch(uint256 batchId, uint32 calls, bytes memory data) private {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchPacked(batchId, OPERATOR, 1, calls, keccak256(data), DATA_HASH, data);
    }

    function _expectSkip(uint32 lane, address who, IInferenceLedger.SkipReason reason) private {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.LaneSkipped(ledger.batchCount() + 1, lane, who, MODEL, TERMS, uint8(reason));
    }

    /// @dev Records `calls` under `lane` and checks that nothing but the number of batches changed.
    function _assertSkipped(
        Call[] memory calls,
        IInferenceLedger.Lane memory lane,
        IInferenceLedger.SkipReason reason
    ) private {
        bytes memory data = _pack(calls);
        address who = calls[0].payer;
        IInferenceLedger.LaneState memory before = ledger.laneOf(who, OPERATOR, MODEL, TERMS);
        uint256 funded = rewards.funded();
        _expectSkip(0, who, reason);
        _expectBatch(ledger.batchCount() + 1, 0, data);
        _record(OPERATOR, data, _only(lane));
        IInferenceLedger.LaneState memory state = ledger.laneOf(who, OPERATOR, MODEL, TERMS);
        vm.assertEq(state.calls, before.calls, "calls");
        vm.assertEq(state.charged, before.charged, "charged");
        vm.assertEq(state.callsChain, before.callsChain, "chain");
        vm.assertEq(rewards.funded(), funded, "funded");
    }

    function _resign(IInferenceLedger.Lane memory lane) private view returns (IInferenceLedger.Lane memory) {
        return _signed(KEY, lane.voucher, lane.calls);
    }

    function test_constructor_registers_the_codec() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        InferenceEscrow fresh = new InferenceEscrow(rewards, next, THAW);
        vm.expectEmit(next);
        emit IInferenceLedger.CodecRegistered(
            1,
            keccak256(
                "payer address|modelId uint32|modelVersion uint16|termsVersion uint16|fee uint96|tokensIn uint32|tokensOut uint32|timestamp uint32|requestHash bytes32|outputHash bytes32"
            )
        );
        new InferenceLedger(address(access), fresh);
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
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Funded(address(escrow), 30, 30);
        _expectBatch(1, 3, data);
        vm.assertEq(_record(OPERATOR, data, _only(lane)), 1, "batch id");
        IInferenceLedger.LaneState memory state = ledger.laneOf(payer, OPERATOR, MODEL, TERMS);
        vm.assertEq(state.calls, 3, "calls");
        vm.assertEq(state.charged, 30, "charged");
        vm.assertEq(state.callsChain, lane.voucher.callsChain, "chain");
        vm.assertEq(token.balanceOf(address(rewards)), 30, "distributor");
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
        vm.assertEq(rewards.funded(), 50, "funded");
    }

    function test_recordBatch_accepts_free_calls_and_several_model_versions_in_a_lane() public {
        Call[] memory calls = _calls(payer, 2, 0, 1);
        calls[1].modelVersion = 2;
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        _expectBatch(1, 2, data);
        _record(OPERATOR, data, _only(lane));
        vm.assertEq(rewards.funded(), 0, "nothing to pay");
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 2, "calls");
    }

    function test_recordBatch_is_for_operators_alone() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane[] memory lanes = _only(_honestLane(KEY, OPERATOR, calls));
        address[4] memory others = [POSTER, GUARDIAN, payer, address(this)];
        for (uint256 i; i < others.length; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            ledger.recordBatch(1, data, DATA_HASH, lanes);
        }
    }

    function test_recordBatch_reverts_when_lanes_and_data_do_not_fit() public {
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        bytes memory data = _pack(calls);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.UnknownCodec.selector, 2));
        vm.prank(OPERATOR);
        ledger.recordBatch(2, data, DATA_HASH, _only(lane));
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
        vm.assertEq(rewards.funded(), 30, "the other payer's fee");
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

    function test_a_contract_can_pay_through_erc1271() public {
        address wallet = address(new Wallet(payer));
        escrow.depositFor(wallet, OPERATOR, 100);
        Call[] memory calls = _calls(wallet, 2, FEE, 1);
        _record(OPERATOR, _pack(calls), _only(_honestLane(KEY, OPERATOR, calls)));
        vm.assertEq(escrow.balanceOf(wallet, OPERATOR), 80, "account");
        calls = _calls(wallet, 2, FEE, 2);
        _assertSkipped(
            calls, _honestLane(OTHER_KEY, OPERATOR, calls), IInferenceLedger.SkipReason.BadSignature
        );
    }

    function test_a_hostile_wallet_cannot_take_the_batch_down() public {
        address[2] memory hostile = [address(new GasBurner()), address(new ReturnBomb())];
        for (uint256 i; i < hostile.length; ++i) {
            Call[] memory bad = _calls(hostile[i], 1, 0, 1);
            Call[] memory good = _calls(payer, 1, FEE, i);
            bytes memory data = bytes.concat(_pack(bad), _pack(good));
            IInferenceLedger.Lane[] memory lanes =
                _both(_honestLane(KEY, OPERATOR, bad), _honestLane(KEY, OPERATOR, good));
            _expectSkip(0, hostile[i], IInferenceLedger.SkipReason.BadSignature);
            vm.prank(OPERATOR);
            ledger.recordBatch{gas: 800_000}(1, data, DATA_HASH, lanes);
            vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, i + 1, "the honest lane");
        }
    }

    function testFuzz_packed_records_are_read_as_they_were_written(Call memory c, uint8 before) public view {
        Call[] memory calls = new Call[](uint256(before % 4) + 1);
        calls[calls.length - 1] = c;
        (address who, uint32 modelId, uint16 terms, uint96 fee, bytes32 requestHash) =
            this.readPacked(_pack(calls), calls.length - 1);
        vm.assertEq(who, c.payer, "payer");
        vm.assertEq(modelId, c.modelId, "model");
        vm.assertEq(terms, c.termsVersion, "terms");
        vm.assertEq(fee, c.fee, "fee");
        vm.assertEq(requestHash, c.requestHash, "request");
    }

    function readPacked(bytes calldata data, uint256 record)
        external
        pure
        returns (address who, uint32 modelId, uint16 terms, uint96 fee, bytes32 requestHash)
    {
        bytes28 key = PackedCalls.laneKey(data, record);
        (who, modelId, terms) = PackedCalls.unpackLaneKey(key);
        require(key == PackedCalls.packLaneKey(who, modelId, terms), "key");
        fee = PackedCalls.fee(data, record);
        requestHash = PackedCalls.requestHash(data, record);
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
        vm.assertEq(token.balanceOf(address(rewards)), sum, "distributor");
        vm.assertLe(sum, lane.voucher.cumulativeMaxFee, "within the voucher");
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
