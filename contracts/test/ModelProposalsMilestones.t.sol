// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {ProposalFixture} from "./ProposalFixture.sol";

/// @dev Deliveries, disputes and the money at the end.
contract ModelProposalsMilestonesTest is ProposalFixture {
    function setUp() public {
        _deployMarket();
    }

    function test_deliver_starts_the_review() public {
        uint256 id = _working(600);
        uint64 now_ = uint64(vm.getBlockTimestamp());
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneDelivered(id, 2, ARTEFACT, now_ + REVIEW);
        _deliver(id, 2);
        vm.assertEq(market.milestoneOf(id, 2).since, now_, "since");
        _expectStatus(id, 2, IModelProposals.MilestoneStatus.Delivered);
        _deliver(id, 2);
    }

    function test_deliver_is_for_the_winner_until_the_deadline() public {
        uint256 id = _working(600);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotWinner.selector, RIVAL));
        vm.prank(RIVAL);
        market.deliver(id, 0, ARTEFACT);
        vm.expectRevert(IModelProposals.ZeroHash.selector);
        vm.prank(TRAINER);
        market.deliver(id, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.UnknownMilestone.selector, id, 3));
        _deliver(id, 3);
        vm.warp(DEADLINE);
        _deliver(id, 0);
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.DeadlinePassed.selector, DEADLINE));
        _deliver(id, 1);
    }

    function test_nothing_is_delivered_before_the_selection() public {
        uint256 id = _opened();
        _expectPhase(id, IModelProposals.Phase.Bidding);
        _deliver(id, 0);
    }

    function test_the_proposer_releases_at_once() public {
        uint256 id = _delivered();
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 1, IModelProposals.Settlement.Released, 180, 20, 0, 400);
        vm.expectEmit(address(market));
        emit IModelProposals.Credited(TRAINER, 180, 180);
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.assertEq(market.withdrawable(TRAINER), 180, "winner");
        vm.assertEq(market.withdrawable(PROPOSER), 0, "proposer");
        vm.assertEq(market.contributorsPending(), 20, "contributors");
        vm.assertEq(market.proposalOf(id).locked, 400, "locked");
        _expectStatus(id, 1, IModelProposals.MilestoneStatus.Settled);
        vm.prank(PROPOSER);
        market.release(id, 1);
    }

    function test_a_silent_proposer_cannot_hold_the_money() public {
        uint256 id = _delivered();
        uint64 reviewEnd = uint64(vm.getBlockTimestamp()) + REVIEW;
        vm.warp(reviewEnd - 1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.ReviewOpen.selector, reviewEnd));
        vm.prank(TRAINER);
        market.release(id, 1);
        vm.warp(reviewEnd);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 1, IModelProposals.Settlement.ReviewEnded, 180, 20, 0, 400);
        vm.prank(STRANGER);
        market.release(id, 1);
        vm.assertEq(market.withdrawable(TRAINER), 180, "winner");
        vm.assertEq(market.withdrawable(STRANGER), 0, "not the caller");
    }

    function test_nothing_undelivered_is_released_not_even_by_the_proposer() public {
        uint256 id = _working(600);
        _expectStatus(id, 0, IModelProposals.MilestoneStatus.Pending);
        vm.prank(PROPOSER);
        market.release(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.UnknownMilestone.selector, id, 3));
        vm.prank(PROPOSER);
        market.release(id, 3);
    }

    function test_the_last_milestone_closes_the_proposal() public {
        uint256 id = _working(600);
        for (uint8 i; i < 3; ++i) {
            _requirePhase(id, IModelProposals.Phase.Working, "working");
            _deliver(id, i);
            vm.prank(PROPOSER);
            market.release(id, i);
        }
        _requirePhase(id, IModelProposals.Phase.Closed, "closed");
        vm.assertEq(market.withdrawable(TRAINER), 540, "winner");
        vm.assertEq(market.contributorsPending(), 60, "contributors");
    }

    function test_dispute_is_for_the_proposer_within_the_review() public {
        uint256 id = _delivered();
        uint64 reviewEnd = uint64(vm.getBlockTimestamp()) + REVIEW;
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, STRANGER));
        vm.prank(STRANGER);
        market.dispute(id, 1, EVIDENCE);
        vm.expectRevert(IModelProposals.ZeroHash.selector);
        vm.prank(PROPOSER);
        market.dispute(id, 1, 0);
        _expectStatus(id, 0, IModelProposals.MilestoneStatus.Pending);
        _dispute(id, 0);
        vm.warp(reviewEnd);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.ReviewOver.selector, reviewEnd));
        _dispute(id, 1);
        vm.warp(reviewEnd - 1);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneDisputed(id, 1, EVIDENCE, reviewEnd - 1 + GOVERNANCE);
        _dispute(id, 1);
        vm.assertEq(market.milestoneOf(id, 1).since, reviewEnd - 1, "since");
        _expectStatus(id, 1, IModelProposals.MilestoneStatus.Disputed);
        vm.prank(PROPOSER);
        market.release(id, 1);
    }

    function test_governance_divides_a_disputed_milestone() public {
        uint256 id = _delivered();
        _dispute(id, 1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidBps.selector, 10_001));
        market.decide(id, 1, 10_001);
        _expectStatus(id, 0, IModelProposals.MilestoneStatus.Pending);
        market.decide(id, 0, 1);
        _later(GOVERNANCE - 1);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 1, IModelProposals.Settlement.Decided, 45, 5, 150, 400);
        market.decide(id, 1, 2500);
        vm.assertEq(market.withdrawable(TRAINER), 45, "winner");
        vm.assertEq(market.withdrawable(PROPOSER), 150, "proposer");
        vm.assertEq(market.contributorsPending(), 5, "contributors");
        _expectStatus(id, 1, IModelProposals.MilestoneStatus.Settled);
        market.decide(id, 1, 2500);
    }

    function test_governance_may_give_everything_to_either_side() public {
        uint256 id = _delivered();
        _deliver(id, 0);
        _dispute(id, 0);
        _dispute(id, 1);
        market.decide(id, 0, 0);
        vm.assertEq(market.withdrawable(PROPOSER), 100, "all to the proposer");
        market.decide(id, 1, 10_000);
        vm.assertEq(market.withdrawable(TRAINER), 180, "all to the winner");
    }

    function test_a_silent_governance_means_halves() public {
        uint256 id = _delivered();
        _dispute(id, 1);
        uint64 decisionEnd = uint64(vm.getBlockTimestamp()) + GOVERNANCE;
        vm.warp(decisionEnd - 1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.DecisionOpen.selector, decisionEnd));
        market.resolve(id, 1);
        vm.warp(decisionEnd);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.DecisionOver.selector, decisionEnd));
        market.decide(id, 1, 10_000);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 1, IModelProposals.Settlement.Undecided, 90, 10, 100, 400);
        vm.prank(STRANGER);
        market.resolve(id, 1);
        _expectStatus(id, 1, IModelProposals.MilestoneStatus.Settled);
        market.resolve(id, 1);
    }

    function test_a_silent_winner_cannot_hold_the_money() public {
        uint256 id = _delivered();
        vm.warp(DEADLINE);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.DeadlineOpen.selector, DEADLINE));
        vm.prank(PROPOSER);
        market.reclaim(id);
        vm.warp(DEADLINE + 1);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 0, IModelProposals.Settlement.Overdue, 0, 0, 100, 500);
        vm.expectEmit(address(market));
        emit IModelProposals.Credited(PROPOSER, 100, 100);
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 2, IModelProposals.Settlement.Overdue, 0, 0, 300, 200);
        vm.prank(STRANGER);
        market.reclaim(id);
        vm.assertEq(market.withdrawable(PROPOSER), 400, "undelivered");
        vm.assertEq(market.proposalOf(id).locked, 200, "the delivered one goes on");
        market.release(id, 1);
        vm.assertEq(market.withdrawable(TRAINER), 180, "winner");
        _expectPhase(id, IModelProposals.Phase.Closed);
        market.reclaim(id);
    }

    function test_the_winner_can_resign_at_any_time() public {
        uint256 id = _delivered();
        vm.expectEmit(address(market));
        emit IModelProposals.MilestoneSettled(id, 0, IModelProposals.Settlement.Resigned, 0, 0, 100, 500);
        vm.prank(TRAINER);
        market.reclaim(id);
        vm.assertEq(market.withdrawable(PROPOSER), 400, "undelivered");
        _expectStatus(id, 0, IModelProposals.MilestoneStatus.Settled);
        _deliver(id, 0);
    }

    function test_withdraw_pays_once_and_anywhere() public {
        uint256 id = _delivered();
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.expectRevert(IModelProposals.ZeroAddress.selector);
        vm.prank(TRAINER);
        market.withdraw(address(0));
        vm.expectEmit(address(market));
        emit IModelProposals.Withdrawn(TRAINER, RIVAL, 180);
        vm.prank(TRAINER);
        vm.assertEq(market.withdraw(RIVAL), 180, "amount");
        vm.assertEq(token.balanceOf(RIVAL), 180, "paid");
        vm.assertEq(market.withdrawable(TRAINER), 0, "nothing left");
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NothingToWithdraw.selector, TRAINER));
        vm.prank(TRAINER);
        market.withdraw(TRAINER);
    }

    function test_the_contributors_share_goes_to_the_distributor() public {
        uint256 id = _delivered();
        vm.expectRevert(IModelProposals.ZeroAmount.selector);
        market.fundContributors();
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.expectEmit(address(market));
        emit IModelProposals.ContributorsFunded(20, 20);
        vm.prank(STRANGER);
        market.fundContributors();
        vm.assertEq(rewards.funded(), 20, "funded");
        vm.assertEq(token.balanceOf(address(rewards)), 20, "tokens");
        vm.assertEq(market.contributorsPending(), 0, "nothing pending");
        vm.assertEq(token.allowance(address(market), address(rewards)), 0, "no allowance is left");
        _deliver(id, 0);
        vm.prank(PROPOSER);
        market.release(id, 0);
        vm.expectEmit(address(market));
        emit IModelProposals.ContributorsFunded(10, 30);
        market.fundContributors();
        vm.assertEq(market.contributorsFunded(), 30, "cumulative");
    }

    function testFuzz_selection_loses_and_invents_nothing(uint128[3] memory parts, uint128 price) public {
        IModelProposals.NewProposal memory p = _new();
        uint128 bounty;
        for (uint256 i; i < 3; ++i) {
            p.milestones[i] = uint128(bound(parts[i], 20, 1e17));
            bounty += p.milestones[i];
        }
        price = uint128(bound(price, 1, bounty));
        uint256 id = _create(p);
        _vote(id, 3, true);
        vm.warp(START + VOTING);
        uint32 bidId = _bid(id, TRAINER, price);
        vm.warp(START + VOTING + BIDDING);
        _select(id, bidId, TRAINER, price);
        uint256 sum;
        for (uint8 i; i < 3; ++i) {
            uint256 amount = market.milestoneOf(id, i).amount;
            uint256 exact = uint256(p.milestones[i]) * price / bounty;
            vm.assertLe(exact, amount, "at least the exact share, rounded down");
            vm.assertLe(amount, exact + 1, "at most one more");
            sum += amount;
        }
        vm.assertEq(sum, price, "parts sum to the price");
        vm.assertEq(market.withdrawable(PROPOSER), bounty - price, "the rest is refunded");
        vm.assertEq(market.proposalOf(id).locked, price, "the price is locked");
    }

    function testFuzz_a_settlement_divides_the_whole_milestone(
        uint128 amount,
        uint16 contributorsBps,
        uint16 winnerBps
    ) public {
        IModelProposals.NewProposal memory p = _new();
        p.milestones = new uint128[](1);
        amount = uint128(bound(amount, MIN_BOUNTY, 1e18));
        p.milestones[0] = amount;
        p.contributorsBps = uint16(bound(contributorsBps, 0, 10_000));
        winnerBps = uint16(bound(winnerBps, 0, 10_000));
        uint256 id = _create(p);
        _vote(id, 3, true);
        vm.warp(START + VOTING);
        uint32 bidId = _bid(id, TRAINER, amount);
        vm.warp(START + VOTING + BIDDING);
        _select(id, bidId, TRAINER, amount);
        _deliver(id, 0);
        _dispute(id, 0);
        market.decide(id, 0, winnerBps);
        uint256 earned = uint256(amount) * winnerBps / 10_000;
        uint256 contributors = earned * p.contributorsBps / 10_000;
        vm.assertEq(market.withdrawable(TRAINER), earned - contributors, "winner");
        vm.assertEq(market.contributorsPending(), contributors, "contributors");
        vm.assertEq(market.withdrawable(PROPOSER), amount - earned, "proposer");
        vm.assertEq(market.proposalOf(id).locked, 0, "nothing is left");
    }
}
