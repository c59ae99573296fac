// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "../../src/interfaces/IAgentStaking.sol";
import {IEpochDisputes} from "../../src/interfaces/IEpochDisputes.sol";
import {IInferenceEscrow} from "../../src/interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "../../src/interfaces/IRewardsDistributor.sol";
import {HostileToken} from "../HostileToken.sol";
import {Handler} from "./Handler.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @dev The same system over a token that calls back, keeps a part or refuses a receiver. Each action turns
/// one of these on for one attack, so the honest actions in between stay comparable.
contract HostileHandler is Handler {
    HostileToken private immutable _hostile;

    constructor() Handler(true) {
        _hostile = HostileToken(address(token));
        // So that the token itself can pay and be an agent when it calls back.
        token.transfer(address(token), 1e24);
        address[4] memory receivers = [address(escrow), address(rewards), address(staking), address(disputes)];
        for (uint256 i; i < receivers.length; ++i) {
            _hostile.execute(address(token), abi.encodeCall(token.approve, (receivers[i], type(uint256).max)));
        }
    }

    function attackWithAFee(uint256 i, uint256 o, uint128 amount) external {
        amount = uint128(bound(amount, 100, MAX_AMOUNT));
        (address payer, address operator) = (payers[i % PAYERS], operators[o % 2]);
        _hostile.setFee(100);
        _refused(
            address(this),
            address(escrow),
            abi.encodeCall(escrow.depositFor, (payer, operator, amount)),
            IInferenceEscrow.FeeOnTransfer.selector
        );
        _refusedBy(
            address(this), abi.encodeCall(rewards.fund, (amount)), IRewardsDistributor.FeeOnTransfer.selector
        );
        _refused(
            address(this),
            address(staking),
            abi.encodeCall(staking.stake, (agentOf(i), amount)),
            IAgentStaking.FeeOnTransfer.selector
        );
        _attackDisputeWithAFee(i);
        _hostile.setFee(0);
    }

    /// @dev The inner call pays, the outer one does not, and both would be counted.
    function attackCountTwice(uint256 i, uint256 o, uint128 amount) external {
        amount = uint128(bound(amount, 1, 1e20));
        (address payer, address operator) = (payers[i % PAYERS], operators[o % 2]);
        _swallowed(
            address(escrow),
            abi.encodeCall(escrow.depositFor, (payer, operator, amount)),
            IInferenceEscrow.FeeOnTransfer.selector
        );
        _swallowed(
            address(rewards),
            abi.encodeCall(rewards.fund, (amount)),
            IRewardsDistributor.FeeOnTransfer.selector
        );
        _swallowed(
            address(staking),
            abi.encodeCall(staking.stake, (agentOf(i), amount)),
            IAgentStaking.FeeOnTransfer.selector
        );
    }

    /// @dev Calls back in the middle of a payment for the same payment again.
    function attackClaimAgainWithin(uint256 i) external {
        if (!_isOpen()) return;
        i = _claimantFrom(i);
        if (_refusal(i, rewards.claimedTotal()) != 0) return;
        uint256 amount = active[i] - rewards.claimedOf(accountOf(i));
        bytes memory data = abi.encodeCall(rewards.claim, (accountOf(i), _leafOf(i)));
        _hostile.arm(address(rewards), data, false);
        rewards.claim(accountOf(i), _leafOf(i));
        _requireInnerRefused(IRewardsDistributor.NothingToClaim.selector);
        claims += amount;
    }

    /// @dev The token, an agent itself, withdraws its stake from within the withdrawal of its stake.
    function attackUnstakeAgainWithin(uint128 amount) external {
        if (amount % 4 != 0) return;
        amount = uint128(bound(amount, 1, 1e18));
        staking.stake(address(token), amount);
        _hostile.execute(address(staking), abi.encodeCall(staking.startThaw, (amount)));
        _later(STAKE_THAW);
        bytes memory data = abi.encodeCall(staking.withdraw, ());
        _hostile.arm(address(staking), data, false);
        _hostile.execute(address(staking), data);
        _requireInnerRefused(IAgentStaking.NothingThawing.selector);
        stakes += amount;
        unstaked += amount;
    }

    /// @dev The token, a payer itself, withdraws its deposit from within the withdrawal of its deposit.
    function attackWithdrawAgainWithin(uint256 o, uint128 amount) external {
        if (amount % 4 != 0) return;
        amount = uint128(bound(amount, 1, 1e18));
        address operator = operators[o % 2];
        escrow.depositFor(address(token), operator, amount);
        _hostile.execute(address(escrow), abi.encodeCall(escrow.startThaw, (operator, amount)));
        _later(THAW);
        bytes memory data = abi.encodeCall(escrow.withdraw, (operator));
        _hostile.arm(address(escrow), data, false);
        _hostile.execute(address(escrow), data);
        _requireInnerRefused(IInferenceEscrow.NothingThawing.selector);
        deposits += amount;
        withdrawals += amount;
    }

    /// @dev One account is refused by the token; everybody else is paid.
    function attackWithARefusedClaimant(uint256 i) external {
        if (!_isOpen()) return;
        i = _claimantFrom(i);
        if (_refusal(i, rewards.claimedTotal()) != 0) return;
        address recipient = _recipientOf(i);
        _hostile.setBlocked(recipient, true);
        _refusedClaim(i, _leafOf(i), HostileToken.Blocked.selector);
        IRewardsDistributor.Item[] memory items = new IRewardsDistributor.Item[](2);
        uint256 k = (i + 1) % ACCOUNTS;
        items[0] = IRewardsDistributor.Item(accountOf(i), _leafOf(i));
        items[1] = IRewardsDistributor.Item(accountOf(k), _leafOf(k));
        bool pays = _refusal(k, rewards.claimedTotal()) == 0;
        uint256 expected = pays ? active[k] - rewards.claimedOf(accountOf(k)) : 0;
        require(rewards.claimMany(items) == expected, "the other one was not paid");
        claims += expected;
        _hostile.setBlocked(recipient, false);
    }

    /// @dev Whoever cannot be paid a bond or a reward blocks nobody else's.
    function attackWithARefusedWinner(uint256 i) external {
        (address one, address other) = (challengerOf(i), challengerOf(i % CHALLENGERS + 1));
        _hostile.setBlocked(one, true);
        if (staking.withdrawable(one) != 0) {
            _refused(
                one,
                address(staking),
                abi.encodeCall(staking.withdrawReward, ()),
                HostileToken.Blocked.selector
            );
        }
        if (disputes.withdrawable(one) != 0) {
            _refused(
                one,
                address(disputes),
                abi.encodeCall(disputes.withdrawBond, ()),
                HostileToken.Blocked.selector
            );
        }
        uint128 waiting = disputes.withdrawable(other);
        if (waiting != 0) {
            vm.prank(other);
            bondsPaid += disputes.withdrawBond();
        }
        _hostile.setBlocked(one, false);
    }

    function _attackDisputeWithAFee(uint256 i) private {
        uint256 epoch = _inFlight();
        if (epoch == 0 || _isDisputed(epoch)) return;
        if (vm.getBlockTimestamp() >= rewards.epochOf(epoch).activatesAt) return;
        _refused(
            challengerOf(i),
            address(disputes),
            abi.encodeCall(disputes.open, (epoch, _context(), DATA_HASH)),
            IEpochDisputes.FeeOnTransfer.selector
        );
    }

    function _swallowed(address target, bytes memory data, bytes4 selector) private {
        _hostile.arm(target, data, true);
        _refused(address(this), target, data, selector);
        _hostile.disarm();
    }

    function _requireInnerRefused(bytes4 selector) private view {
        require(_hostile.hookRan() && !_hostile.hookPassed(), "the inner call went through");
        _requireReason(_hostile.hookResult(), selector);
    }
}
