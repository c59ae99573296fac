// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {Handler} from "./handlers/Handler.sol";
import {HostileHandler} from "./handlers/HostileHandler.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev After any actions: every contract holds exactly what it owes, and all tokens are somewhere known.
abstract contract Invariants is TestBase {
    Handler internal handler;
    IERC20 private token;
    IInferenceEscrow private escrow;
    IRewardsDistributor private rewards;
    IAgentStaking private staking;
    IEpochDisputes private disputes;

    function setUp() public {
        handler = _newHandler();
        address[4] memory parts;
        (token, parts[0], parts[1], parts[2], parts[3]) = handler.system();
        escrow = IInferenceEscrow(parts[0]);
        rewards = IRewardsDistributor(parts[1]);
        staking = IAgentStaking(parts[2]);
        disputes = IEpochDisputes(parts[3]);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_money_is_where_the_facts_say() public view {
        uint256 owed = _checkEscrow() + _checkRewards() + _checkStaking() + _checkDisputes();
        uint256 held = token.balanceOf(address(escrow)) + token.balanceOf(address(rewards))
            + token.balanceOf(address(staking)) + token.balanceOf(address(disputes));
        vm.assertEq(held, owed, "together they hold what they owe");
        _checkTokens(held);
    }

    function _newHandler() internal virtual returns (Handler);

    function _checkEscrow() private view returns (uint256 held) {
        uint256 calls;
        uint256 charged;
        for (uint256 i; i < handler.PAYERS(); ++i) {
            address payer = handler.payers(i);
            for (uint256 o; o < handler.OPERATORS(); ++o) {
                IInferenceEscrow.Account memory account = escrow.accountOf(payer, handler.operators(o));
                uint256 spent = uint256(account.charged) + account.withdrawn;
                vm.assertLe(spent, account.deposited, "charged + withdrawn <= deposited");
                uint256 balance = account.deposited - spent;
                vm.assertLe(account.thawing, balance, "thawing <= balance");
                vm.assertEq(handler.laneOf(i, o).charged, account.charged, "lane and account agree");
                held += balance;
                calls += handler.laneOf(i, o).calls;
                charged += account.charged;
            }
            IInferenceEscrow.Signer memory signer = escrow.signerOf(payer, handler.sessionKeyOf(i));
            vm.assertLe(signer.spent, signer.cap, "a session key spends at most its cap");
        }
        vm.assertEq(token.balanceOf(address(escrow)), held, "escrow holds every balance");
        vm.assertEq(calls, handler.recordedCalls(), "every call is recorded once");
        vm.assertEq(charged, handler.charges(), "charged what the calls cost");
        vm.assertEq(held, handler.deposits() - handler.charges() - handler.withdrawals(), "nothing is lost");
    }

    function _checkRewards() private view returns (uint256 held) {
        uint256 totalEarned = rewards.epochOf(rewards.activeEpoch()).totalEarned;
        vm.assertLe(rewards.claimedTotal(), totalEarned, "claimed <= earned");
        vm.assertLe(totalEarned, rewards.funded(), "earned <= funded");
        vm.assertEq(rewards.claimedTotal(), handler.claims(), "claimed what was paid");
        vm.assertEq(rewards.funded(), handler.charges() + handler.directFunding(), "funded by every charge");
        held = rewards.funded() - rewards.claimedTotal();
        vm.assertEq(token.balanceOf(address(rewards)), held, "distributor holds funded - claimed");
        uint256 claimed;
        uint256 paid;
        for (uint256 i; i < handler.ACCOUNTS(); ++i) {
            claimed += rewards.claimedOf(handler.accountOf(i));
            paid += token.balanceOf(handler.accountOf(i)) + token.balanceOf(handler.recipientFor(i));
        }
        vm.assertEq(claimed, rewards.claimedTotal(), "the accounts claimed it");
        vm.assertEq(paid, rewards.claimedTotal(), "claims went to their accounts");
    }

    function _checkStaking() private view returns (uint256 held) {
        for (uint256 i; i < handler.AGENTS(); ++i) {
            held += staking.slashableOf(handler.agentOf(i));
        }
        for (uint256 i; i < handler.CHALLENGERS(); ++i) {
            held += staking.withdrawable(handler.challengerOf(i));
        }
        held += staking.withdrawable(handler.treasury());
        vm.assertEq(token.balanceOf(address(staking)), held, "staking holds every stake and reward");
        vm.assertEq(
            held,
            handler.stakes() - handler.unstaked() - handler.slashRewardsPaid(),
            "a slash moves stake, it does not lose any"
        );
    }

    function _checkDisputes() private view returns (uint256 held) {
        held = handler.heldBonds() + disputes.withdrawable(handler.treasury());
        for (uint256 i; i < handler.CHALLENGERS(); ++i) {
            held += disputes.withdrawable(handler.challengerOf(i));
        }
        vm.assertEq(token.balanceOf(address(disputes)), held, "disputes hold every bond");
        vm.assertEq(held, handler.bonds() - handler.bondsPaid(), "no bond is lost");
    }

    function _checkTokens(uint256 held) private view {
        uint256 sum = held + rewards.claimedTotal() + token.balanceOf(address(handler))
            + token.balanceOf(address(token)) + token.balanceOf(handler.treasury());
        for (uint256 i; i < handler.PAYERS(); ++i) {
            sum += token.balanceOf(handler.payers(i));
        }
        for (uint256 i; i < handler.AGENTS(); ++i) {
            sum += token.balanceOf(handler.agentOf(i));
        }
        for (uint256 i; i < handler.CHALLENGERS(); ++i) {
            sum += token.balanceOf(handler.challengerOf(i));
        }
        vm.assertEq(sum, token.totalSupply(), "every token is somewhere known");
        for (uint256 o; o < handler.OPERATORS(); ++o) {
            vm.assertEq(token.balanceOf(handler.operators(o)), 0, "operators hold nothing");
        }
    }
}

contract InvariantsTest is Invariants {
    function _newHandler() internal override returns (Handler) {
        return new Handler(false);
    }
}

contract HostileInvariantsTest is Invariants {
    function _newHandler() internal override returns (Handler) {
        return new HostileHandler();
    }
}
