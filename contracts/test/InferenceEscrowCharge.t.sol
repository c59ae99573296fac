// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

/// @dev Charges; the test stands in for the ledger.
contract InferenceEscrowChargeTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
        escrow = _newEscrow(address(this));
        escrow.depositFor(payer, OPERATOR, 100);
    }

    function _assertResult(IInferenceEscrow.ChargeResult actual, IInferenceEscrow.ChargeResult expected)
        private
        pure
    {
        vm.assertEq(uint256(actual), uint256(expected), "result");
    }

    function test_charge_is_for_the_ledger_alone() public {
        vm.expectRevert(abi.encodeWithSelector(IInferenceEscrow.NotLedger.selector, OPERATOR));
        vm.prank(OPERATOR);
        escrow.charge(1, payer, OPERATOR, payer, 1, 1);
    }

    function test_charge_books_and_settle_hands_everything_to_the_distributor() public {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, payer, OPERATOR, 30, 30, 2);
        _assertResult(escrow.charge(1, payer, OPERATOR, payer, 30, 2), IInferenceEscrow.ChargeResult.Covered);
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(2, payer, OPERATOR, 70, 100, 3);
        _assertResult(escrow.charge(2, payer, OPERATOR, payer, 70, 3), IInferenceEscrow.ChargeResult.Covered);
        vm.assertEq(token.balanceOf(address(escrow)), 100, "still here");
        escrow.settle();
        vm.assertEq(token.balanceOf(address(sink)), 100, "rewards");
        vm.assertEq(token.balanceOf(address(escrow)), 0, "escrow");
        escrow.settle();
        vm.assertEq(sink.funded(), 100, "settled once");
    }

    function test_charge_that_is_not_covered_changes_nothing() public {
        escrow.depositFor(payer, OTHER_OPERATOR, 100);
        _assertResult(
            escrow.charge(1, payer, OPERATOR, payer, 101, 1), IInferenceEscrow.ChargeResult.Underfunded
        );
        escrow.settle();
        vm.assertEq(escrow.accountOf(payer, OPERATOR).charged, 0, "charged");
        vm.assertEq(token.balanceOf(address(escrow)), 200, "tokens");
    }

    function test_a_charge_of_nothing_needs_no_account() public {
        vm.expectEmit(address(escrow));
        emit IInferenceEscrow.Charged(1, STRANGER, OPERATOR, 0, 0, 2);
        _assertResult(
            escrow.charge(1, STRANGER, OPERATOR, STRANGER, 0, 2), IInferenceEscrow.ChargeResult.Covered
        );
    }

    function testFuzz_what_was_charged_is_what_the_distributor_gets(uint128[5] memory amounts) public {
        uint256 sum;
        for (uint256 i; i < amounts.length; ++i) {
            uint128 amount = uint128(bound(amounts[i], 0, 150));
            bool fits = sum + amount <= 100;
            _assertResult(
                escrow.charge(i + 1, payer, OPERATOR, payer, amount, 1),
                fits ? IInferenceEscrow.ChargeResult.Covered : IInferenceEscrow.ChargeResult.Underfunded
            );
            if (fits) sum += amount;
        }
        escrow.settle();
        vm.assertEq(sink.funded(), sum, "distributor");
        vm.assertEq(escrow.balanceOf(payer, OPERATOR), 100 - sum, "account");
        vm.assertEq(token.balanceOf(address(escrow)), 100 - sum, "tokens");
    }
}
