// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ModelProposals} from "../src/ModelProposals.sol";
import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {ProposalFixture} from "./ProposalFixture.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";

contract ModelProposalsTest is ProposalFixture {
    function setUp() public {
        _deployMarket();
    }

    function _construct(IAgentStaking stake_, IERC5805 votes_, IModelProposals.Settings memory settings)
        private
    {
        new ModelProposals(address(access), rewards, votes_, stake_, settings);
    }

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
}
