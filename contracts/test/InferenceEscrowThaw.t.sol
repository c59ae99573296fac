// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

/// @dev Withdrawals; the test stands in for the ledger.
contract InferenceEscrowThawTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
        escrow = _newEscrow(address(this));
        escrow.depositFor(payer, OPERATOR, 100);
    }

    function _thaw(uint128 amount) private {
        vm.prank(payer);
        escrow.startThaw(OPERATOR, amount);
    }

    function _cancel() private {
        vm.prank(payer);
        escrow.cancelThaw(OPERATOR);
    }

    function _withdraw() private returns (uint128) {
        vm.prank(payer);
        return escrow.withdraw(OPERATOR);
    }

    function _charge(uint128 amount) private {
        escrow.charge(1, payer, OPERATOR, payer, amount, 1);
    }

    function _pass(uint256 duration) private {
        vm.warp(vm.getBlockTimestamp() + duration);
    }

    function test_startThaw_announces_at_most_the_balance() public {
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.InsufficientBalance.selector, 100, 101));
        _thaw(101);
        vm.expectRevert(IInferenceEscrow.ZeroAmount.selector);
        _thaw(0);
        _charge(30);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.InsufficientBalance.selector, 70, 71));
        _thaw(71);
        vm.warp(2_000_000);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.ThawStarted(payer, OPERATOR, 70, 2_000_000 + THAW);
        _thaw(70);
        vm.assertEq(escrow.availableOf(payer, OPERATOR), 0, "available");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 70, "balance");
        vm.assertEq(escrow.accountOf(payer, OPERATOR).thawEnd, 2_000_000 + THAW, "thaw end");
    }

    function test_startThaw_again_replaces_the_amount_and_restarts_the_clock() public {
        vm.warp(2_000_000);
        _thaw(100);
        vm.warp(2_000_000 + THAW);
        _thaw(40);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.StillThawing.selector, 2_000_000 + 2 * THAW));
        _withdraw();
        vm.warp(2_000_000 + 2 * THAW);
        vm.assertEq(_withdraw(), 40, "paid");
    }

    function test_cancelThaw_makes_the_money_available_again() public {
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _cancel();
        _thaw(60);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.ThawCancelled(payer, OPERATOR, 60);
        _cancel();
        vm.assertEq(escrow.availableOf(payer, OPERATOR), 100, "available");
        _pass(THAW);
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _withdraw();
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _cancel();
    }

    function test_cancelThaw_tells_only_of_what_charges_left() public {
        _thaw(60);
        _charge(75);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.ThawCancelled(payer, OPERATOR, 25);
        _cancel();
        vm.assertEq(escrow.availableOf(payer, OPERATOR), 25, "available");
    }

    function test_withdraw_waits_out_the_thaw_to_the_second() public {
        vm.warp(2_000_000);
        _thaw(60);
        vm.warp(2_000_000 + THAW - 1);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.StillThawing.selector, 2_000_000 + THAW));
        _withdraw();
        vm.warp(2_000_000 + THAW);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Withdrawn(payer, OPERATOR, 60, 60);
        vm.assertEq(_withdraw(), 60, "paid");
        vm.assertEq(token.balanceOf(payer), 60, "tokens");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 40, "rest");
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _withdraw();
    }

    function test_withdraw_counts_up_over_several_withdrawals() public {
        _thaw(60);
        _pass(THAW);
        _withdraw();
        _thaw(40);
        _pass(THAW);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Withdrawn(payer, OPERATOR, 40, 100);
        _withdraw();
        vm.assertEq(escrow.accountOf(payer, OPERATOR).withdrawn, 100, "cumulative");
        vm.assertEq(token.balanceOf(payer), 100, "tokens");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 0, "account");
    }

    function test_nobody_withdraws_what_another_set_aside() public {
        _thaw(60);
        _pass(THAW);
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        vm.prank(STRANGER);
        escrow.withdraw(OPERATOR);
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        vm.prank(payer);
        escrow.withdraw(OTHER_OPERATOR);
    }

    function test_a_pause_stops_no_withdrawal() public {
        escrow.setPaused(true);
        _thaw(60);
        _cancel();
        _thaw(100);
        _pass(THAW);
        vm.assertEq(_withdraw(), 100, "paid");
        vm.assertEq(token.balanceOf(payer), 100, "tokens");
    }

    function test_charge_may_take_what_is_thawing_but_takes_it_last() public {
        _thaw(60);
        _charge(40);
        vm.assertEq(escrow.accountOf(payer, OPERATOR).thawing, 60, "untouched");
        _charge(25);
        vm.assertEq(escrow.accountOf(payer, OPERATOR).thawing, 35, "cut");
        _pass(THAW);
        vm.assertEq(_withdraw(), 35, "paid");
    }

    function test_a_deposit_after_a_thaw_cannot_leave_without_one() public {
        _thaw(100);
        _charge(100);
        escrow.depositFor(payer, OPERATOR, 100);
        _pass(THAW);
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _withdraw();
        vm.assertEq(escrow.availableOf(payer, OPERATOR), 100, "available");
    }

    function testFuzz_an_account_never_gives_more_than_it_got(
        uint128 deposited,
        uint128 charged,
        uint128 thawing,
        uint128 chargedLater
    ) public {
        deposited = uint128(bound(deposited, 1, 1e26));
        escrow.depositFor(payer, OTHER_OPERATOR, deposited);
        charged = uint128(bound(charged, 0, 2e26));
        IInferenceEscrow.ChargeResult result = escrow.charge(1, payer, OTHER_OPERATOR, payer, charged, 1);
        bool covered = result == IInferenceEscrow.ChargeResult.Covered;
        vm.assertTrue(covered == (charged <= deposited), "covered up to the deposit");
        uint128 rest = covered ? deposited - charged : deposited;
        if (rest == 0) return;
        thawing = uint128(bound(thawing, 1, rest));
        vm.prank(payer);
        escrow.startThaw(OTHER_OPERATOR, thawing);
        vm.assertEq(escrow.availableOf(payer, OTHER_OPERATOR), rest - thawing, "available");
        chargedLater = uint128(bound(chargedLater, 0, rest));
        escrow.charge(2, payer, OTHER_OPERATOR, payer, chargedLater, 1);
        _pass(THAW);
        uint128 left = rest - chargedLater;
        uint128 expected = thawing < left ? thawing : left;
        vm.prank(payer);
        if (expected == 0) vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        uint128 paid = escrow.withdraw(OTHER_OPERATOR);
        if (expected > 0) vm.assertEq(paid, expected, "the smaller of thawed and left");
        escrow.settle();
        vm.assertEq(token.balanceOf(payer), expected, "payer");
        vm.assertEq(token.balanceOf(address(sink)), deposited - left, "distributor");
        vm.assertEq(token.balanceOf(address(escrow)), 100 + left - expected, "escrow");
        vm.assertEq(escrow.balanceOf(payer, OTHER_OPERATOR), left - expected, "account");
    }

    /// @dev A second account of the same history, kept the plain way, tells the lazy one from right.
    function testFuzz_thawing_is_what_an_eager_account_would_say(uint256[16] memory steps) public {
        uint256 balance = 100;
        uint256 thawing;
        for (uint256 i; i < steps.length; ++i) {
            uint256 amount = bound(steps[i] >> 8, 1, 120);
            uint256 kind = steps[i] % 4;
            if (kind == 0) {
                escrow.depositFor(payer, OPERATOR, uint128(amount));
                balance += amount;
            } else if (kind == 1 && amount <= balance) {
                _charge(uint128(amount));
                balance -= amount;
                if (thawing > balance) thawing = balance;
            } else if (kind == 2 && amount <= balance) {
                _thaw(uint128(amount));
                thawing = amount;
            } else if (kind == 3 && thawing > 0) {
                _pass(THAW);
                vm.assertEq(_withdraw(), thawing, "paid");
                balance -= thawing;
                thawing = 0;
            }
            vm.assertEq(escrow.accountOf(payer, OPERATOR).thawing, thawing, "thawing");
            vm.assertEq(escrow.balanceOf(payer, OPERATOR), balance, "balance");
            vm.assertEq(escrow.availableOf(payer, OPERATOR), balance - thawing, "available");
        }
    }
}
