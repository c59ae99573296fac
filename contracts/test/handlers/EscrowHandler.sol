// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../../src/interfaces/IInferenceEscrow.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @dev Payers' money and session keys.
abstract contract EscrowHandler is HandlerBase {
    uint256 internal constant SESSION = 0x5e5510;

    function deposit(uint256 i, uint256 o, uint128 amount) external {
        amount = uint128(bound(amount, 1, MAX_AMOUNT));
        escrow.depositFor(payers[i % PAYERS], operators[o % 2], amount);
        deposits += amount;
    }

    function startThaw(uint256 i, uint256 o, uint128 amount) external {
        address payer = payers[i % PAYERS];
        uint128 balance = escrow.balanceOf(payer, operators[o % 2]);
        if (balance == 0) return;
        vm.prank(payer);
        escrow.startThaw(operators[o % 2], uint128(bound(amount, 1, balance)));
    }

    function cancelThaw(uint256 i, uint256 o) external {
        address payer = payers[i % PAYERS];
        if (escrow.accountOf(payer, operators[o % 2]).thawing == 0) return;
        vm.prank(payer);
        escrow.cancelThaw(operators[o % 2]);
    }

    /// @dev Now and then after the thaw, else before its end: time that runs too fast closes every window.
    function withdraw(uint256 i, uint256 o, uint256 wait) external {
        (address payer, address operator) = (payers[i % PAYERS], operators[o % 2]);
        IInferenceEscrow.Account memory account = escrow.accountOf(payer, operator);
        if (account.thawing == 0) return;
        if (wait % 4 == 0) _later(THAW);
        if (account.thawEnd <= vm.getBlockTimestamp()) {
            _withdraw(payer, operator);
            return;
        }
        _refused(
            payer,
            address(escrow),
            abi.encodeCall(escrow.withdraw, (operator)),
            IInferenceEscrow.StillThawing.selector
        );
    }

    /// @dev Whatever the guardian pauses, payers get their money back.
    function withdrawWhilePaused(uint256 i, uint256 o, uint128 amount) external {
        (address payer, address operator) = (payers[i % PAYERS], operators[o % 2]);
        vm.prank(GUARDIAN);
        escrow.setPaused(true);
        _refused(
            address(this),
            address(escrow),
            abi.encodeCall(escrow.depositFor, (payer, operator, 1)),
            IInferenceEscrow.EscrowPaused.selector
        );
        uint128 balance = escrow.balanceOf(payer, operator);
        if (balance != 0) {
            vm.prank(payer);
            escrow.startThaw(operator, uint128(bound(amount, 1, balance)));
            _later(THAW);
            _withdraw(payer, operator);
        }
        vm.prank(GUARDIAN);
        escrow.setPaused(false);
    }

    function attackThawTooMuch(uint256 i, uint256 o, uint128 extra) external {
        address payer = payers[i % PAYERS];
        uint128 amount = escrow.balanceOf(payer, operators[o % 2]) + uint128(bound(extra, 1, MAX_AMOUNT));
        _refused(
            payer,
            address(escrow),
            abi.encodeCall(escrow.startThaw, (operators[o % 2], amount)),
            IInferenceEscrow.InsufficientBalance.selector
        );
    }

    function attackCharge(uint256 i, uint256 o, uint128 amount) external {
        address payer = payers[i % PAYERS];
        _refused(
            operators[o % 2],
            address(escrow),
            abi.encodeCall(escrow.charge, (1, payer, operators[o % 2], payer, amount, 1)),
            IInferenceEscrow.NotLedger.selector
        );
    }

    function setSigner(uint256 i, uint64 duration, uint128 cap) external {
        address payer = payers[i % PAYERS];
        IInferenceEscrow.Signer memory signer = escrow.signerOf(payer, sessionKeyOf(i));
        uint64 validUntil = uint64(vm.getBlockTimestamp() + bound(duration, 0, 3 days));
        if (signer.validUntil > validUntil) validUntil = signer.validUntil;
        cap = uint128(bound(cap, 0, MAX_AMOUNT));
        if (signer.cap > cap) cap = signer.cap;
        vm.prank(payer);
        escrow.setSigner(sessionKeyOf(i), validUntil, cap);
    }

    function revokeSigner(uint256 i) external {
        address payer = payers[i % PAYERS];
        if (escrow.signerOf(payer, sessionKeyOf(i)).validUntil == 0) return;
        vm.prank(payer);
        escrow.revokeSigner(sessionKeyOf(i));
    }

    function attackShrinkKey(uint256 i) external {
        address payer = payers[i % PAYERS];
        IInferenceEscrow.Signer memory signer = escrow.signerOf(payer, sessionKeyOf(i));
        if (signer.validUntil < vm.getBlockTimestamp() || signer.cap == 0) return;
        _refused(
            payer,
            address(escrow),
            abi.encodeCall(escrow.setSigner, (sessionKeyOf(i), signer.validUntil, signer.cap - 1)),
            IInferenceEscrow.KeyWouldShrink.selector
        );
    }

    function sessionKeyOf(uint256 i) public pure returns (address) {
        return vm.addr(SESSION + i % PAYERS);
    }

    function _withdraw(address payer, address operator) private {
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        uint128 amount = escrow.withdraw(operator);
        require(token.balanceOf(payer) - before == amount, "withdrawn but not paid");
        withdrawals += amount;
    }
}
