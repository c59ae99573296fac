// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ModelProposals} from "../src/ModelProposals.sol";
import {IModelProposals} from "../src/interfaces/IModelProposals.sol";
import {TestBase} from "./Base.sol";
import {ProposalFixture} from "./ProposalFixture.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev Random lives of many proposals at once; every attack must fail for the right reason.
contract ProposalHandler is ProposalFixture {
    uint256 public created;
    uint256 public bounties;
    uint256 public withdrawn;
    uint256 public funded;
    address[2] public trainers = [TRAINER, RIVAL];

    mapping(uint256 id => IModelProposals.Bid[] bids) private _bids;

    /// @dev Starts with a proposal in work and one to select for: random steps alone get there too rarely.
    constructor() {
        _deployMarket();
        for (uint256 i; i < 2; ++i) {
            created = _create(_new());
            bounties += 600;
            _vote(created, 3, true);
        }
        _later(VOTING);
        for (uint256 id = 1; id <= 2; ++id) {
            _bid(id, TRAINER, 500);
            _bids[id].push(IModelProposals.Bid(TRAINER, 500, PLAN));
        }
        _later(BIDDING);
        _select(1, 1, TRAINER, 500);
    }

    function contracts() external view returns (address, address, address) {
        return (address(market), address(token), address(rewards));
    }

    function accounts() external pure returns (address[3] memory) {
        return [PROPOSER, TRAINER, RIVAL];
    }

    function create(uint128[4] memory parts, uint16 bps) external {
        IModelProposals.NewProposal memory p = _new();
        p.milestones = new uint128[](4);
        for (uint256 i; i < 4; ++i) {
            p.milestones[i] = uint128(bound(parts[i], MIN_BOUNTY, 1e12));
            bounties += p.milestones[i];
        }
        p.contributorsBps = uint16(bound(bps, 0, 10_000));
        p.deadline = uint64(vm.getBlockTimestamp()) + 15 days;
        created = _create(p);
    }

    function castVote(uint256 id, uint256 voter, uint8 against) external {
        id = _idIn(id, IModelProposals.Phase.Voting);
        if (id == 0 || market.hasVoted(id, voters[voter % 4])) return;
        _vote(id, voter % 4, against % 4 != 0);
    }

    function bid(uint256 id, uint256 trainer, uint128 price) external {
        id = _idIn(id, IModelProposals.Phase.Bidding);
        if (id == 0) return;
        price = uint128(bound(price, 1, market.proposalOf(id).bounty));
        _bid(id, trainers[trainer % 2], price);
        _bids[id].push(IModelProposals.Bid(trainers[trainer % 2], price, PLAN));
    }

    function select(uint256 id, uint256 which) external {
        id = _idIn(id, IModelProposals.Phase.Selecting);
        if (id == 0) return;
        which = which % _bids[id].length;
        vm.prank(PROPOSER);
        market.select(id, uint32(which + 1), _bids[id][which]);
    }

    function close(uint256 id) external {
        if (created == 0) return;
        id = id % created + 1;
        IModelProposals.Phase phase = market.phaseOf(id);
        if (phase == IModelProposals.Phase.Rejected || phase == IModelProposals.Phase.Expired) {
            vm.prank(STRANGER);
            market.close(id);
        } else if (phase == IModelProposals.Phase.Selecting) {
            vm.prank(PROPOSER);
            market.close(id);
        }
    }

    function deliver(uint256 id, uint8 milestone) external {
        id = _idIn(id, IModelProposals.Phase.Working);
        if (id == 0) return;
        milestone %= market.proposalOf(id).milestones;
        if (market.proposalOf(id).deadline < vm.getBlockTimestamp()) return;
        if (market.milestoneOf(id, milestone).status != IModelProposals.MilestoneStatus.Pending) return;
        vm.prank(market.proposalOf(id).winner);
        market.deliver(id, milestone, ARTEFACT);
    }

    function release(uint256 id, uint8 milestone) external {
        milestone %= 4;
        id = _idWith(id, milestone, IModelProposals.MilestoneStatus.Delivered);
        if (id == 0) return;
        bool over = market.milestoneOf(id, milestone).since + REVIEW <= vm.getBlockTimestamp();
        vm.prank(over ? STRANGER : PROPOSER);
        market.release(id, milestone);
    }

    function dispute(uint256 id, uint8 milestone) external {
        milestone %= 4;
        id = _idWith(id, milestone, IModelProposals.MilestoneStatus.Delivered);
        if (id == 0) return;
        if (market.milestoneOf(id, milestone).since + REVIEW <= vm.getBlockTimestamp()) return;
        _dispute(id, milestone);
    }

    function decide(uint256 id, uint8 milestone, uint16 winnerBps) external {
        milestone %= 4;
        id = _idWith(id, milestone, IModelProposals.MilestoneStatus.Disputed);
        if (id == 0) return;
        if (market.milestoneOf(id, milestone).since + GOVERNANCE <= vm.getBlockTimestamp()) {
            market.resolve(id, milestone);
        } else {
            market.decide(id, milestone, uint16(bound(winnerBps, 0, 10_000)));
        }
    }

    function reclaim(uint256 id, bool resign) external {
        id = _idIn(id, IModelProposals.Phase.Working);
        if (id == 0) return;
        IModelProposals.Proposal memory p = market.proposalOf(id);
        if (!resign && vm.getBlockTimestamp() <= p.deadline) return;
        vm.prank(resign ? p.winner : STRANGER);
        market.reclaim(id);
    }

    function withdraw(uint256 who) external {
        address account = [PROPOSER, TRAINER, RIVAL][who % 3];
        if (market.withdrawable(account) == 0) return;
        vm.prank(account);
        withdrawn += market.withdraw(STRANGER);
    }

    function fundContributors() external {
        uint128 pending = market.contributorsPending();
        if (pending == 0) return;
        market.fundContributors();
        funded += pending;
    }

    function wait(uint64 duration) external {
        _later(uint64(bound(duration, 1, 4 days)));
    }

    function attackVoteTwice(uint256 id, uint256 voter) external {
        id = _idIn(id, IModelProposals.Phase.Voting);
        if (id == 0 || !market.hasVoted(id, voters[voter % 4])) return;
        vm.prank(voters[voter % 4]);
        try market.castVote(id, true) {
            revert("voted twice");
        } catch (bytes memory reason) {
            _requireReason(reason, IModelProposals.AlreadyVoted.selector);
        }
    }

    function attackSettleTwice(uint256 id, uint8 milestone, uint256 how) external {
        milestone %= 4;
        id = _idWith(id, milestone, IModelProposals.MilestoneStatus.Settled);
        if (id == 0) return;
        bytes[4] memory calls = [
            abi.encodeCall(market.release, (id, milestone)),
            abi.encodeCall(market.decide, (id, milestone, 10_000)),
            abi.encodeCall(market.resolve, (id, milestone)),
            abi.encodeCall(market.dispute, (id, milestone, EVIDENCE))
        ];
        if (how % 4 != 1) vm.prank(PROPOSER);
        (bool done, bytes memory reason) = address(market).call(calls[how % 4]);
        require(!done, "settled twice");
        _requireReason(reason, IModelProposals.WrongMilestoneStatus.selector);
    }

    function attackReleaseEarly(uint256 id, uint8 milestone) external {
        milestone %= 4;
        id = _idWith(id, milestone, IModelProposals.MilestoneStatus.Delivered);
        if (id == 0) return;
        if (market.milestoneOf(id, milestone).since + REVIEW <= vm.getBlockTimestamp()) return;
        vm.prank(market.proposalOf(id).winner);
        try market.release(id, milestone) {
            revert("released without the proposer");
        } catch (bytes memory reason) {
            _requireReason(reason, IModelProposals.ReviewOpen.selector);
        }
    }

    function attackReclaimEarly(uint256 id) external {
        id = _idIn(id, IModelProposals.Phase.Working);
        if (id == 0 || vm.getBlockTimestamp() > market.proposalOf(id).deadline) return;
        vm.prank(PROPOSER);
        try market.reclaim(id) {
            revert("reclaimed before the deadline");
        } catch (bytes memory reason) {
            _requireReason(reason, IModelProposals.DeadlineOpen.selector);
        }
    }

    function attackCloseForOthers(uint256 id, uint256 which) external {
        IModelProposals.Phase[3] memory phases =
            [IModelProposals.Phase.Voting, IModelProposals.Phase.Bidding, IModelProposals.Phase.Selecting];
        id = _idIn(id, phases[which % 3]);
        if (id == 0) return;
        vm.prank(TRAINER);
        try market.close(id) {
            revert("closed for somebody else");
        } catch (bytes memory reason) {
            _requireReason(reason, IModelProposals.NotProposer.selector);
        }
    }

    function attackCloseTwice(uint256 id) external {
        id = _idIn(id, IModelProposals.Phase.Closed);
        if (id == 0) return;
        vm.prank(PROPOSER);
        try market.close(id) {
            revert("closed twice");
        } catch (bytes memory reason) {
            _requireReason(reason, IModelProposals.WrongPhase.selector);
        }
    }

    /// @dev The first proposal at or after a random one that is in `phase`; zero if none is.
    function _idIn(uint256 start, IModelProposals.Phase phase) private view returns (uint256) {
        for (uint256 i; i < created; ++i) {
            uint256 id = (start % created + i) % created + 1;
            if (market.phaseOf(id) == phase) return id;
        }
        return 0;
    }

    function _idWith(uint256 start, uint8 milestone, IModelProposals.MilestoneStatus status)
        private
        view
        returns (uint256)
    {
        for (uint256 i; i < created; ++i) {
            uint256 id = (start % created + i) % created + 1;
            if (market.milestoneOf(id, milestone).status == status) return id;
        }
        return 0;
    }

    function _requireReason(bytes memory reason, bytes4 expected) private pure {
        require(bytes4(reason) == expected, "failed for another reason");
    }
}

contract ModelProposalsInvariantsTest is TestBase {
    ProposalHandler private handler;
    ModelProposals private market;
    IERC20 private token;
    address private rewards;

    function setUp() public {
        handler = new ProposalHandler();
        (address market_, address token_, address rewards_) = handler.contracts();
        market = ModelProposals(market_);
        token = IERC20(token_);
        rewards = rewards_;
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_every_token_is_owed_to_exactly_one() public view {
        uint256 owed = market.contributorsPending();
        address[3] memory accounts = handler.accounts();
        for (uint256 i; i < accounts.length; ++i) {
            owed += market.withdrawable(accounts[i]);
        }
        for (uint256 id = 1; id <= handler.created(); ++id) {
            owed += market.proposalOf(id).locked;
        }
        vm.assertEq(token.balanceOf(address(market)), owed, "balance == obligations");
        vm.assertEq(handler.bounties(), owed + handler.withdrawn() + handler.funded(), "nothing is lost");
        vm.assertEq(market.contributorsFunded(), handler.funded(), "funded what was announced");
        vm.assertEq(token.balanceOf(rewards), handler.funded(), "and it arrived");
    }

    function invariant_locked_is_what_the_open_milestones_are_worth() public view {
        for (uint256 id = 1; id <= handler.created(); ++id) {
            IModelProposals.Proposal memory p = market.proposalOf(id);
            uint256 open;
            for (uint8 i; i < p.milestones; ++i) {
                IModelProposals.Milestone memory part = market.milestoneOf(id, i);
                if (part.status != IModelProposals.MilestoneStatus.Settled) open += part.amount;
            }
            if (p.winner != address(0) || p.locked > 0) vm.assertEq(p.locked, open, "locked");
        }
    }
}
