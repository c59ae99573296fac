// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ModelProposals} from "../src/ModelProposals.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {OpenVotes, ProposalFixture} from "./ProposalFixture.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

/// @dev The vote, and how a proposal ends before somebody was selected.
contract ModelProposalsVotesTest is ProposalFixture {
    function setUp() public {
        _deployMarket();
    }

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
}
