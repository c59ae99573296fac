// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {ProposalFixture} from "./ProposalFixture.sol";

/// @dev Bids, and the selection of one.
contract ModelProposalsBidsTest is ProposalFixture {
    function setUp() public {
        _deployMarket();
    }

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
}
