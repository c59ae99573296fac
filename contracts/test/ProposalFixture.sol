// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {ModelProposals} from "../src/ModelProposals.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @dev OpenZeppelin's checkpoints on a timestamp clock, as ContributionVotes keeps them; anyone may mint.
contract OpenVotes is Votes {
    mapping(address account => uint256 units) private _units;

    constructor() EIP712("OpenVotes", "1") {}

    function mint(address account, uint256 units) external {
        if (delegates(account) == address(0)) _delegate(account, account);
        _units[account] += units;
        _transferVotingUnits(address(0), account, units);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // forge-lint: disable-next-line(mixed-case-function)
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _units[account];
    }
}

/// @dev The market with one proposer, four voters and two trainers; the test itself is admin and governance.
abstract contract ProposalFixture is TestBase {
    uint64 internal constant VOTING = 3 days;
    uint64 internal constant BIDDING = 5 days;
    uint64 internal constant SELECTION = 2 days;
    uint64 internal constant REVIEW = 4 days;
    uint64 internal constant GOVERNANCE = 6 days;
    uint64 internal constant START = 1_000_000;
    uint64 internal constant DEADLINE = START + 30 days;
    uint16 internal constant QUORUM_BPS = 2500;
    uint128 internal constant MIN_BOUNTY = 50;
    uint128 internal constant MIN_STAKE = 500;
    address internal constant PROPOSER = address(0x0a01);
    address internal constant TRAINER = address(0x0a02);
    address internal constant RIVAL = address(0x0a03);
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    bytes32 internal constant SPEC = keccak256("specification");
    bytes32 internal constant PLAN = keccak256("plan");
    bytes32 internal constant ARTEFACT = keccak256("artefact");
    bytes32 internal constant EVIDENCE = keccak256("evidence");

    ProvenantAccess internal access;
    IERC20 internal token;
    OpenVotes internal votes;
    AgentStaking internal staking;
    RewardsDistributor internal rewards;
    ModelProposals internal market;
    address[4] internal voters = [address(0x0b01), address(0x0b02), address(0x0b03), address(0x0b04)];

    function _deployMarket() internal {
        _deployMarket(new ProvenantToken(address(this), 1e27));
    }

    function _deployMarket(IERC20 token_) internal {
        vm.warp(START - 10);
        access = new ProvenantAccess(address(this));
        token = token_;
        votes = new OpenVotes();
        // 1,000 votes in all: the quorum of 25 % is 250.
        for (uint256 i; i < 4; ++i) {
            votes.mint(voters[i], 100 * (i + 1));
        }
        staking = new AgentStaking(address(access), token_, 1 days, address(this));
        token.approve(address(staking), 2 * MIN_STAKE);
        staking.stake(TRAINER, MIN_STAKE);
        staking.stake(RIVAL, MIN_STAKE);
        require(token.transfer(PROPOSER, 1e18), "not paid");
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        IRewardsDistributor.Payees memory payees = IRewardsDistributor.Payees(STRANGER, STRANGER);
        _deployMarketOn(new RewardsDistributor(address(access), token_, staking, 1 days, 0, payees));
        vm.warp(START);
    }

    function _deployMarketOn(RewardsDistributor rewards_) internal {
        rewards = rewards_;
        market = new ModelProposals(address(access), rewards_, IERC5805(address(votes)), staking, _settings());
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = market.setPaused.selector;
        access.setTargetFunctionRole(address(market), selectors, access.GUARDIAN());
        vm.prank(PROPOSER);
        token.approve(address(market), type(uint256).max);
    }

    function _settings() internal pure returns (IModelProposals.Settings memory) {
        return IModelProposals.Settings({
            votingPeriod: VOTING,
            biddingPeriod: BIDDING,
            selectionPeriod: SELECTION,
            reviewPeriod: REVIEW,
            governancePeriod: GOVERNANCE,
            quorumBps: QUORUM_BPS,
            minBounty: MIN_BOUNTY,
            minStake: MIN_STAKE
        });
    }

    /// @dev Milestones of 100, 200 and 300; a tenth of every payout is the contributors'.
    function _new() internal pure returns (IModelProposals.NewProposal memory proposal) {
        proposal.specHash = SPEC;
        proposal.uri = "ipfs://specification";
        proposal.deadline = DEADLINE;
        proposal.contributorsBps = 1000;
        proposal.milestones = new uint128[](3);
        proposal.milestones[0] = 100;
        proposal.milestones[1] = 200;
        proposal.milestones[2] = 300;
    }

    function _create(IModelProposals.NewProposal memory proposal) internal returns (uint256 id) {
        vm.prank(PROPOSER);
        id = market.create(proposal);
    }

    function _vote(uint256 id, uint256 voter, bool support) internal {
        vm.prank(voters[voter]);
        market.castVote(id, support);
    }

    /// @dev A new proposal that may be bid for.
    function _opened() internal returns (uint256 id) {
        id = _create(_new());
        _vote(id, 3, true);
        vm.warp(START + VOTING);
    }

    function _bid(uint256 id, address bidder, uint128 price) internal returns (uint32 bidId) {
        vm.prank(bidder);
        bidId = market.bid(id, price, PLAN);
    }

    function _select(uint256 id, uint32 bidId, address bidder, uint128 price) internal {
        vm.prank(PROPOSER);
        market.select(id, bidId, IModelProposals.Bid(bidder, price, PLAN));
    }

    /// @dev A new proposal that TRAINER works at for `price`.
    function _working(uint128 price) internal returns (uint256 id) {
        id = _opened();
        uint32 bidId = _bid(id, TRAINER, price);
        vm.warp(START + VOTING + BIDDING);
        _select(id, bidId, TRAINER, price);
    }

    function _deliver(uint256 id, uint8 milestone) internal {
        vm.prank(TRAINER);
        market.deliver(id, milestone, ARTEFACT);
    }

    function _delivered() internal returns (uint256 id) {
        id = _working(600);
        _deliver(id, 1);
    }

    function _dispute(uint256 id, uint8 milestone) internal {
        vm.prank(PROPOSER);
        market.dispute(id, milestone, EVIDENCE);
    }

    function _later(uint64 duration) internal {
        vm.warp(vm.getBlockTimestamp() + duration);
    }

    function _requirePhase(uint256 id, IModelProposals.Phase phase, string memory what) internal view {
        vm.assertEq(uint256(market.phaseOf(id)), uint256(phase), what);
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectPhase(uint256 id, IModelProposals.Phase phase) internal {
        vm.expectRevert(abi.encodeWithSelector(IModelProposals.WrongPhase.selector, id, phase));
    }

    function _expectStatus(uint256 id, uint8 milestone, IModelProposals.MilestoneStatus status) internal {
        vm.expectRevert(
            abi.encodeWithSelector(IModelProposals.WrongMilestoneStatus.selector, id, milestone, status)
        );
    }
}
