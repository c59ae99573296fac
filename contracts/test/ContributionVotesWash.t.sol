// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContributionVotes} from "../src/interfaces/IContributionVotes.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @dev A washer pays fees for calls of its own model and gets back all but the platform's part: it is the
/// owner, every staker and every contributor at once. Alice earns from fees that others paid.
contract ContributionVotesWashTest is GovernanceFixture {
    uint256 private constant WHOLE = 10_000;

    function _settings() internal pure override returns (IContributionVotes.Settings memory) {
        return IContributionVotes.Settings(MATURITY, ACTIVITY, SHARE_BPS, CAP_BPS, type(uint96).max);
    }

    /// @dev Fees without remainders, so that the comparison is exact.
    function testFuzz_aWashedVoteCostsNoLessThanAnHonestOne(
        uint256 fee,
        uint256 honestFee,
        uint256 platformBps,
        uint256[2] memory cuts
    ) public {
        fee = WHOLE * WHOLE * bound(fee, 1, 1e18);
        honestFee = WHOLE * WHOLE * bound(honestFee, 1, 1e18);
        platformBps = bound(platformBps, floor.minPlatformBps(), WHOLE);
        uint256 cost = fee * platformBps / WHOLE;
        uint256 honestPart = honestFee * floor.minPlatformBps() / WHOLE;
        _earn(PLATFORM, uint128(cost + honestPart));
        _earn(ALICE, uint128(honestFee - honestPart));
        uint256 washed = _wash(fee - cost, cuts);
        uint256 honest = votes.accountOf(ALICE).units;
        vm.assertLe(washed, cost, "at least one base unit per vote");
        vm.assertTrue(honest > 0, "honest earnings give votes");
        vm.assertLe(honestPart * washed, cost * honest, "cost per vote at any split, in any parts");
    }

    /// @dev Fees as the protocol splits them, by any terms the registry allows. With remainders a call can cost
    /// up to one base unit less than its votes; its gas is more.
    function testFuzz_ofAnyFeeAtMostOneBaseUnitPerCallIsGained(
        uint256 fee,
        uint256 calls,
        uint256[4] memory bps,
        uint256[2] memory cuts
    ) public {
        calls = bound(calls, 1, 1000);
        fee = bound(fee, 1, 1e20);
        uint256 cost = calls * FeeSplit.partsOf(fee, _terms(bps), bps[0] % 2 == 0).platform;
        // Somebody else's earnings, so that the washer is not held by what it paid alone.
        _earn(PLATFORM, 1e24);
        _earn(PLATFORM, uint128(cost));
        uint256 washed = _wash(calls * fee - cost, cuts);
        vm.assertLe(washed, cost + calls, "votes");
    }

    /// @dev As if an upgraded registry had let terms go below the floor.
    function testFuzz_evenBelowTheFloorVotesAreBackedByThePlatformsEarnings(
        uint256 fee,
        uint256 honestFee,
        uint256 platformBps,
        uint256[2] memory cuts
    ) public {
        fee = bound(fee, WHOLE, 1e26);
        honestFee = bound(honestFee, WHOLE, 1e26);
        platformBps = bound(platformBps, 0, floor.minPlatformBps() - 1);
        uint256 cost = fee * platformBps / WHOLE;
        _earn(PLATFORM, uint128(cost + honestFee / 10));
        _earn(ALICE, uint128(honestFee - honestFee / 10));
        _wash(fee - cost, cuts);
        vm.assertLe(votes.totalCredited(), cost + honestFee / 10, "all votes");
    }

    function _terms(uint256[4] memory bps) private view returns (IModelRegistry.Terms memory) {
        uint256 platform = bound(bps[0], floor.minPlatformBps(), WHOLE);
        uint256 owner = bound(bps[1], 0, WHOLE - platform);
        uint256 stakers = bound(bps[2], 0, WHOLE - platform - owner);
        uint256 rest = WHOLE - platform - owner - stakers;
        uint256 retrieval = bound(bps[3], 0, WHOLE);
        return IModelRegistry.Terms(
            0, 0, uint16(platform), uint16(owner), uint16(stakers), uint16(rest), uint16(retrieval), 0
        );
    }

    /// @dev Splits `amount` among three accounts of the washer; all of them and Alice sync.
    function _wash(uint256 amount, uint256[2] memory cuts) private returns (uint256 washed) {
        uint256 first = bound(cuts[0], 0, amount);
        uint256 second = bound(cuts[1], 0, amount - first);
        _earn(BOB, uint128(first));
        _earn(CAROL, uint128(second));
        _earn(DAVE, uint128(amount - first - second));
        uint256 epoch = _mature();
        address[4] memory accounts = [BOB, CAROL, DAVE, ALICE];
        for (uint256 i; i < accounts.length; ++i) {
            if (earned[accounts[i]] > 0) _sync(accounts[i], epoch);
        }
        for (uint256 i; i < 3; ++i) {
            washed += votes.accountOf(accounts[i]).units;
        }
    }
}
