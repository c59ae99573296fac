// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ContributionVotes} from "../src/ContributionVotes.sol";
import {IContributionVotes} from "../src/interfaces/IContributionVotes.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

contract ContributionVotesTest is GovernanceFixture {
    function test_emitsAndReturnsItsSettings() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit IContributionVotes.VotesCreated(
            address(rewards), address(floor), STRANGER, PLATFORM, STAKERS, _settings()
        );
        ContributionVotes created =
            new ContributionVotes(address(access), rewards, floor, STRANGER, _settings());
        vm.assertEq(keccak256(abi.encode(created.settings())), keccak256(abi.encode(_settings())), "settings");
        vm.assertEq(created.governor(), STRANGER, "governor");
        vm.assertEq(address(created.rewards()), address(rewards), "rewards");
        vm.assertEq(address(created.models()), address(floor), "models");
        vm.assertEq(created.clock(), vm.getBlockTimestamp(), "clock");
        vm.assertEq(keccak256(bytes(created.CLOCK_MODE())), keccak256("mode=timestamp"), "clock mode");
    }

    function test_refusesSettingsOutOfRange() public {
        _refuses(IContributionVotes.Settings(WINDOW - 1, ACTIVITY, SHARE_BPS, CAP_BPS, MIN_CAP));
        _refuses(IContributionVotes.Settings(MATURITY, 0, SHARE_BPS, CAP_BPS, MIN_CAP));
        _refuses(IContributionVotes.Settings(MATURITY, ACTIVITY, 0, CAP_BPS, MIN_CAP));
        _refuses(IContributionVotes.Settings(MATURITY, ACTIVITY, SHARE_BPS, 0, MIN_CAP));
        _refuses(IContributionVotes.Settings(MATURITY, ACTIVITY, SHARE_BPS, 10_001, MIN_CAP));
        _refuses(IContributionVotes.Settings(MATURITY, ACTIVITY, SHARE_BPS, CAP_BPS, 0));
        // The limits themselves are allowed.
        _create(IContributionVotes.Settings(WINDOW, 1, 1, 10_000, 1));
    }

    function test_refusesToPayMoreVotesThanTermsGiveToThePlatform() public {
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.FloorTooLow.selector, 100, 101));
        _create(IContributionVotes.Settings(MATURITY, ACTIVITY, 101, CAP_BPS, MIN_CAP));
    }

    function test_registersAnActiveEpochOnceWithTheEarningsOfThePlatform() public {
        _earnFromFee(ALICE, 1_000);
        uint256 epoch = _activate();
        // Long after the end of the window: maturity counts from here.
        _skip(30 days);
        uint64 maturesAt = uint64(vm.getBlockTimestamp()) + MATURITY;
        vm.expectEmit(address(votes));
        emit IContributionVotes.EpochRegistered(epoch, maturesAt, 100);
        vm.prank(STRANGER);
        votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
        vm.assertEq(votes.recordOf(epoch).maturesAt, maturesAt, "matures");
        vm.assertEq(votes.recordOf(epoch).protocolFees, 100, "fees");
        _refusesRegistration(epoch);
    }

    function test_registersOnlyEpochsThatBecameActive() public {
        _earnFromFee(ALICE, 1_000);
        _refusesRegistration(0);
        uint256 epoch = _propose();
        _refusesRegistration(epoch);
        _refusesRegistration(epoch + 1);
    }

    function test_registersWithThePlatformsLeafOnly() public {
        _earnFromFee(ALICE, 1_000);
        uint256 epoch = _activate();
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, PLATFORM);
        leaf.cumulative += 1;
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, PLATFORM));
        votes.registerEpoch(epoch, leaf);
        leaf = _leaf(epoch, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, PLATFORM));
        votes.registerEpoch(epoch, leaf);
    }

    function test_registersNothingWhileTermsMayGiveThePlatformLess() public {
        _earnFromFee(ALICE, 1_000);
        uint256 epoch = _activate();
        floor.set(SHARE_BPS - 1);
        vm.expectRevert(
            abi.encodeWithSelector(IContributionVotes.FloorTooLow.selector, SHARE_BPS - 1, SHARE_BPS)
        );
        votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
    }

    function test_guardianVoidsAnEpochBeforeItMatures() public {
        _earnFromFee(ALICE, 100_000);
        uint256 epoch = _activateAndRegister();
        _skip(MATURITY - 1);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        votes.voidEpoch(epoch);
        vm.expectEmit(address(votes));
        emit IContributionVotes.EpochVoided(epoch);
        vm.prank(GUARDIAN);
        votes.voidEpoch(epoch);
        _refusesVoid(epoch);
        _skip(1);
        _refusesSync(ALICE, epoch);
        _refusesRegistration(epoch);
        // The next one holds the same earnings.
        vm.assertEq(_sync(ALICE, _mature()), 900, "a later epoch counts");
    }

    function test_guardianCannotVoidWhatIsNotRegisteredOrMature() public {
        _earnFromFee(ALICE, 100_000);
        uint256 epoch = _activate();
        _refusesVoid(epoch);
        votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
        _skip(MATURITY);
        _refusesVoid(epoch);
        vm.assertEq(_sync(ALICE, epoch), 900, "counts");
    }

    function test_syncsNothingBeforeMaturity() public {
        _earnFromFee(ALICE, 100_000);
        uint256 epoch = _activate();
        _skip(MATURITY);
        _refusesSync(ALICE, epoch);
        votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
        _skip(MATURITY - 1);
        _refusesSync(ALICE, epoch);
        _skip(1);
        vm.assertEq(_sync(ALICE, epoch), 900, "mature");
    }

    function test_creditsTheShareOfWhatWasEarnedAndSelfDelegates() public {
        _earnFromFee(ALICE, 100_099);
        uint256 epoch = _mature();
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, ALICE);
        vm.expectEmit(address(votes));
        emit IContributionVotes.ContributionCredited(
            ALICE, epoch, leaf.cumulative, 900, 900, 900, uint64(epoch), 900, MIN_CAP
        );
        vm.prank(ALICE);
        vm.assertEq(votes.sync(epoch, leaf), 900, "amount");
        vm.assertEq(votes.getVotes(ALICE), 900, "votes");
        vm.assertEq(votes.delegates(ALICE), ALICE, "delegate");
        vm.assertEq(votes.totalCredited(), 900, "total");
        IContributionVotes.Account memory account = votes.accountOf(ALICE);
        vm.assertEq(account.units, 900, "units");
        vm.assertEq(account.activeAt, vm.getBlockTimestamp(), "active");
        _skip(1);
        vm.assertEq(votes.getPastTotalSupply(vm.getBlockTimestamp() - 1), 900, "supply");
    }

    function test_aReplayCreditsNothingAndALaterEpochTheDifference() public {
        _earnFromFee(ALICE, 100_000);
        uint256 first = _mature();
        vm.assertEq(_sync(ALICE, first), 900, "first");
        vm.assertEq(_sync(ALICE, first), 0, "replay");
        _earnFromFee(ALICE, 50_000);
        uint256 second = _mature();
        vm.assertEq(_sync(ALICE, first), 0, "replay");
        vm.assertEq(votes.window().epoch, first, "only a credit opens the next window");
        vm.assertEq(_sync(ALICE, second), 450, "difference");
        vm.assertEq(votes.window().epoch, second, "opened");
        vm.assertEq(_sync(ALICE, second), 0, "replay");
        vm.assertEq(_sync(ALICE, first), 0, "older epoch");
        vm.assertEq(votes.getVotes(ALICE), 1_350, "votes");
    }

    function test_aLeafIsWorthSomethingToItsAccountOnly() public {
        _earnFromFee(ALICE, 100_000);
        _earnFromFee(BOB, 900_000);
        uint256 epoch = _mature();
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, BOB);
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, ALICE));
        vm.prank(ALICE);
        votes.sync(epoch, leaf);
        leaf = _leaf(epoch, ALICE);
        leaf.cumulative += 100;
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, ALICE));
        vm.prank(ALICE);
        votes.sync(epoch, leaf);
        leaf = _leaf(epoch, ALICE);
        leaf.index = 1;
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, ALICE));
        vm.prank(ALICE);
        votes.sync(epoch, leaf);
    }

    function test_thePayeesOfTheProtocolGetNoVotes() public {
        _earnFromFee(ALICE, 100_000);
        _earn(STAKERS, 100_000);
        uint256 epoch = _mature();
        address[2] memory payees = [PLATFORM, STAKERS];
        for (uint256 i; i < payees.length; ++i) {
            IRewardsDistributor.Claim memory leaf = _leaf(epoch, payees[i]);
            vm.expectRevert(abi.encodeWithSelector(IContributionVotes.NotAContributor.selector, payees[i]));
            vm.prank(payees[i]);
            votes.sync(epoch, leaf);
        }
    }

    function test_whatExceedsTheCapIsCreditedInALaterEpoch() public {
        _earn(PLATFORM, 10_000e18);
        _earn(ALICE, 250_000e18);
        uint256 epoch = _mature();
        vm.assertEq(_sync(ALICE, epoch), MIN_CAP, "the cap");
        vm.assertEq(_sync(ALICE, epoch), 0, "used up");
        _earn(BOB, 10_000e18);
        uint256 second = _mature();
        // Proven against the first epoch, counted in the second.
        vm.assertEq(_sync(ALICE, epoch), 1_000e18, "the next cap");
        vm.assertEq(_sync(BOB, second), 0, "the cap is everybody's");
        uint256 third = _mature();
        vm.assertEq(_sync(BOB, third), 100e18, "not lost");
        vm.assertEq(_sync(ALICE, third), 500e18, "not lost");
        vm.assertEq(votes.window().credited, 600e18, "credited in it");
        vm.assertEq(votes.window().epoch, third, "active");
    }

    function test_theCapGrowsWithTheVotesThatCount() public {
        for (uint256 i; i < 15; ++i) {
            _give(ALICE, MIN_CAP);
        }
        vm.assertEq(votes.getVotes(ALICE), 15_000e18, "votes");
        _give(BOB, 10_000e18);
        vm.assertEq(votes.getVotes(BOB), 1_500e18, "a tenth of those that counted before");
        _skip(ACTIVITY + 1);
        _expire(ALICE);
        _sync(BOB, _mature());
        vm.assertEq(votes.getVotes(BOB), 2_500e18, "expired votes raise no cap");
    }

    function test_capsOfManyOldEpochsCannotBeUsedAtOnce() public {
        _earn(PLATFORM, 100_000e18);
        _earn(ALICE, 1_000_000e18);
        uint256 first = _mature();
        uint256 second = _mature();
        uint256 third = _mature();
        vm.assertEq(_sync(ALICE, first), MIN_CAP, "one cap");
        vm.assertEq(_sync(ALICE, second), 0, "no second");
        vm.assertEq(_sync(ALICE, third), 0, "no third");
    }

    function test_allVotesTogetherNeverExceedTheEarningsOfThePlatform() public {
        // As if a registry had let terms give the platform nothing.
        _earn(PLATFORM, 7);
        _earn(ALICE, 1_000_000);
        _earn(BOB, 1_000_000);
        uint256 epoch = _mature();
        vm.assertEq(_sync(ALICE, epoch), 7, "as much as the platform");
        vm.assertEq(_sync(BOB, epoch), 0, "nothing is left");
        _earn(PLATFORM, 5);
        vm.assertEq(_sync(BOB, _mature()), 5, "of the new");
        vm.assertEq(_sync(BOB, epoch), 0, "the old epoch knows less");
        vm.assertEq(votes.totalCredited(), 12, "total");
    }

    function test_withoutEarningsOfThePlatformThereAreNoVotes() public {
        _earn(ALICE, 1_000_000);
        uint256 epoch = _activate();
        IRewardsDistributor.Claim memory none = _leaf(epoch, PLATFORM);
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.InvalidLeaf.selector, PLATFORM));
        votes.registerEpoch(epoch, none);
    }

    function test_aDelegateChosenBeforeIsKept() public {
        vm.prank(ALICE);
        votes.delegate(CAROL);
        _earnFromFee(ALICE, 100_000);
        uint256 epoch = _mature();
        _sync(ALICE, epoch);
        vm.assertEq(votes.delegates(ALICE), CAROL, "kept");
        vm.assertEq(votes.getVotes(CAROL), 900, "delegated");
        vm.prank(ALICE);
        votes.delegate(address(0));
        _earnFromFee(ALICE, 100_000);
        _sync(ALICE, _mature());
        vm.assertEq(votes.delegates(ALICE), address(0), "only the first sync delegates");
        vm.assertEq(votes.getVotes(CAROL), 0, "withdrawn");
    }

    function test_thereIsNoWayToMoveVotes() public {
        _give(ALICE, 10e18);
        bytes[4] memory attempts = [
            abi.encodeWithSignature("transfer(address,uint256)", BOB, 1),
            abi.encodeWithSignature("transferFrom(address,address,uint256)", ALICE, BOB, 1),
            abi.encodeWithSignature("approve(address,uint256)", BOB, 1),
            abi.encodeWithSignature("balanceOf(address)", ALICE)
        ];
        for (uint256 i; i < attempts.length; ++i) {
            vm.prank(ALICE);
            (bool success,) = address(votes).call(attempts[i]);
            vm.assertTrue(!success, "no such function");
        }
    }

    function _create(IContributionVotes.Settings memory settings) private {
        new ContributionVotes(address(access), rewards, floor, STRANGER, settings);
    }

    function _refuses(IContributionVotes.Settings memory settings) private {
        vm.expectRevert(IContributionVotes.InvalidSettings.selector);
        _create(settings);
    }

    function _refusesRegistration(uint256 epoch) private {
        IRewardsDistributor.Claim memory leaf =
            epoch == 0 || epoch > rewards.epochCount() ? _empty() : _leaf(epoch, PLATFORM);
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.NotRegistrable.selector, epoch));
        votes.registerEpoch(epoch, leaf);
    }

    function _refusesVoid(uint256 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.NotVoidable.selector, epoch));
        vm.prank(GUARDIAN);
        votes.voidEpoch(epoch);
    }

    function _refusesSync(address account, uint256 epoch) private {
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, account);
        vm.expectRevert(
            abi.encodeWithSelector(
                IContributionVotes.NotMatured.selector, epoch, votes.recordOf(epoch).maturesAt
            )
        );
        vm.prank(account);
        votes.sync(epoch, leaf);
    }

    function _empty() private pure returns (IRewardsDistributor.Claim memory) {
        return IRewardsDistributor.Claim(0, 0, 0, new bytes32[](0));
    }
}
