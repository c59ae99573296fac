// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {Call} from "./Lanes.sol";
import {LedgerFixture} from "./LedgerFixture.sol";
import {GasBurner, ReenteringPayer, ReturnBomb, RevertingPayer, TersePayer, Wallet} from "./Wallets.sol";

/// @dev Cheatcodes that no other test needs.
interface VmEtch {
    function etch(address account, bytes calldata code) external;
}

/// @dev Who may sign a lane: payers, their session keys, and contracts of either kind.
contract InferenceLedgerSignersTest is LedgerFixture {
    uint64 private constant UNTIL = 2_000_000;

    function setUp() public {
        _deployLedger();
    }

    function _assertRecorded(Call[] memory calls, IInferenceLedger.Lane memory lane) private {
        _expectBatch(ledger.batchCount() + 1, uint32(calls.length), _pack(calls));
        _record(OPERATOR, _pack(calls), _only(lane));
    }

    function test_a_session_key_signs_for_its_payer_and_spends_its_cap() public {
        _setSession(UNTIL, 25);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.SignerSet(payer, sessionKey, UNTIL, 25, 20);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, payer, OPERATOR, 20, 20, 2);
        _assertRecorded(calls, _sessionLane(calls));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, 2, "the payer's lane");
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 20, "spent");
        vm.assertEq(sink.funded(), 20, "funded");
    }

    function test_payer_and_session_key_continue_the_same_lane() public {
        _setSession(UNTIL, 100);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        _assertRecorded(calls, _sessionLane(calls));
        calls = _calls(payer, 1, FEE, 2);
        _assertRecorded(calls, _honestLane(KEY, OPERATOR, calls));
        vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).charged, 30, "charged");
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 20, "only what the key signed");
    }

    function test_skip_1_a_session_key_does_not_sign_as_the_payer() public {
        _setSession(UNTIL, 100);
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        _assertSkipped(
            calls, _honestLane(SESSION_KEY, OPERATOR, calls), IInferenceLedger.SkipReason.BadSignature
        );
    }

    function test_skip_1_nobody_signs_as_the_session_key_but_itself() public {
        _setSession(UNTIL, 100);
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        uint256[2] memory forgers = [OTHER_KEY, KEY];
        for (uint256 i; i < forgers.length; ++i) {
            IInferenceLedger.Lane memory lane = _honestLane(forgers[i], OPERATOR, calls);
            lane.signer = sessionKey;
            _assertSkipped(calls, lane, IInferenceLedger.SkipReason.BadSignature);
        }
    }

    function test_skip_7_a_key_that_the_payer_never_set() public {
        vm.prank(otherPayer);
        escrow.setSigner(sessionKey, UNTIL, 100);
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        _assertSkipped(calls, _sessionLane(calls), IInferenceLedger.SkipReason.KeyExpired);
        calls = _calls(payer, 1, 0, 1);
        _assertSkipped(calls, _sessionLane(calls), IInferenceLedger.SkipReason.KeyExpired);
    }

    function test_skip_7_an_expired_key_until_the_payer_renews_it() public {
        _setSession(UNTIL, 100);
        vm.warp(UNTIL + 1);
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane memory lane = _sessionLane(calls);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.KeyExpired);
        _setSession(UNTIL + 1, 100);
        _assertRecorded(calls, lane);
    }

    function test_skip_8_a_lane_over_the_cap_until_the_payer_raises_it() public {
        _setSession(UNTIL, 29);
        Call[] memory calls = _calls(payer, 3, FEE, 1);
        IInferenceLedger.Lane memory lane = _sessionLane(calls);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.KeyOverCap);
        _setSession(UNTIL, 30);
        _assertRecorded(calls, lane);
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 30, "spent");
    }

    function test_a_revoked_key_still_pays_for_what_it_signed_during_the_thaw() public {
        _setSession(UNTIL, 100);
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane memory lane = _sessionLane(calls);
        vm.prank(payer);
        escrow.revokeSigner(sessionKey);
        vm.warp(vm.getBlockTimestamp() + THAW);
        _assertRecorded(calls, lane);
        calls = _calls(payer, 1, FEE, 2);
        vm.warp(vm.getBlockTimestamp() + 1);
        _assertSkipped(calls, _sessionLane(calls), IInferenceLedger.SkipReason.KeyExpired);
    }

    function test_replaying_a_lane_neither_spends_nor_restores_a_cap() public {
        _setSession(UNTIL, 100);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _sessionLane(calls);
        _assertRecorded(calls, lane);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.CallCount);
        _setSession(UNTIL, 100);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.CallCount);
        vm.assertEq(escrow.signerOf(payer, sessionKey).spent, 20, "spent");
        vm.assertEq(escrow.signerOf(payer, sessionKey).cap, 100, "cap");
    }

    function test_a_contract_can_pay_through_erc1271() public {
        address wallet = address(new Wallet(payer));
        escrow.depositFor(wallet, OPERATOR, 100);
        Call[] memory calls = _calls(wallet, 2, FEE, 1);
        _assertRecorded(calls, _honestLane(KEY, OPERATOR, calls));
        vm.assertEq(escrow.balanceOf(wallet, OPERATOR), 80, "account");
        calls = _calls(wallet, 2, FEE, 2);
        _assertSkipped(
            calls, _honestLane(OTHER_KEY, OPERATOR, calls), IInferenceLedger.SkipReason.BadSignature
        );
    }

    function test_a_contract_can_be_a_session_key() public {
        address wallet = address(new Wallet(otherPayer));
        vm.prank(payer);
        escrow.setSigner(wallet, UNTIL, 100);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(OTHER_KEY, OPERATOR, calls);
        lane.signer = wallet;
        _assertRecorded(calls, lane);
        vm.assertEq(escrow.signerOf(payer, wallet).spent, 20, "spent");
    }

    function test_a_payer_that_delegated_its_account_still_signs_with_its_key() public {
        VmEtch(address(vm)).etch(payer, address(new RevertingPayer()).code);
        Call[] memory calls = _calls(payer, 2, FEE, 1);
        _assertRecorded(calls, _honestLane(KEY, OPERATOR, calls));
    }

    function test_skip_1_a_mirrored_signature() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, ledger.hashVoucher(lane.voucher));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        lane.signature = abi.encodePacked(r, bytes32(order - uint256(s)), v == 27 ? 28 : 27);
        _assertSkipped(calls, lane, IInferenceLedger.SkipReason.BadSignature);
    }

    function test_skip_1_contracts_that_do_not_quite_say_yes() public {
        address[2] memory payers = [address(new TersePayer()), address(new RevertingPayer())];
        for (uint256 i; i < payers.length; ++i) {
            Call[] memory calls = _calls(payers[i], 1, 0, 1);
            _assertSkipped(calls, _honestLane(KEY, OPERATOR, calls), IInferenceLedger.SkipReason.BadSignature);
        }
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
            ledger.recordBatch{gas: 600_000}(1, data, DATA_HASH, lanes);
            vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, i + 1, "the honest lane");
        }
    }

    function test_a_payer_cannot_act_while_it_is_asked_for_its_signature() public {
        ReenteringPayer wallet = new ReenteringPayer();
        escrow.depositFor(address(wallet), OPERATOR, 100);
        Call[] memory calls = _calls(address(wallet), 1, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        wallet.callBack(address(escrow), abi.encodeCall(IInferenceEscrow.startThaw, (OPERATOR, 100)));
        _assertRecorded(calls, lane);
        vm.assertEq(wallet.entered(), 0, "marked");
        vm.assertEq(escrow.accountOf(address(wallet), OPERATOR).thawing, 0, "thawing");
        vm.assertEq(escrow.balanceOf(address(wallet), OPERATOR), 90, "account");
    }

    function test_isSignedBy_says_what_batches_will_see() public {
        Call[] memory calls = _calls(payer, 1, FEE, 1);
        IInferenceLedger.Lane memory lane = _honestLane(KEY, OPERATOR, calls);
        bytes32 digest = ledger.hashVoucher(lane.voucher);
        address wallet = address(new Wallet(payer));
        vm.assertTrue(ledger.isSignedBy(payer, digest, lane.signature), "payer");
        vm.assertTrue(ledger.isSignedBy(wallet, digest, lane.signature), "wallet");
        vm.assertTrue(!ledger.isSignedBy(otherPayer, digest, lane.signature), "other");
        vm.assertTrue(!ledger.isSignedBy(address(0), digest, new bytes(65)), "nobody");
        vm.assertTrue(!ledger.isSignedBy(payer, bytes32(uint256(digest) ^ 1), lane.signature), "digest");
    }
}
