// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {LedgerFixture, PaidCall} from "./LedgerFixture.sol";
import {GasBurner, ReturnBomb, Wallet} from "./Wallets.sol";

contract InferenceLedgerSignersTest is LedgerFixture {
    function setUp() public {
        _deployLedger();
    }

    function test_a_contract_can_pay_through_erc1271() public {
        address wallet = address(new Wallet(payer));
        escrow.depositFor(wallet, OPERATOR, 100);
        PaidCall[] memory calls = _calls(wallet, 2, FEE, 1);
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
            PaidCall[] memory bad = _calls(hostile[i], 1, 0, 1);
            PaidCall[] memory good = _calls(payer, 1, FEE, i);
            bytes memory data = bytes.concat(_pack(bad), _pack(good));
            IInferenceLedger.Lane[] memory lanes =
                _both(_honestLane(KEY, OPERATOR, bad), _honestLane(KEY, OPERATOR, good));
            _expectSkip(0, hostile[i], IInferenceLedger.SkipReason.BadSignature);
            vm.prank(OPERATOR);
            ledger.recordBatch{gas: 800_000}(1, data, DATA_HASH, lanes);
            vm.assertEq(ledger.laneOf(payer, OPERATOR, MODEL, TERMS).calls, i + 1, "the honest lane");
        }
    }
}
