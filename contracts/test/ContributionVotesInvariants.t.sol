// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContributionVotes} from "../src/interfaces/IContributionVotes.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @dev Four accounts that earn, sync, delegate, fall asleep and cheat. A second passes after every step, so
/// that what counts now can be looked up as the past.
contract VotesHandler is GovernanceFixture {
    address[5] private _delegates = [ALICE, BOB, CAROL, DAVE, address(0)];
    mapping(uint256 active => uint256 credited) private _creditedIn;
    mapping(uint256 active => uint256 cap) private _capOf;

    constructor() {
        _earn(PLATFORM, 1);
        _mature();
    }

    modifier step() {
        _;
        _skip(1);
    }

    function earn(uint256 who, uint256 amount, uint256 platformBps) external step {
        amount = bound(amount, 1, 1e24);
        uint256 part = amount * bound(platformBps, 0, 2_000) / 10_000;
        _earn(PLATFORM, uint128(part));
        _earn(_actor(who), uint128(amount - part));
    }

    function post(bool register, bool wait) external step {
        uint256 epoch = _activate();
        if (register) votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
        if (register && wait) _skip(MATURITY);
    }

    function pass(uint256 time) external step {
        _skip(bound(time, 1, ACTIVITY));
    }

    function sync(uint256 who, uint256 which) external step {
        address account = _actor(who);
        uint256 epoch = 1 + which % rewards.epochCount();
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, account);
        if (leaf.cumulative == 0) return;
        bool mature = _isMature(epoch);
        uint256 supply = votes.getPastTotalSupply(vm.getBlockTimestamp() - 1);
        uint256 restored = votes.accountOf(account).expired ? votes.accountOf(account).units : 0;
        vm.prank(account);
        try votes.sync(epoch, leaf) returns (uint96 amount) {
            vm.assertTrue(mature, "only mature epochs count");
            uint256 active = rewards.activeEpoch();
            if (amount > 0 && _capOf[active] == 0) {
                uint256 cap = (supply + restored) * CAP_BPS / 10_000;
                _capOf[active] = cap < MIN_CAP ? MIN_CAP : cap;
            }
            _creditedIn[active] += amount;
            vm.assertLe(_creditedIn[active], _capOf[active], "cap of the active epoch");
        } catch (bytes memory reason) {
            vm.assertTrue(!mature, "mature epochs count");
            _expectReason(reason, IContributionVotes.NotMatured.selector);
        }
    }

    function attackWithALeafOfAnother(uint256 who, uint256 which) external step {
        address account = _actor(who);
        uint256 epoch = 1 + which % rewards.epochCount();
        if (!_isMature(epoch)) return;
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, PLATFORM);
        vm.prank(account);
        try votes.sync(epoch, leaf) {
            revert("a stranger's leaf counted");
        } catch (bytes memory reason) {
            _expectReason(reason, IContributionVotes.InvalidLeaf.selector);
        }
    }

    function attackByRegisteringAgain(uint256 which) external step {
        uint256 epoch = 1 + which % rewards.epochCount();
        bool known = votes.recordOf(epoch).maturesAt != 0;
        try votes.registerEpoch(epoch, _leaf(epoch, PLATFORM)) {
            vm.assertTrue(!known, "once");
        } catch (bytes memory reason) {
            vm.assertTrue(known, "active epochs can be registered");
            _expectReason(reason, IContributionVotes.NotRegistrable.selector);
        }
    }

    function voidEpoch(uint256 which) external step {
        uint256 epoch = 1 + which % rewards.epochCount();
        IContributionVotes.EpochRecord memory record = votes.recordOf(epoch);
        bool voidable = !record.voided && vm.getBlockTimestamp() < record.maturesAt;
        vm.prank(GUARDIAN);
        try votes.voidEpoch(epoch) {
            vm.assertTrue(voidable, "voidable");
        } catch (bytes memory reason) {
            vm.assertTrue(!voidable, "not voidable");
            _expectReason(reason, IContributionVotes.NotVoidable.selector);
        }
    }

    function delegate(uint256 who, uint256 whom) external step {
        vm.prank(_actor(who));
        votes.delegate(_delegates[whom % _delegates.length]);
    }

    function renew(uint256 who) external step {
        vm.prank(_actor(who));
        votes.renew();
    }

    function expire() external step {
        address[] memory accounts = new address[](4);
        for (uint256 i; i < 4; ++i) {
            accounts[i] = _actor(i);
        }
        votes.expire(accounts);
    }

    function checkAccounts() external view {
        for (uint256 i; i < 4; ++i) {
            uint256 share = uint256(_matured(_actor(i))) * SHARE_BPS / 10_000;
            vm.assertLe(votes.accountOf(_actor(i)).units, share, "units <= matured earnings x share");
        }
    }

    function checkSums() external view {
        uint256 now_ = vm.getBlockTimestamp() - 1;
        (uint256 credited, uint256 live, uint256 delegated, uint256 cast) = (0, 0, 0, 0);
        for (uint256 i; i < 4; ++i) {
            IContributionVotes.Account memory account = votes.accountOf(_actor(i));
            credited += account.units;
            uint256 counting = account.expired ? 0 : account.units;
            live += counting;
            if (votes.delegates(_actor(i)) != address(0)) delegated += counting;
            cast += votes.getPastVotes(_actor(i), now_);
        }
        vm.assertEq(votes.getPastTotalSupply(now_), live, "supply == votes that count");
        vm.assertEq(cast, delegated, "delegates hold what was delegated to them");
        vm.assertEq(votes.totalCredited(), credited, "total == what accounts were credited");
        vm.assertLe(credited, _matured(PLATFORM), "votes <= earnings of the platform");
        vm.assertLe(votes.window().credited, votes.window().cap, "credited <= cap");
    }

    /// @dev The most that the account had earned in any epoch that counts.
    function _matured(address account) private view returns (uint128 most) {
        uint256 count = rewards.epochCount();
        for (uint256 epoch = 1; epoch <= count; ++epoch) {
            if (!_isMature(epoch)) continue;
            uint128 cumulative = _cumulativeOf(epoch, account);
            if (cumulative > most) most = cumulative;
        }
    }

    function _isMature(uint256 epoch) private view returns (bool) {
        IContributionVotes.EpochRecord memory record = votes.recordOf(epoch);
        return record.maturesAt != 0 && !record.voided && record.maturesAt <= vm.getBlockTimestamp();
    }

    function _actor(uint256 seed) private view returns (address) {
        return _delegates[seed % 4];
    }

    function _expectReason(bytes memory reason, bytes4 selector) private pure {
        vm.assertEq(bytes32(bytes4(reason)), bytes32(selector), "reason");
    }
}

contract ContributionVotesInvariantsTest is TestBase {
    VotesHandler private _handler = new VotesHandler();

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_votesAreEarnedAddUpAndAreBacked() external view {
        _handler.checkAccounts();
        _handler.checkSums();
    }
}
