// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {TestBase} from "./Base.sol";
import {FeeSink} from "./LedgerFixture.sol";
import {LedgerHandler} from "./LedgerHandler.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

contract LedgerInvariantsTest is TestBase {
    LedgerHandler private handler;
    IERC20 private token;
    IInferenceEscrow private escrow;
    FeeSink private sink;

    function setUp() public {
        handler = new LedgerHandler();
        (address token_, address escrow_,, address sink_) = handler.contracts();
        token = IERC20(token_);
        escrow = IInferenceEscrow(escrow_);
        sink = FeeSink(sink_);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_every_charge_was_signed_covered_and_passed_on() public view {
        uint256 held;
        uint256 charged;
        uint256 calls;
        for (uint256 i; i < handler.PAYERS(); ++i) {
            address payer = handler.payerOf(i);
            IInferenceEscrow.Account memory account = escrow.accountOf(payer, handler.operator());
            IInferenceLedger.LaneState memory lane = handler.laneState(i);
            IInferenceEscrow.Signer memory signer = escrow.signerOf(payer, handler.sessionKeyAddress());
            uint256 spent = uint256(account.charged) + account.withdrawn;
            vm.assertLe(spent, account.deposited, "charged + withdrawn <= deposited");
            vm.assertLe(account.thawing, account.deposited - spent, "thawing <= balance");
            vm.assertEq(lane.charged, account.charged, "lane and account agree");
            vm.assertEq(signer.spent, handler.spentByKey(i), "the key spent what it signed");
            vm.assertLe(signer.spent, signer.cap, "within the cap, which here only rises");
            vm.assertLe(signer.spent, account.charged, "spent is a part of what was charged");
            held += account.deposited - spent;
            charged += account.charged;
            calls += lane.calls;
        }
        vm.assertEq(charged, handler.charges(), "charged what the calls cost");
        vm.assertEq(calls, handler.calls(), "every call counts once");
        vm.assertEq(token.balanceOf(address(escrow)), held, "the escrow holds every balance");
        vm.assertEq(sink.funded(), charged, "the distributor was told of every charge");
        vm.assertEq(token.balanceOf(address(sink)), charged, "and has it");
        vm.assertEq(held, handler.deposits() - charged - handler.withdrawals(), "nothing is lost");
    }
}
