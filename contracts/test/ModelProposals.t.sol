// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ModelProposals} from "../src/ModelProposals.sol";
import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {OpenVotes, ProposalFixture} from "./ProposalFixture.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

contract ModelProposalsTest is ProposalFixture {
    function setUp() public {
        _deployMarket();
    }

    function _requirePhase(uint256 id, IModelProposals.Phase phase, string memory what) private view {
        vm.assertEq(uint256(market.phaseOf(id)), uint256(phase), what);
    }

    function _construct(IAgentStaking stake_, IERC5805 votes_, IModelProposals.Settings memory settings)
        private
    {
        new ModelProposals(address(access), rewards, votes_, stake_, settings);
    }

    // Construction

    function test_the_constructor_emits_its_settings() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit IModelProposals.SettingsInitialized(
            address(token), address(rewards), address(votes), address(staking), _settings()
        );
        _construct(staking, IERC5805(address(votes)), _settings());
        vm.assertEq(address(market.token()), address(token), "token");
        vm.assertEq(address(market.rewards()), address(rewards), "rewards");
        vm.assertEq(address(market.votes()), address(votes), "votes");
        vm.assertEq(address(market.staking()), address(staking), "staking");
        vm.assertEq(keccak256(abi.encode(market.settings())), keccak256(abi.encode(_settings())), "settings");
    }

    function test_the_constructor_refuses_missing_parts() public {
        vm.expectRevert(IModelProposals.ZeroAddress.selector);
        _construct(staking, IERC5805(address(0)), _settings());
        vm.expectRevert(IModelProposals.ZeroAddress.selector);
        _construct(IAgentStaking(address(0)), IERC5805(address(votes)), _settings());
    }

    function test_the_constructor_refuses_settings_that_disable_a_rule() public {
        IERC5805 v = IERC5805(address(votes));
        for (uint256 i; i < 5; ++i) {
            IModelProposals.Settings memory s = _settings();
            if (i == 0) s.votingPeriod = 0;
            if (i == 1) s.biddingPeriod = 0;
            if (i == 2) s.selectionPeriod = 0;
            if (i == 3) s.reviewPeriod = 0;
            if (i == 4) s.governancePeriod = 0;
            vm.expectRevert(IModelProposals.InvalidPeriod.selector);
            _construct(staking, v, s);
        }
        IModelProposals.Settings memory settings = _settings();
        settings.quorumBps = 0;
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidBps.selector, 0));
        _construct(staking, v, settings);
        settings.quorumBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidBps.selector, 10_001));
        _construct(staking, v, settings);
        settings.quorumBps = 10_000;
        settings.minBounty = 0;
        vm.expectRevert(IModelProposals.ZeroAmount.selector);
        _construct(staking, v, settings);
        settings.minBounty = 1;
        _construct(staking, v, settings);
    }

    // Creation

    function test_create_sets_the_bounty_aside_and_emits_everything() public {
        IModelProposals.Schedule memory schedule = IModelProposals.Schedule(
            uint48(START - 1), START + VOTING, START + VOTING + BIDDING, START + VOTING + BIDDING + SELECTION
        );
        vm.expectEmit(address(market));
        emit IModelProposals.ProposalCreated(1, PROPOSER, SPEC, 600, 250, schedule, _new());
        uint256 id = _create(_new());
        vm.assertEq(id, 1, "id");
        vm.assertEq(market.proposalCount(), 1, "count");
        vm.assertEq(token.balanceOf(address(market)), 600, "bounty");
        IModelProposals.Proposal memory p = market.proposalOf(id);
        vm.assertEq(p.proposer, PROPOSER, "proposer");
        vm.assertEq(p.voteEnd, START + VOTING, "end of the vote");
        vm.assertEq(p.contributorsBps, 1000, "share");
        vm.assertEq(p.milestones, 3, "milestones");
        vm.assertEq(p.snapshot, START - 1, "snapshot");
        vm.assertEq(p.deadline, DEADLINE, "deadline");
        vm.assertEq(p.bounty, 600, "stored bounty");
        vm.assertEq(p.locked, 600, "locked");
        vm.assertEq(p.quorum, 250, "quorum");
        vm.assertEq(market.milestoneOf(id, 2).amount, 300, "last milestone");
        _requirePhase(id, IModelProposals.Phase.Voting, "voting");
        vm.assertEq(_create(_new()), 2, "next id");
    }

    function test_create_refuses_malformed_proposals() public {
        IModelProposals.NewProposal memory p = _new();
        p.specHash = 0;
        vm.expectRevert(IModelProposals.ZeroHash.selector);
        _create(p);
        p = _new();
        p.contributorsBps = 10_001;
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidBps.selector, 10_001));
        _create(p);
        p = _new();
        p.milestones[1] = 0;
        vm.expectRevert(IModelProposals.ZeroAmount.selector);
        _create(p);
        p.milestones = new uint128[](0);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidMilestones.selector, 0));
        _create(p);
        p.milestones = new uint128[](17);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.InvalidMilestones.selector, 17));
        _create(p);
    }

    function test_create_takes_sixteen_milestones_and_the_whole_share() public {
        IModelProposals.NewProposal memory p = _new();
        p.contributorsBps = 10_000;
        p.milestones = new uint128[](16);
        for (uint256 i; i < 16; ++i) {
            p.milestones[i] = 10;
        }
        vm.assertEq(market.proposalOf(_create(p)).milestones, 16, "milestones");
    }

    function test_create_needs_the_minimum_bounty() public {
        IModelProposals.NewProposal memory p = _new();
        p.milestones = new uint128[](1);
        p.milestones[0] = MIN_BOUNTY - 1;
        vm.expectRevert(
            abi.encodeWithSelector(IModelProposals.BountyTooSmall.selector, MIN_BOUNTY - 1, MIN_BOUNTY)
        );
        _create(p);
        p.milestones[0] = MIN_BOUNTY;
        _create(p);
    }

    function test_create_needs_a_deadline_after_the_selection() public {
        IModelProposals.NewProposal memory p = _new();
        uint64 selectionEnd = START + VOTING + BIDDING + SELECTION;
        p.deadline = selectionEnd;
        vm.expectRevert(
            abi.encodeWithSelector(IModelProposals.DeadlineTooEarly.selector, selectionEnd, selectionEnd)
        );
        _create(p);
        p.deadline = selectionEnd + 1;
        _create(p);
    }

    function test_the_quorum_rounds_up() public {
        votes.mint(STRANGER, 1);
        _later(2);
        vm.assertEq(market.proposalOf(_create(_new())).quorum, 251, "a quarter of 1001");
    }

    function test_pause_stops_new_proposals_and_nothing_else() public {
        uint256 id = _delivered();
        vm.expectEmit(address(market));
        emit IModelProposals.PausedSet(true);
        vm.prank(GUARDIAN);
        market.setPaused(true);
        vm.assertTrue(market.paused(), "paused");
        vm.expectRevert(IModelProposals.ProposalsPaused.selector);
        _create(_new());
        vm.prank(PROPOSER);
        market.release(id, 1);
        vm.prank(TRAINER);
        market.withdraw(TRAINER);
        market.fundContributors();
        _deliver(id, 0);
        vm.prank(GUARDIAN);
        market.setPaused(false);
        IModelProposals.NewProposal memory p = _new();
        p.deadline = DEADLINE + 30 days;
        _create(p);
    }

    function test_only_the_guardian_pauses_and_only_governance_decides() public {
        uint256 id = _delivered();
        _dispute(id, 1);
        address[4] memory others = [PROPOSER, TRAINER, STRANGER, address(this)];
        for (uint256 i; i < 4; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            market.setPaused(true);
        }
        others[3] = GUARDIAN;
        for (uint256 i; i < 4; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            market.decide(id, 1, 10_000);
        }
    }

    // Vote

    function test_votes_count_by_weight_and_once() public {
        uint256 id = _create(_new());
        vm.expectEmit(address(market));
        emit IModelProposals.VoteCast(id, voters[1], true, 200, 200, 0);
        _vote(id, 1, true);
        vm.expectEmit(address(market));
        emit IModelProposals.VoteCast(id, voters[0], false, 100, 200, 100);
        _vote(id, 0, false);
        vm.expectEmit(address(market));
        emit IModelProposals.VoteCast(id, voters[2], true, 300, 500, 100);
        _vote(id, 2, true);
        vm.assertTrue(market.hasVoted(id, voters[1]), "voted");
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.AlreadyVoted.selector, id, voters[1]));
        _vote(id, 1, true);
        vm.assertEq(market.proposalOf(id).forVotes, 500, "for");
        vm.assertEq(market.proposalOf(id).againstVotes, 100, "against");
    }

    function test_weight_that_came_with_or_after_the_proposal_does_not_count() public {
        votes.mint(STRANGER, 1e6);
        uint256 id = _create(_new());
        votes.mint(voters[0], 1e6);
        _later(1);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NoVotes.selector, STRANGER, START - 1));
        vm.prank(STRANGER);
        market.castVote(id, true);
        _vote(id, 0, true);
        vm.assertEq(market.proposalOf(id).forVotes, 100, "old weight");
    }

    function test_the_vote_ends_to_the_second() public {
        uint256 id = _create(_new());
        vm.warp(START + VOTING - 1);
        _vote(id, 3, true);
        vm.warp(START + VOTING);
        _expectPhase(id, IModelProposals.Phase.Bidding);
        _vote(id, 2, true);
        _expectPhase(id + 1, IModelProposals.Phase.None);
        _vote(id + 1, 2, true);
    }

    function test_quorum_and_majority_open_the_bidding() public {
        uint256 missed = _create(_new());
        uint256 exact = _create(_new());
        uint256 tied = _create(_new());
        uint256 carried = _create(_new());
        uint256 silent = _create(_new());
        _vote(missed, 1, true);
        votes.mint(voters[0], 1);
        _vote(exact, 0, false);
        _vote(exact, 1, true);
        _vote(tied, 2, true);
        _vote(tied, 0, false);
        _vote(tied, 1, false);
        _vote(carried, 2, true);
        _vote(carried, 1, false);
        vm.warp(START + VOTING);
        _requirePhase(missed, IModelProposals.Phase.Rejected, "200 of 250");
        _requirePhase(exact, IModelProposals.Phase.Bidding, "200 for, 100 against");
        _requirePhase(tied, IModelProposals.Phase.Rejected, "300 for, 300 against");
        _requirePhase(carried, IModelProposals.Phase.Bidding, "300 for, 200 against");
        _requirePhase(silent, IModelProposals.Phase.Rejected, "nobody voted");
    }

    function test_exactly_the_quorum_is_enough() public {
        votes.mint(address(0xb05), 50);
        _later(1);
        uint256 id = _create(_new());
        vm.assertEq(market.proposalOf(id).quorum, 263, "a quarter of 1050, up");
        votes.mint(address(0xb06), 150);
        _later(1);
        uint256 exact = _create(_new());
        vm.assertEq(market.proposalOf(exact).quorum, 300, "a quarter of 1200");
        _vote(exact, 2, true);
        _later(VOTING);
        _requirePhase(exact, IModelProposals.Phase.Bidding, "300 of 300");
    }

    function test_without_any_votes_in_existence_a_proposal_is_rejected() public {
        votes = new OpenVotes();
        market = new ModelProposals(address(access), rewards, IERC5805(address(votes)), staking, _settings());
        vm.prank(PROPOSER);
        token.approve(address(market), 600);
        uint256 id = _create(_new());
        vm.warp(START + VOTING);
        _requirePhase(id, IModelProposals.Phase.Rejected, "0 of 0 is no majority");
    }

    // Bids

    function test_bid_is_an_event_and_a_hash() public {
        uint256 id = _opened();
        vm.expectEmit(address(market));
        emit IModelProposals.BidSubmitted(id, 1, TRAINER, 600, PLAN);
        vm.assertEq(_bid(id, TRAINER, 600), 1, "first");
        vm.assertEq(_bid(id, RIVAL, 500), 2, "second");
        vm.assertEq(
            market.bidHashOf(id, 2), keccak256(abi.encode(IModelProposals.Bid(RIVAL, 500, PLAN))), "hash"
        );
        vm.assertEq(market.proposalOf(id).bids, 2, "count");
    }

    function test_bid_refuses_nonsense() public {
        uint256 id = _opened();
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.PriceAboveBounty.selector, 601, 600));
        _bid(id, TRAINER, 601);
        vm.expectRevert(IModelProposals.ZeroAmount.selector);
        _bid(id, TRAINER, 0);
        vm.expectRevert(IModelProposals.ZeroHash.selector);
        vm.prank(TRAINER);
        market.bid(id, 1, 0);
    }

    function test_bid_needs_the_stake() public {
        uint256 id = _opened();
        vm.prank(TRAINER);
        staking.startThaw(1);
        vm.expectRevert(
            abi.encodeWithSelector(IModelProposals.StakeTooSmall.selector, TRAINER, MIN_STAKE - 1, MIN_STAKE)
        );
        _bid(id, TRAINER, 600);
    }

    function test_bids_have_their_time() public {
        uint256 id = _create(_new());
        _vote(id, 3, true);
        vm.warp(START + VOTING - 1);
        _expectPhase(id, IModelProposals.Phase.Voting);
        _bid(id, TRAINER, 600);
        vm.warp(START + VOTING + BIDDING - 1);
        _bid(id, TRAINER, 600);
        vm.warp(START + VOTING + BIDDING);
        _expectPhase(id, IModelProposals.Phase.Selecting);
        _bid(id, TRAINER, 600);
    }

    function test_a_withdrawn_bid_cannot_be_selected() public {
        uint256 id = _opened();
        uint32 bidId = _bid(id, TRAINER, 600);
        IModelProposals.Bid memory data = IModelProposals.Bid(TRAINER, 600, PLAN);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotBidder.selector, RIVAL));
        vm.prank(RIVAL);
        market.withdrawBid(id, bidId, data);
        vm.expectEmit(address(market));
        emit IModelProposals.BidWithdrawn(id, bidId);
        vm.prank(TRAINER);
        market.withdrawBid(id, bidId, data);
        vm.assertEq(market.bidHashOf(id, bidId), 0, "hash");
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.UnknownBid.selector, id, bidId));
        vm.prank(TRAINER);
        market.withdrawBid(id, bidId, data);
        vm.warp(START + VOTING + BIDDING);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.UnknownBid.selector, id, bidId));
        _select(id, bidId, TRAINER, 600);
    }

    // Selection

    function test_select_refunds_what_the_price_leaves_and_shrinks_the_milestones() public {
        uint256 id = _opened();
        _bid(id, RIVAL, 600);
        uint32 bidId = _bid(id, TRAINER, 100);
        vm.warp(START + VOTING + BIDDING);
        uint128[] memory amounts = new uint128[](3);
        amounts[0] = 16;
        amounts[1] = 34;
        amounts[2] = 50;
        vm.expectEmit(address(market));
        emit IModelProposals.BidSelected(id, bidId, TRAINER, 100, 500, amounts);
        vm.expectEmit(address(market));
        emit IModelProposals.Credited(PROPOSER, 500, 500);
        _select(id, bidId, TRAINER, 100);
        IModelProposals.Proposal memory p = market.proposalOf(id);
        vm.assertEq(p.winner, TRAINER, "winner");
        vm.assertEq(p.bounty, 100, "price");
        vm.assertEq(p.locked, 100, "locked");
        vm.assertEq(market.withdrawable(PROPOSER), 500, "refund");
        for (uint8 i; i < 3; ++i) {
            vm.assertEq(market.milestoneOf(id, i).amount, amounts[i], "amount");
        }
        vm.assertEq(market.bidHashOf(id, bidId), 0, "bid is used");
        _requirePhase(id, IModelProposals.Phase.Working, "working");
    }

    function test_select_is_for_the_proposer_and_for_bids_as_they_were_submitted() public {
        uint256 id = _opened();
        uint32 bidId = _bid(id, TRAINER, 400);
        vm.warp(START + VOTING + BIDDING);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, TRAINER));
        vm.prank(TRAINER);
        market.select(id, bidId, IModelProposals.Bid(TRAINER, 400, PLAN));
        bytes memory unknown = abi.encodeWithSelector(IModelProposals.UnknownBid.selector, id, bidId);
        vm.expectRevert(unknown);
        _select(id, bidId, TRAINER, 399);
        vm.expectRevert(unknown);
        _select(id, bidId, RIVAL, 400);
        vm.expectRevert(unknown);
        vm.prank(PROPOSER);
        market.select(id, bidId, IModelProposals.Bid(TRAINER, 400, SPEC));
        _select(id, bidId, TRAINER, 400);
        _expectPhase(id, IModelProposals.Phase.Working);
        _select(id, bidId, TRAINER, 400);
    }

    function test_select_checks_the_stake_again() public {
        uint256 id = _opened();
        uint32 bidId = _bid(id, TRAINER, 400);
        vm.warp(START + VOTING + BIDDING);
        vm.prank(TRAINER);
        staking.startThaw(MIN_STAKE);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.StakeTooSmall.selector, TRAINER, 0, MIN_STAKE));
        _select(id, bidId, TRAINER, 400);
    }

    function test_selection_has_its_time() public {
        uint256 id = _opened();
        uint32 bidId = _bid(id, TRAINER, 400);
        vm.warp(START + VOTING + BIDDING - 1);
        _expectPhase(id, IModelProposals.Phase.Bidding);
        _select(id, bidId, TRAINER, 400);
        vm.warp(START + VOTING + BIDDING + SELECTION);
        _expectPhase(id, IModelProposals.Phase.Expired);
        _select(id, bidId, TRAINER, 400);
        vm.warp(START + VOTING + BIDDING + SELECTION - 1);
        _select(id, bidId, TRAINER, 400);
    }

    // Close

    function test_the_proposer_can_cancel_until_he_selects() public {
        uint256 voting = _create(_new());
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, STRANGER));
        vm.prank(STRANGER);
        market.close(voting);
        vm.expectEmit(address(market));
        emit IModelProposals.ProposalClosed(voting, IModelProposals.CloseReason.Cancelled, 600);
        vm.prank(PROPOSER);
        market.close(voting);
        _requirePhase(voting, IModelProposals.Phase.Closed, "closed");
        uint256 id = _opened();
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, STRANGER));
        vm.prank(STRANGER);
        market.close(id);
        uint32 bidId = _bid(id, TRAINER, 600);
        vm.warp(START + VOTING + BIDDING);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, TRAINER));
        vm.prank(TRAINER);
        market.close(id);
        _select(id, bidId, TRAINER, 600);
        _expectPhase(id, IModelProposals.Phase.Working);
        vm.prank(PROPOSER);
        market.close(id);
    }

    function test_cancelling_pays_once() public {
        uint256 id = _create(_new());
        vm.prank(PROPOSER);
        market.close(id);
        _expectPhase(id, IModelProposals.Phase.Closed);
        vm.prank(PROPOSER);
        market.close(id);
        vm.assertEq(market.withdrawable(PROPOSER), 600, "refund");
        vm.assertEq(market.proposalOf(id).locked, 0, "nothing locked");
        _expectPhase(7, IModelProposals.Phase.None);
        market.close(7);
    }

    function test_anyone_closes_a_rejected_proposal() public {
        uint256 id = _create(_new());
        vm.warp(START + VOTING);
        vm.expectEmit(address(market));
        emit IModelProposals.ProposalClosed(id, IModelProposals.CloseReason.Rejected, 600);
        vm.prank(STRANGER);
        market.close(id);
        vm.assertEq(market.withdrawable(PROPOSER), 600, "refund");
        vm.assertEq(market.withdrawable(STRANGER), 0, "not the caller");
    }

    function test_anyone_closes_what_nobody_bid_for_or_selected() public {
        uint256 unbid = _opened();
        vm.warp(START);
        uint256 unselected = _opened();
        _bid(unselected, TRAINER, 600);
        vm.warp(START + VOTING + BIDDING);
        vm.expectEmit(address(market));
        emit IModelProposals.ProposalClosed(unbid, IModelProposals.CloseReason.NoWinner, 600);
        vm.prank(STRANGER);
        market.close(unbid);
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.NotProposer.selector, STRANGER));
        vm.prank(STRANGER);
        market.close(unselected);
        vm.warp(START + VOTING + BIDDING + SELECTION);
        vm.prank(STRANGER);
        market.close(unselected);
        vm.assertEq(market.withdrawable(PROPOSER), 1200, "both refunds");
    }

    // Milestones

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

    // Disputes

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

    // The end

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

    // Arithmetic on random inputs

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
