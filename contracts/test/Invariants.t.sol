// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {Handler} from "./Handler.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

contract InvariantsTest is TestBase {
    Handler private handler;
    IERC20 private token;
    IInferenceEscrow private escrow;
    IRewardsDistributor private rewards;

    function setUp() public {
        handler = new Handler();
        (address token_, address escrow_,, address rewards_) = handler.contracts();
        token = IERC20(token_);
        escrow = IInferenceEscrow(escrow_);
        rewards = IRewardsDistributor(rewards_);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_money_is_where_the_facts_say() public view {
        _checkEscrow();
        _checkRewards();
        _checkTokens();
    }

    function _checkEscrow() private view {
        uint256 held;
        uint256 calls;
        uint256 charged;
        for (uint256 i; i < handler.ACTORS(); ++i) {
            for (uint256 o; o < 2; ++o) {
                IInferenceEscrow.Account memory account =
                    escrow.accountOf(handler.payers(i), handler.operators(o));
                uint256 spent = uint256(account.charged) + account.withdrawn;
                vm.assertLe(spent, account.deposited, "charged + withdrawn <= deposited");
                uint256 balance = account.deposited - spent;
                vm.assertLe(account.thawing, balance, "thawing <= balance");
                vm.assertEq(handler.laneOf(i, o).charged, account.charged, "lane and account agree");
                held += balance;
                calls += handler.laneOf(i, o).calls;
                charged += account.charged;
            }
        }
        vm.assertEq(token.balanceOf(address(escrow)), held, "escrow holds every balance");
        vm.assertEq(calls, handler.recordedCalls(), "every call is recorded once");
        vm.assertEq(charged, handler.charges(), "charged what the calls cost");
        vm.assertEq(held, handler.deposits() - handler.charges() - handler.withdrawals(), "nothing is lost");
    }

    function _checkRewards() private view {
        uint256 totalEarned = rewards.epochOf(rewards.activeEpoch()).totalEarned;
        vm.assertLe(rewards.claimedTotal(), totalEarned, "claimed <= earned");
        vm.assertLe(totalEarned, rewards.funded(), "earned <= funded");
        vm.assertEq(rewards.claimedTotal(), handler.claims(), "claimed what was paid");
        vm.assertEq(rewards.funded(), handler.charges() + handler.directFunding(), "funded by every charge");
        vm.assertEq(
            token.balanceOf(address(rewards)),
            rewards.funded() - rewards.claimedTotal(),
            "distributor holds funded - claimed"
        );
        uint256 paid;
        for (uint256 i; i < handler.ACCOUNTS(); ++i) {
            paid += token.balanceOf(handler.accountOf(i));
        }
        vm.assertEq(paid, rewards.claimedTotal(), "claims went to their accounts");
    }

    function _checkTokens() private view {
        uint256 sum = token.balanceOf(address(handler)) + token.balanceOf(address(escrow))
            + token.balanceOf(address(rewards)) + token.balanceOf(handler.stakingAddress()) + handler.claims();
        for (uint256 i; i < handler.ACTORS(); ++i) {
            sum += token.balanceOf(handler.payers(i));
        }
        vm.assertEq(sum, token.totalSupply(), "every token is somewhere known");
        for (uint256 o; o < 2; ++o) {
            vm.assertEq(token.balanceOf(handler.operators(o)), 0, "operators hold nothing");
        }
    }
}
