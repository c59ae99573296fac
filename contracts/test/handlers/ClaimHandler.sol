// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../../src/interfaces/IRewardsDistributor.sol";
import {OrderedTree} from "../OrderedTree.sol";
import {EpochHandler} from "./EpochHandler.sol";

/// @dev Claims against the active epoch, whether it lies or not.
abstract contract ClaimHandler is EpochHandler {
    function claim(uint256 i) external {
        if (!_isOpen()) return;
        i = _claimantFrom(i);
        bytes4 expected = _refusal(i, rewards.claimedTotal());
        bytes memory data = abi.encodeCall(rewards.claim, (accountOf(i), _leafOf(i)));
        if (expected != 0) {
            _refusedBy(STRANGER, data, expected);
            return;
        }
        uint256 amount = active[i] - rewards.claimedOf(accountOf(i));
        address recipient = _recipientOf(i);
        uint256 before = token.balanceOf(recipient);
        vm.prank(STRANGER);
        rewards.claim(accountOf(i), _leafOf(i));
        require(token.balanceOf(recipient) - before == amount, "claimed but not paid");
        claims += amount;
    }

    /// @dev Everybody at once; what single claims would refuse is left out, the rest is paid.
    function claimMany(uint256 first) external {
        if (!_isOpen()) return;
        IRewardsDistributor.Item[] memory items = new IRewardsDistributor.Item[](ACCOUNTS);
        uint256 expected;
        for (uint256 k; k < ACCOUNTS; ++k) {
            uint256 i = (first % ACCOUNTS + k) % ACCOUNTS;
            items[k] = IRewardsDistributor.Item(accountOf(i), _leafOf(i));
            if (_refusal(i, rewards.claimedTotal() + expected) == 0) {
                expected += active[i] - rewards.claimedOf(accountOf(i));
            }
        }
        require(rewards.claimMany(items) == expected, "paid another sum");
        claims += expected;
    }

    function setRecipient(uint256 i, bool elsewhere) external {
        i %= ACCOUNTS;
        vm.prank(accountOf(i));
        rewards.setRecipient(elsewhere ? recipientFor(i) : address(0));
    }

    function pauseClaims(uint64 duration) external {
        duration = uint64(bound(duration, 1, 3 days));
        uint64 last = rewards.claimsPausedUntil();
        if (last != 0 && vm.getBlockTimestamp() < last + 7 days) {
            _refusedBy(
                GUARDIAN,
                abi.encodeCall(rewards.pauseClaims, (duration)),
                IRewardsDistributor.PauseTooSoon.selector
            );
            return;
        }
        vm.prank(GUARDIAN);
        rewards.pauseClaims(duration);
    }

    function attackClaimWhilePaused(uint256 i) external {
        if (vm.getBlockTimestamp() >= rewards.claimsPausedUntil()) return;
        i %= ACCOUNTS;
        _refusedBy(
            accountOf(i),
            abi.encodeCall(rewards.claim, (accountOf(i), _leafOf(i))),
            IRewardsDistributor.ClaimsStopped.selector
        );
    }

    /// @dev Whoever a lying tree promises more than is left of the epoch gets nothing, not the rest.
    function attackClaimBeyondTheCap() external {
        if (!_isOpen()) return;
        for (uint256 i; i < ACCOUNTS; ++i) {
            if (_refusal(i, rewards.claimedTotal()) != IRewardsDistributor.ClaimExceedsEarned.selector) {
                continue;
            }
            _refusedClaim(i, _leafOf(i), IRewardsDistributor.ClaimExceedsEarned.selector);
        }
    }

    function attackClaimTwice(uint256 i) external {
        i %= ACCOUNTS;
        if (!_isOpen() || rewards.claimedOf(accountOf(i)) < active[i]) return;
        _refusedClaim(i, _leafOf(i), IRewardsDistributor.NothingToClaim.selector);
    }

    function attackClaimForged(uint256 i, uint256 extra) external {
        if (!_isOpen()) return;
        IRewardsDistributor.Claim memory leaf = _leafOf(i % ACCOUNTS);
        leaf.cumulative += uint128(bound(extra, 1, MAX_AMOUNT));
        _refusedClaim(i, leaf, IRewardsDistributor.InvalidProof.selector);
    }

    function attackClaimForAnother(uint256 i, uint256 k) external {
        if (!_isOpen() || i % ACCOUNTS == k % ACCOUNTS) return;
        _refusedClaim(i, _leafOf(k % ACCOUNTS), IRewardsDistributor.InvalidProof.selector);
    }

    function attackClaimOfTheWaitingEpoch(uint256 i) external {
        i %= ACCOUNTS;
        if (!_isOpen() || _inFlight() == 0) return;
        if (keccak256(abi.encode(active)) == keccak256(abi.encode(proposed))) return;
        IRewardsDistributor.Claim memory leaf = _leafOf(i);
        leaf.cumulative = uint128(proposed[i]);
        leaf.before = _before(proposed, i);
        leaf.proof = OrderedTree.proofOf(_leaves(proposed), i);
        _refusedClaim(i, leaf, IRewardsDistributor.InvalidProof.selector);
    }

    function _leafOf(uint256 i) internal view returns (IRewardsDistributor.Claim memory) {
        return IRewardsDistributor.Claim(
            uint128(active[i]), _before(active, i), uint32(i), OrderedTree.proofOf(_leaves(active), i)
        );
    }

    function _isOpen() internal view returns (bool) {
        return rewards.activeEpoch() != 0 && vm.getBlockTimestamp() >= rewards.claimsPausedUntil();
    }

    /// @dev Why the claim of account `i` must fail if `claimedTotal` is claimed before it; 0 if it must not.
    function _refusal(uint256 i, uint256 claimedTotal) internal view returns (bytes4) {
        uint256 claimed = rewards.claimedOf(accountOf(i));
        if (active[i] <= claimed) return IRewardsDistributor.NothingToClaim.selector;
        uint256 totalEarned = rewards.epochOf(rewards.activeEpoch()).totalEarned;
        if (claimedTotal + active[i] - claimed <= totalEarned) return 0;
        return IRewardsDistributor.ClaimExceedsEarned.selector;
    }

    /// @dev The first account from `i` on that can claim; `i` itself if none can.
    function _claimantFrom(uint256 i) internal view returns (uint256) {
        uint256 claimedTotal = rewards.claimedTotal();
        for (uint256 k; k < ACCOUNTS; ++k) {
            if (_refusal((i % ACCOUNTS + k) % ACCOUNTS, claimedTotal) == 0) {
                return (i % ACCOUNTS + k) % ACCOUNTS;
            }
        }
        return i % ACCOUNTS;
    }

    function _recipientOf(uint256 i) internal view returns (address recipient) {
        recipient = rewards.recipientOf(accountOf(i));
        if (recipient == address(0)) recipient = accountOf(i);
    }

    function _refusedClaim(uint256 i, IRewardsDistributor.Claim memory leaf, bytes4 selector) internal {
        _refusedBy(STRANGER, abi.encodeCall(rewards.claim, (accountOf(i % ACCOUNTS), leaf)), selector);
    }
}
