// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {HostileToken} from "./HostileToken.sol";
import {OrderedTree} from "./OrderedTree.sol";
import {RewardsFixture} from "./RewardsFixture.sol";

contract RewardsClaimsTest is RewardsFixture {
    HostileToken private hostile;

    function setUp() public {
        hostile = new HostileToken(address(this), type(uint256).max);
        _deployWith(hostile);
    }

    function _expectInvalidProof(address account, IRewardsDistributor.Claim memory leaf) private {
        vm.expectRevert(IRewardsDistributor.InvalidProof.selector);
        rewards.claim(account, leaf);
    }

    function test_claim_needs_an_active_epoch() public {
        _propose(_next(10));
        vm.expectRevert(IRewardsDistributor.NoActiveEpoch.selector);
        rewards.claim(ALICE, _claim(_two(1, 2), 0));
    }

    function test_claim_by_anyone_pays_the_account() public {
        uint128[] memory amounts = _two(600, 100);
        _epoch(amounts, 700);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, ALICE, 600, 600, 1);
        vm.prank(STRANGER);
        vm.assertEq(rewards.claim(ALICE, _claim(amounts, 0)), 600, "amount");
        vm.assertEq(token.balanceOf(ALICE), 600, "tokens");
        vm.assertEq(token.balanceOf(STRANGER), 0, "caller gets nothing");
        vm.assertEq(rewards.claimedOf(ALICE), 600, "claimed");
        vm.assertEq(rewards.claimedTotal(), 600, "total");
    }

    function testFuzz_every_account_of_a_tree_claims_exactly_its_leaf(uint256 n, uint256 seed) public {
        n = bound(n, 1, 17);
        uint128[] memory amounts = new uint128[](n);
        uint128 total;
        for (uint256 i; i < n; ++i) {
            amounts[i] = uint128(uint256(keccak256(abi.encode(seed, i))) % 1e20 + 1);
            total += amounts[i];
        }
        rewards.fund(total);
        _epoch(amounts, total);
        for (uint256 i; i < n; ++i) {
            vm.assertEq(rewards.claim(_accountOf(i), _claim(amounts, i)), amounts[i], "paid");
            vm.assertEq(token.balanceOf(_accountOf(i)), amounts[i], "tokens");
        }
        vm.assertEq(rewards.claimedTotal(), total, "nothing is left of the epoch");
    }

    function test_claim_twice_pays_once() public {
        uint128[] memory amounts = _two(600, 100);
        _epoch(amounts, 1000);
        rewards.claim(ALICE, _claim(amounts, 0));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, ALICE, 600));
        rewards.claim(ALICE, _claim(amounts, 0));
    }

    function test_claim_in_a_later_epoch_pays_the_difference() public {
        _epoch(_two(600, 100), 700);
        rewards.claim(ALICE, _claim(_two(600, 100), 0));
        _epoch(_two(750, 200), 950);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, ALICE, 150, 750, 2);
        vm.assertEq(rewards.claim(ALICE, _claim(_two(750, 200), 0)), 150, "difference");
    }

    function test_claim_refuses_every_field_that_is_not_in_the_active_tree() public {
        uint128[] memory amounts = _two(600, 100);
        _epoch(amounts, 700);
        IRewardsDistributor.Claim memory leaf = _claim(amounts, 1);
        _expectInvalidProof(ALICE, leaf);
        leaf.cumulative = 101;
        _expectInvalidProof(BOB, leaf);
        leaf = _claim(amounts, 1);
        leaf.before = 599;
        _expectInvalidProof(_accountOf(1), leaf);
        leaf = _claim(amounts, 1);
        leaf.index = 0;
        _expectInvalidProof(_accountOf(1), leaf);
        leaf.index = 2;
        _expectInvalidProof(_accountOf(1), leaf);
        leaf = _claim(amounts, 1);
        leaf.proof[0] = ~leaf.proof[0];
        _expectInvalidProof(_accountOf(1), leaf);
        leaf.proof = new bytes32[](0);
        _expectInvalidProof(_accountOf(1), leaf);
    }

    function test_claim_takes_no_leaf_past_the_declared_number_of_accounts() public {
        uint128[] memory amounts = new uint128[](4);
        (amounts[0], amounts[1], amounts[2], amounts[3]) = (1, 1, 1, 500);
        IRewardsDistributor.Proposal memory proposal = _next(1000);
        proposal.root = OrderedTree.rootOf(_leaves(amounts));
        proposal.accounts = 3;
        _activate(_propose(proposal));
        _expectInvalidProof(_accountOf(3), _claim(amounts, 3));
        rewards.claim(_accountOf(2), _claim(amounts, 2));
    }

    function test_claim_takes_no_proof_of_an_older_or_a_waiting_epoch() public {
        _epoch(_two(600, 100), 700);
        _epoch(_two(750, 200), 950);
        _expectInvalidProof(ALICE, _claim(_two(600, 100), 0));
        IRewardsDistributor.Proposal memory proposal = _next(1000);
        proposal.root = OrderedTree.rootOf(_leaves(_two(800, 200)));
        proposal.accounts = 2;
        _propose(proposal);
        _expectInvalidProof(ALICE, _claim(_two(800, 200), 0));
        rewards.claim(ALICE, _claim(_two(750, 200), 0));
    }

    function test_claim_of_a_leaf_below_what_was_claimed_pays_nothing() public {
        _epoch(_two(600, 100), 700);
        rewards.claim(ALICE, _claim(_two(600, 100), 0));
        _epoch(_two(500, 200), 1000);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, ALICE, 600));
        rewards.claim(ALICE, _claim(_two(500, 200), 0));
    }

    function test_claim_cannot_draw_more_than_the_epoch_declares() public {
        uint128[] memory amounts = _two(600, 700);
        _epoch(amounts, 700);
        rewards.claim(ALICE, _claim(amounts, 0));
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ClaimExceedsEarned.selector, 700, 100));
        rewards.claim(_accountOf(1), _claim(amounts, 1));
        rewards.fund(10_000);
        vm.expectRevert(abi.encodeWithSelector(IRewardsDistributor.ClaimExceedsEarned.selector, 700, 100));
        rewards.claim(_accountOf(1), _claim(amounts, 1));
    }

    function testFuzz_the_cap_holds_for_any_false_tree(uint128 a, uint128 b, uint128 total) public {
        total = uint128(bound(total, 1, FUNDED));
        rewards.fund(1e24);
        uint128[] memory amounts = _two(a, b);
        _epoch(amounts, total);
        uint256 left = total;
        for (uint256 i; i < 2; ++i) {
            address account = _accountOf(i);
            if (amounts[i] == 0) {
                vm.expectRevert(
                    abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, account, 0)
                );
                rewards.claim(account, _claim(amounts, i));
            } else if (amounts[i] > left) {
                vm.expectRevert(
                    abi.encodeWithSelector(IRewardsDistributor.ClaimExceedsEarned.selector, amounts[i], left)
                );
                rewards.claim(account, _claim(amounts, i));
                vm.assertEq(token.balanceOf(account), 0, "nothing paid");
            } else {
                vm.assertEq(rewards.claim(account, _claim(amounts, i)), amounts[i], "paid");
                left -= amounts[i];
            }
        }
        vm.assertEq(rewards.claimedTotal(), total - left, "total");
    }

    function testFuzz_claims_over_epochs_sum_to_the_last_leaf(uint64 a, uint64 b, uint64 c) public {
        rewards.fund(1e24);
        uint128[3] memory cumulative = [uint128(a), uint128(a) + b, uint128(a) + b + c];
        for (uint256 i; i < 3; ++i) {
            uint128[] memory amounts = _two(cumulative[i], 0);
            _epoch(amounts, cumulative[i]);
            if (cumulative[i] == rewards.claimedOf(ALICE)) continue;
            rewards.claim(ALICE, _claim(amounts, 0));
            vm.assertEq(token.balanceOf(ALICE), cumulative[i], "paid so far");
        }
        vm.assertEq(rewards.claimedTotal(), cumulative[2], "total");
    }

    function test_a_token_that_calls_back_gets_nothing_twice() public {
        uint128[] memory amounts = _two(600, 300);
        _epoch(amounts, 900);
        hostile.arm(address(rewards), abi.encodeCall(rewards.claim, (ALICE, _claim(amounts, 0))), false);
        rewards.claim(ALICE, _claim(amounts, 0));
        vm.assertTrue(hostile.hookRan() && !hostile.hookPassed(), "refused");
        vm.assertEq(
            keccak256(hostile.hookResult()),
            keccak256(abi.encodeWithSelector(IRewardsDistributor.NothingToClaim.selector, ALICE, 600)),
            "for the right reason"
        );
        vm.assertEq(token.balanceOf(ALICE), 600, "paid once");
        hostile.arm(
            address(rewards), abi.encodeCall(rewards.claim, (_accountOf(1), _claim(amounts, 1))), false
        );
        _epoch(_two(700, 300), 1000);
        rewards.claim(ALICE, _claim(_two(700, 300), 0));
        vm.assertEq(rewards.claimedTotal(), token.balanceOf(ALICE) + token.balanceOf(_accountOf(1)), "total");
    }

    function test_setRecipient_redirects_claims_until_reset() public {
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.RecipientSet(ALICE, address(0), BOB);
        vm.prank(ALICE);
        rewards.setRecipient(BOB);
        vm.assertEq(rewards.recipientOf(ALICE), BOB, "recipient");
        _epoch(_two(600, 100), 700);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.Claimed(ALICE, BOB, 600, 600, 1);
        rewards.claim(ALICE, _claim(_two(600, 100), 0));
        vm.assertEq(token.balanceOf(BOB), 600, "recipient's tokens");
        vm.assertEq(token.balanceOf(ALICE), 0, "account's tokens");
        vm.assertEq(rewards.recipientOf(ALICE), BOB, "a claim leaves the recipient alone");
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.RecipientSet(ALICE, BOB, address(0));
        vm.prank(ALICE);
        rewards.setRecipient(address(0));
        vm.assertEq(rewards.claimedOf(ALICE), 600, "a recipient leaves the claims alone");
        _epoch(_two(601, 100), 701);
        rewards.claim(ALICE, _claim(_two(601, 100), 0));
        vm.assertEq(token.balanceOf(ALICE), 1, "account again");
    }

    function test_setRecipient_refuses_the_distributor_itself() public {
        vm.expectRevert(
            abi.encodeWithSelector(IRewardsDistributor.InvalidRecipient.selector, address(rewards))
        );
        rewards.setRecipient(address(rewards));
    }

    function test_an_account_the_token_refuses_can_send_its_claims_elsewhere() public {
        uint128[] memory amounts = _two(600, 100);
        _epoch(amounts, 700);
        hostile.setBlocked(ALICE, true);
        vm.expectRevert(abi.encodeWithSelector(HostileToken.Blocked.selector, ALICE));
        rewards.claim(ALICE, _claim(amounts, 0));
        rewards.claim(_accountOf(1), _claim(amounts, 1));
        vm.prank(ALICE);
        rewards.setRecipient(BOB);
        rewards.claim(ALICE, _claim(amounts, 0));
        vm.assertEq(token.balanceOf(BOB), 600, "paid elsewhere");
    }
}
