// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {Fixture} from "./Fixture.sol";

/// @dev The test stands in for the ledger.
contract InferenceEscrowTest is Fixture {
    address private constant PAYER = address(0xa1);

    function setUp() public {
        _deployAll();
        escrow = new InferenceEscrow(rewards, address(this), THAW);
        token.approve(address(escrow), type(uint256).max);
    }

    function _thaw(uint128 amount) private {
        vm.prank(PAYER);
        escrow.startThaw(OPERATOR, amount);
    }

    function _withdraw() private returns (uint128) {
        vm.prank(PAYER);
        return escrow.withdraw(OPERATOR);
    }

    function test_constructor_takes_the_token_of_the_distributor() public {
        vm.assertEq(address(escrow.token()), address(token), "token");
        vm.assertEq(address(escrow.rewards()), address(rewards), "rewards");
        vm.assertEq(escrow.ledger(), address(this), "ledger");
        vm.assertEq(escrow.thawPeriod(), THAW, "thaw period");
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        new InferenceEscrow(rewards, address(0), THAW);
    }

    function test_deposit_moves_the_callers_tokens_into_the_callers_account() public {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(address(this), OPERATOR, 100, 100);
        escrow.deposit(OPERATOR, 100);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(address(this), OPERATOR, 50, 150);
        escrow.deposit(OPERATOR, 50);
        vm.assertEq(escrow.balanceOf(address(this), OPERATOR), 150, "account");
        vm.assertEq(token.balanceOf(address(escrow)), 150, "tokens");
        vm.assertEq(token.balanceOf(address(this)), SUPPLY - 150, "payer's tokens");
    }

    function test_depositFor_credits_the_payer_with_the_callers_tokens() public {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(PAYER, OPERATOR, 100, 100);
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.assertEq(escrow.balanceOf(PAYER, OPERATOR), 100, "payer");
        vm.assertEq(escrow.balanceOf(address(this), OPERATOR), 0, "caller");
        vm.assertEq(escrow.balanceOf(PAYER, OTHER_OPERATOR), 0, "other operator");
    }

    function test_deposit_refuses_nothing_and_nobody() public {
        vm.expectRevert(IInferenceEscrow.ZeroAmount.selector);
        escrow.deposit(OPERATOR, 0);
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        escrow.deposit(address(0), 1);
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        escrow.depositFor(address(0), OPERATOR, 1);
    }

    function test_startThaw_announces_at_most_the_balance() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.InsufficientBalance.selector, 100, 101));
        _thaw(101);
        vm.expectRevert(IInferenceEscrow.ZeroAmount.selector);
        _thaw(0);
        vm.warp(1000);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.ThawStarted(PAYER, OPERATOR, 100, 1000 + THAW);
        _thaw(100);
        vm.assertEq(escrow.availableOf(PAYER, OPERATOR), 0, "available");
        vm.assertEq(escrow.balanceOf(PAYER, OPERATOR), 100, "balance");
    }

    function test_startThaw_again_replaces_the_amount_and_restarts_the_clock() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.warp(1000);
        _thaw(100);
        vm.warp(1000 + THAW);
        _thaw(40);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.StillThawing.selector, 1000 + 2 * THAW));
        _withdraw();
        vm.warp(1000 + 2 * THAW);
        vm.assertEq(_withdraw(), 40, "paid");
    }

    function test_withdraw_waits_out_the_thaw_to_the_second() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.warp(1000);
        _thaw(60);
        vm.warp(1000 + THAW - 1);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.StillThawing.selector, 1000 + THAW));
        _withdraw();
        vm.warp(1000 + THAW);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Withdrawn(PAYER, OPERATOR, 60, 60);
        vm.assertEq(_withdraw(), 60, "paid");
        vm.assertEq(token.balanceOf(PAYER), 60, "tokens");
        vm.assertEq(escrow.balanceOf(PAYER, OPERATOR), 40, "rest");
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _withdraw();
    }

    function test_withdraw_counts_up_over_several_withdrawals() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        _thaw(60);
        vm.warp(vm.getBlockTimestamp() + THAW);
        _withdraw();
        _thaw(40);
        vm.warp(vm.getBlockTimestamp() + THAW);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Withdrawn(PAYER, OPERATOR, 40, 100);
        _withdraw();
        vm.assertEq(escrow.accountOf(PAYER, OPERATOR).withdrawn, 100, "cumulative");
        vm.assertEq(token.balanceOf(PAYER), 100, "tokens");
    }

    function test_charge_is_for_the_ledger_alone() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.NotLedger.selector, OPERATOR));
        vm.prank(OPERATOR);
        escrow.charge(1, PAYER, OPERATOR, 1, 1);
    }

    function test_charge_books_and_settle_hands_everything_to_the_distributor() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, PAYER, OPERATOR, 30, 30, 2);
        vm.assertTrue(escrow.charge(1, PAYER, OPERATOR, 30, 2), "covered");
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(2, PAYER, OPERATOR, 70, 100, 3);
        vm.assertTrue(escrow.charge(2, PAYER, OPERATOR, 70, 3), "covered to the last unit");
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Funded(address(escrow), 100, 100);
        escrow.settle();
        vm.assertEq(token.balanceOf(address(rewards)), 100, "rewards");
        vm.assertEq(token.balanceOf(address(escrow)), 0, "escrow");
        escrow.settle();
        vm.assertEq(rewards.funded(), 100, "settled once");
    }

    function test_charge_that_is_not_covered_changes_nothing() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        escrow.depositFor(PAYER, OTHER_OPERATOR, 100);
        vm.assertTrue(!escrow.charge(1, PAYER, OPERATOR, 101, 1), "not covered");
        escrow.settle();
        vm.assertEq(escrow.accountOf(PAYER, OPERATOR).charged, 0, "charged");
        vm.assertEq(token.balanceOf(address(escrow)), 200, "tokens");
    }

    function test_charge_may_take_what_is_thawing_but_takes_it_last() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        _thaw(60);
        escrow.charge(1, PAYER, OPERATOR, 40, 1);
        vm.assertEq(escrow.accountOf(PAYER, OPERATOR).thawing, 60, "untouched");
        escrow.charge(2, PAYER, OPERATOR, 25, 1);
        vm.assertEq(escrow.accountOf(PAYER, OPERATOR).thawing, 35, "cut");
        vm.warp(vm.getBlockTimestamp() + THAW);
        vm.assertEq(_withdraw(), 35, "paid");
    }

    function test_a_deposit_after_a_thaw_cannot_leave_without_one() public {
        escrow.depositFor(PAYER, OPERATOR, 100);
        _thaw(100);
        escrow.charge(1, PAYER, OPERATOR, 100, 1);
        escrow.depositFor(PAYER, OPERATOR, 100);
        vm.warp(vm.getBlockTimestamp() + THAW);
        vm.expectRevert(IInferenceEscrow.NothingThawing.selector);
        _withdraw();
        vm.assertEq(escrow.availableOf(PAYER, OPERATOR), 100, "available");
    }

    function testFuzz_an_account_never_gives_more_than_it_got(
        uint128 deposited,
        uint128 charged,
        uint128 thawing,
        uint128 chargedLater
    ) public {
        deposited = uint128(bound(deposited, 1, 1e26));
        escrow.depositFor(PAYER, OPERATOR, deposited);
        charged = uint128(bound(charged, 0, 2e26));
        bool covered = escrow.charge(1, PAYER, OPERATOR, charged, 1);
        vm.assertTrue(covered == (charged <= deposited), "covered up to the deposit");
        uint128 rest = covered ? deposited - charged : deposited;
        if (rest == 0) return;
        thawing = uint128(bound(thawing, 1, rest));
        _thaw(thawing);
        vm.assertEq(escrow.availableOf(PAYER, OPERATOR), rest - thawing, "available");
        chargedLater = uint128(bound(chargedLater, 0, rest));
        escrow.charge(2, PAYER, OPERATOR, chargedLater, 1);
        vm.warp(vm.getBlockTimestamp() + THAW);
        uint128 left = rest - chargedLater;
        uint128 expected = thawing < left ? thawing : left;
        if (expected > 0) vm.assertEq(_withdraw(), expected, "the smaller of thawed and left");
        escrow.settle();
        vm.assertEq(token.balanceOf(PAYER), expected, "payer");
        vm.assertEq(token.balanceOf(address(rewards)), deposited - left, "distributor");
        vm.assertEq(token.balanceOf(address(escrow)), left - expected, "escrow");
        vm.assertEq(escrow.balanceOf(PAYER, OPERATOR), left - expected, "account");
    }
}
