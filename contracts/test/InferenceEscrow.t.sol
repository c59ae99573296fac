// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {HostileToken} from "./HostileToken.sol";
import {FeeSink, LedgerFixture} from "./LedgerFixture.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @dev Deposits; the test stands in for the ledger.
contract InferenceEscrowTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
        escrow = _newEscrow(address(this));
    }

    function _hostileEscrow(HostileToken hostile) private returns (InferenceEscrow fresh) {
        IRewardsDistributor distributor = IRewardsDistributor(address(new FeeSink(hostile)));
        fresh = new InferenceEscrow(address(access), distributor, address(this), THAW);
        hostile.approve(address(fresh), type(uint256).max);
    }

    function _assertNotEntered(HostileToken hostile) private view {
        vm.assertTrue(hostile.hookRan() && !hostile.hookPassed(), "it tried and failed");
        vm.assertEq(
            bytes32(bytes4(hostile.hookResult())),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "because of the guard"
        );
    }

    function test_constructor_takes_the_token_of_the_distributor_and_announces_its_settings() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit IInferenceEscrow.EscrowCreated(address(token), address(sink), STRANGER, THAW);
        InferenceEscrow fresh = new InferenceEscrow(address(access), _distributor(), STRANGER, THAW);
        vm.assertEq(address(fresh.token()), address(token), "token");
        vm.assertEq(address(fresh.rewards()), address(sink), "rewards");
        vm.assertEq(fresh.ledger(), STRANGER, "ledger");
        vm.assertEq(fresh.thawPeriod(), THAW, "thaw period");
        vm.assertEq(fresh.authority(), address(access), "authority");
        vm.assertTrue(!fresh.paused(), "not paused");
    }

    function test_constructor_refuses_nobody_as_ledger_or_authority() public {
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        new InferenceEscrow(address(access), _distributor(), address(0), THAW);
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        new InferenceEscrow(address(0), _distributor(), address(this), THAW);
    }

    function test_deposit_moves_the_callers_tokens_into_the_callers_account() public {
        uint256 held = token.balanceOf(address(this));
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(address(this), OPERATOR, 100, 100);
        escrow.deposit(OPERATOR, 100);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(address(this), OPERATOR, 50, 150);
        escrow.deposit(OPERATOR, 50);
        vm.assertEq(escrow.balanceOf(address(this), OPERATOR), 150, "account");
        vm.assertEq(token.balanceOf(address(escrow)), 150, "tokens");
        vm.assertEq(token.balanceOf(address(this)), held - 150, "payer's tokens");
    }

    function test_depositFor_credits_the_payer_with_the_callers_tokens() public {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(payer, OPERATOR, 100, 100);
        escrow.depositFor(payer, OPERATOR, 100);
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 100, "payer");
        vm.assertEq(escrow.balanceOf(address(this), OPERATOR), 0, "caller");
        vm.assertEq(escrow.balanceOf(payer, OTHER_OPERATOR), 0, "other operator");
    }

    function test_deposit_announces_the_sum_of_all_deposits_also_after_a_withdrawal() public {
        escrow.depositFor(payer, OPERATOR, 100);
        vm.prank(payer);
        escrow.startThaw(OPERATOR, 60);
        vm.warp(block.timestamp + THAW);
        vm.prank(payer);
        escrow.withdraw(OPERATOR);
        escrow.charge(1, payer, OPERATOR, payer, 40, 1);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Deposited(payer, OPERATOR, 7, 107);
        escrow.depositFor(payer, OPERATOR, 7);
        IInferenceEscrow.Account memory account = escrow.accountOf(payer, OPERATOR);
        vm.assertEq(account.deposited, 107, "deposited");
        vm.assertEq(account.withdrawn, 60, "withdrawn");
        vm.assertEq(account.charged, 40, "charged");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 7, "balance");
    }

    function test_deposit_refuses_nothing_and_nobody() public {
        vm.expectRevert(IInferenceEscrow.ZeroAmount.selector);
        escrow.deposit(OPERATOR, 0);
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        escrow.deposit(address(0), 1);
        vm.expectRevert(IInferenceEscrow.ZeroAddress.selector);
        escrow.depositFor(address(0), OPERATOR, 1);
    }

    function test_deposit_refuses_a_token_that_delivers_less() public {
        HostileToken hostile = new HostileToken(address(this), SUPPLY);
        InferenceEscrow fresh = _hostileEscrow(hostile);
        fresh.deposit(OPERATOR, 100);
        hostile.setFee(100);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.FeeOnTransfer.selector, 100, 99));
        fresh.deposit(OPERATOR, 100);
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.FeeOnTransfer.selector, 100, 99));
        fresh.depositFor(payer, OPERATOR, 100);
        vm.assertEq(fresh.balanceOf(address(this), OPERATOR), 100, "account");
        vm.assertEq(hostile.balanceOf(address(fresh)), 100, "tokens");
    }

    /// @dev Without the guard the outer deposit counts the tokens of the inner one as its own.
    function test_deposit_cannot_be_entered_again_by_the_token() public {
        HostileToken hostile = new HostileToken(address(this), SUPPLY);
        InferenceEscrow fresh = _hostileEscrow(hostile);
        hostile.arm(address(fresh), abi.encodeCall(IInferenceEscrow.deposit, (OPERATOR, 1)), false);
        fresh.deposit(OPERATOR, 100);
        _assertNotEntered(hostile);
        hostile.arm(address(fresh), abi.encodeCall(IInferenceEscrow.depositFor, (payer, OPERATOR, 1)), false);
        fresh.depositFor(payer, OPERATOR, 100);
        _assertNotEntered(hostile);
    }

    function test_setPaused_stops_deposits_and_charges_and_is_for_the_guardian() public {
        escrow.deposit(OPERATOR, 100);
        _expectUnauthorized(OPERATOR);
        vm.prank(OPERATOR);
        escrow.setPaused(true);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.PausedSet(true);
        escrow.setPaused(true);
        vm.assertTrue(escrow.paused(), "paused");
        vm.expectRevert(IInferenceEscrow.EscrowPaused.selector);
        escrow.deposit(OPERATOR, 1);
        vm.expectRevert(IInferenceEscrow.EscrowPaused.selector);
        escrow.depositFor(payer, OPERATOR, 1);
        vm.expectRevert(IInferenceEscrow.EscrowPaused.selector);
        escrow.charge(1, address(this), OPERATOR, address(this), 1, 1);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.PausedSet(false);
        escrow.setPaused(false);
        escrow.deposit(OPERATOR, 1);
        escrow.charge(1, address(this), OPERATOR, address(this), 1, 1);
        vm.assertEq(escrow.balanceOf(address(this), OPERATOR), 100, "account");
    }
}
