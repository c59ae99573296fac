// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {LedgerFixture} from "./LedgerFixture.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev Session keys; the test stands in for the ledger.
contract InferenceEscrowSignersTest is LedgerFixture {
    uint64 private constant NOW = 1_000_000;
    uint64 private constant UNTIL = NOW + 10 days;

    function setUp() public {
        _deployLedger();
        escrow = _newEscrow(address(this));
        escrow.depositFor(payer, OPERATOR, 1000);
        escrow.depositFor(payer, OTHER_OPERATOR, 1000);
    }

    function _charge(address operator, uint128 amount, IInferenceEscrow.ChargeResult expected) private {
        IInferenceEscrow.ChargeResult result = escrow.charge(1, payer, operator, sessionKey, amount, 1);
        vm.assertEq(uint256(result), uint256(expected), "result");
    }

    function _covered(address operator, uint128 amount) private {
        _charge(operator, amount, IInferenceEscrow.ChargeResult.Covered);
    }

    function _revoke() private {
        vm.prank(payer);
        escrow.revokeSigner(sessionKey);
    }

    function _assertSigner(uint64 validUntil, uint128 cap, uint128 spent) private view {
        IInferenceEscrow.Signer memory signer = escrow.signerOf(payer, sessionKey);
        vm.assertEq(signer.validUntil, validUntil, "valid until");
        vm.assertEq(signer.cap, cap, "cap");
        vm.assertEq(signer.spent, spent, "spent");
    }

    function _expectSigner(uint64 validUntil, uint128 cap, uint128 spent) private {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.SignerSet(payer, sessionKey, validUntil, cap, spent);
    }

    function test_setSigner_lets_a_key_charge_up_to_its_cap_at_all_operators_together() public {
        _expectSigner(UNTIL, 100, 0);
        _setSession(UNTIL, 100);
        _expectSigner(UNTIL, 100, 60);
        _covered(OPERATOR, 60);
        _charge(OTHER_OPERATOR, 41, IInferenceEscrow.ChargeResult.KeyOverCap);
        _assertSigner(UNTIL, 100, 60);
        vm.assertEq(escrow.accountOf(payer, OTHER_OPERATOR).charged, 0, "not charged");
        _covered(OTHER_OPERATOR, 40);
        _assertSigner(UNTIL, 100, 100);
        _charge(OPERATOR, 1, IInferenceEscrow.ChargeResult.KeyOverCap);
        _covered(OPERATOR, 0);
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 60, "charged");
    }

    function test_charge_counts_nothing_against_the_payers_own_signature() public {
        escrow.charge(1, payer, OPERATOR, payer, 500, 1);
        _assertSigner(0, 0, 0);
        vm.assertEq(escrow.signerOf(payer, payer).spent, 0, "spent");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 500, "charged");
    }

    function test_charge_refuses_a_key_that_the_payer_never_set_even_for_nothing() public {
        _charge(OPERATOR, 0, IInferenceEscrow.ChargeResult.KeyExpired);
        vm.prank(otherPayer);
        escrow.setSigner(sessionKey, UNTIL, 100);
        _charge(OPERATOR, 1, IInferenceEscrow.ChargeResult.KeyExpired);
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 0, "charged");
    }

    function test_charge_refuses_a_key_from_the_second_after_its_last() public {
        _setSession(UNTIL, 100);
        vm.warp(UNTIL);
        _covered(OPERATOR, 10);
        vm.warp(UNTIL + 1);
        _charge(OPERATOR, 10, IInferenceEscrow.ChargeResult.KeyExpired);
        _assertSigner(UNTIL, 100, 10);
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 10, "charged");
    }

    function test_an_uncovered_charge_spends_nothing_of_the_key() public {
        _setSession(UNTIL, 5000);
        _charge(OPERATOR, 1001, IInferenceEscrow.ChargeResult.Underfunded);
        _assertSigner(UNTIL, 5000, 0);
    }

    function test_setSigner_refuses_nobody_the_payer_and_a_key_that_is_expired_from_the_start() public {
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        vm.prank(payer);
        escrow.setSigner(address(0), UNTIL, 1);
        vm.expectRevert(IInferenceEscrow.KeyIsPayer.selector);
        vm.prank(payer);
        escrow.setSigner(payer, UNTIL, 1);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.KeyAlreadyExpired.selector, NOW - 1));
        _setSession(NOW - 1, 1);
        _setSession(NOW, 1);
        _assertSigner(NOW, 1, 0);
    }

    function test_setSigner_takes_caps_of_96_bits() public {
        _setSession(UNTIL, type(uint96).max);
        _assertSigner(UNTIL, type(uint96).max, 0);
        vm.expectRevert(
            abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 96, uint256(1) << 96)
        );
        _setSession(UNTIL, uint128(1) << 96);
    }

    function test_setSigner_lowers_neither_limit_of_a_live_key() public {
        _setSession(UNTIL, 100);
        _covered(OPERATOR, 10);
        bytes memory refusal = abi.encodeWithSelector(IInferenceEscrow.KeyWouldShrink.selector, UNTIL, 100);
        vm.expectRevert(refusal);
        _setSession(UNTIL, 99);
        vm.expectRevert(refusal);
        _setSession(UNTIL - 1, 100);
        vm.expectRevert(refusal);
        _setSession(UNTIL + 1, 99);
        vm.warp(UNTIL);
        vm.expectRevert(refusal);
        _setSession(UNTIL, 99);
        _expectSigner(UNTIL + 1, 101, 10);
        _setSession(UNTIL + 1, 101);
        _assertSigner(UNTIL + 1, 101, 10);
    }

    function test_setSigner_again_never_resets_what_was_spent() public {
        _setSession(UNTIL, 100);
        _covered(OPERATOR, 100);
        _setSession(UNTIL, 100);
        _charge(OPERATOR, 1, IInferenceEscrow.ChargeResult.KeyOverCap);
        vm.warp(UNTIL + 1);
        _setSession(UNTIL + 10, 50);
        _assertSigner(UNTIL + 10, 50, 100);
        _charge(OPERATOR, 0, IInferenceEscrow.ChargeResult.KeyOverCap);
        _setSession(UNTIL + 10, 130);
        _covered(OPERATOR, 30);
        _assertSigner(UNTIL + 10, 130, 130);
    }

    function test_revokeSigner_ends_a_key_one_thaw_period_later() public {
        _setSession(UNTIL, 100);
        _covered(OPERATOR, 10);
        _expectSigner(NOW + THAW, 100, 10);
        _revoke();
        vm.warp(NOW + THAW);
        _covered(OPERATOR, 10);
        vm.warp(NOW + THAW + 1);
        _charge(OPERATOR, 10, IInferenceEscrow.ChargeResult.KeyExpired);
    }

    function test_revokeSigner_never_lengthens_a_key_and_repeating_it_moves_nothing() public {
        _setSession(NOW + 100, 100);
        _expectSigner(NOW + 100, 100, 0);
        _revoke();
        _setSession(UNTIL, 100);
        _revoke();
        vm.warp(NOW + 50);
        _revoke();
        _assertSigner(NOW + THAW, 100, 0);
        vm.warp(UNTIL);
        _expectSigner(NOW + THAW, 100, 0);
        _revoke();
    }

    function test_revokeSigner_needs_a_key_of_the_caller() public {
        _setSession(UNTIL, 100);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.UnknownKey.selector, sessionKey));
        vm.prank(STRANGER);
        escrow.revokeSigner(sessionKey);
        _assertSigner(UNTIL, 100, 0);
    }

    function test_a_key_can_be_revoked_while_the_escrow_is_paused() public {
        _setSession(UNTIL, 100);
        escrow.setPaused(true);
        _revoke();
        _assertSigner(NOW + THAW, 100, 0);
    }

    function testFuzz_a_key_never_spends_more_than_its_cap(uint128 cap, uint128[6] memory amounts) public {
        cap = uint128(bound(cap, 0, 2500));
        _setSession(UNTIL, cap);
        uint256 spent;
        uint256[2] memory left = [uint256(1000), 1000];
        for (uint256 i; i < amounts.length; ++i) {
            uint128 amount = uint128(bound(amounts[i], 0, 1200));
            uint256 o = amounts[i] % 2;
            IInferenceEscrow.ChargeResult expected = amount > left[o]
                ? IInferenceEscrow.ChargeResult.Underfunded
                : spent + amount > cap
                    ? IInferenceEscrow.ChargeResult.KeyOverCap
                    : IInferenceEscrow.ChargeResult.Covered;
            _charge(o == 0 ? OPERATOR : OTHER_OPERATOR, amount, expected);
            if (expected == IInferenceEscrow.ChargeResult.Covered) {
                spent += amount;
                left[o] -= amount;
            }
        }
        vm.assertLe(spent, cap, "within the cap");
        _assertSigner(UNTIL, cap, uint128(spent));
        escrow.settle();
        vm.assertEq(sink.funded(), spent, "distributor");
    }
}
