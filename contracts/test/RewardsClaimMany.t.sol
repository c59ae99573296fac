// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {HostileToken} from "./HostileToken.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

contract RewardsClaimManyTest is RewardsFixture {
    HostileToken private hostile;
    uint128[] private amounts;

    function setUp() public {
        hostile = new HostileToken(address(this), type(uint256).max);
        _deployWith(hostile);
        amounts = [100, 200, 300, 400];
    }

    function _items() private view returns (IRewardsDistributor.Item[] memory items) {
        items = new IRewardsDistributor.Item[](amounts.length);
        for (uint256 i; i < amounts.length; ++i) {
            items[i] = IRewardsDistributor.Item(_accountOf(i), _claim(amounts, i));
        }
    }

    function _expectSkip(uint256 i, bytes4 reason) private {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.ClaimSkipped(_accountOf(i), 1, reason);
    }

    function test_claimMany_pays_everyone() public {
        _epoch(amounts, 1000);
        vm.assertEq(rewards.claimMany(_items()), 1000, "paid");
        for (uint256 i; i < amounts.length; ++i) {
            vm.assertEq(token.balanceOf(_accountOf(i)), amounts[i], "tokens");
        }
        vm.assertEq(rewards.claimedTotal(), 1000, "total");
    }

    function test_claimMany_of_nothing_pays_nothing() public {
        _epoch(amounts, 1000);
        vm.assertEq(rewards.claimMany(new IRewardsDistributor.Item[](0)), 0, "paid");
    }

    function test_claimMany_leaves_bad_items_out_and_says_why() public {
        _epoch(amounts, 1000);
        rewards.claim(_accountOf(0), _claim(amounts, 0));
        IRewardsDistributor.Item[] memory items = _items();
        items[2].claim.cumulative += 1;
        _expectSkip(0, IRewardsDistributor.NothingToClaim.selector);
        _expectSkip(2, IRewardsDistributor.InvalidProof.selector);
        vm.assertEq(rewards.claimMany(items), 600, "paid");
        vm.assertEq(rewards.claimedTotal(), 700, "total");
    }

    function test_claimMany_with_an_account_twice_pays_it_once() public {
        _epoch(amounts, 1000);
        IRewardsDistributor.Item[] memory items = _items();
        items[3] = items[1];
        _expectSkip(1, IRewardsDistributor.NothingToClaim.selector);
        vm.assertEq(rewards.claimMany(items), 600, "paid");
    }

    function test_claimMany_stops_at_the_cap_and_still_pays_what_fits() public {
        _epoch(amounts, 500);
        _expectSkip(2, IRewardsDistributor.ClaimExceedsEarned.selector);
        _expectSkip(3, IRewardsDistributor.ClaimExceedsEarned.selector);
        vm.assertEq(rewards.claimMany(_items()), 300, "paid");
    }

    function test_claimMany_leaves_out_whom_the_token_refuses_and_undoes_that_claim() public {
        _epoch(amounts, 1000);
        hostile.setBlocked(_accountOf(1), true);
        _expectSkip(1, HostileToken.Blocked.selector);
        vm.assertEq(rewards.claimMany(_items()), 800, "paid");
        vm.assertEq(rewards.claimedOf(_accountOf(1)), 0, "nothing claimed");
        hostile.setBlocked(_accountOf(1), false);
        vm.assertEq(rewards.claim(_accountOf(1), _claim(amounts, 1)), 200, "still there");
    }

    function test_claimMany_needs_an_active_epoch() public {
        vm.expectRevert(IRewardsDistributor.NoActiveEpoch.selector);
        rewards.claimMany(_items());
    }

    function test_claimMany_stops_with_the_claims() public {
        _epoch(amounts, 1000);
        vm.prank(GUARDIAN);
        rewards.pauseClaims(1 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.ClaimsStopped.selector, vm.getBlockTimestamp() + 1 days
            )
        );
        rewards.claimMany(_items());
    }

    function testFuzz_claimMany_pays_the_sum_of_what_single_claims_would(uint8 bad, uint8 blocked) public {
        _epoch(amounts, 1000);
        IRewardsDistributor.Item[] memory items = _items();
        uint256 expected;
        for (uint256 i; i < 4; ++i) {
            bool isBad = bad & (1 << i) != 0;
            bool isBlocked = blocked & (1 << i) != 0;
            if (isBad) items[i].claim.before += 1;
            hostile.setBlocked(_accountOf(i), isBlocked);
            if (!isBad && !isBlocked) expected += amounts[i];
        }
        vm.assertEq(rewards.claimMany(items), expected, "paid");
        vm.assertEq(rewards.claimedTotal(), expected, "total");
        vm.assertEq(token.balanceOf(address(rewards)), FUNDED - expected, "rest");
    }
}
