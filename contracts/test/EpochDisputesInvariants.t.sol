// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {SubjectiveFixture} from "./SubjectiveFixture.sol";

/// @dev Does everything anybody may do, in any order; what may not be done then must fail for its reason.
contract DisputesHandler is SubjectiveFixture {
    enum Act {
        Proposed,
        Opened,
        Committed,
        Revealed,
        UpheldByVotes,
        DismissedByVotes,
        UpheldByGovernance,
        DismissedByGovernance,
        Undecided,
        Superseded,
        Proven,
        Rejected,
        Activated,
        Withdrawn,
        Refused
    }

    uint256 public slashes;
    /// How often each action was really done.
    mapping(Act act => uint256 times) public done;

    constructor() {
        _deploySubjective();
        require(token.transfer(CHALLENGER, 1e24), "no tokens");
    }

    function proposeNext() external {
        if (_isInFlight()) return;
        _proposeNext();
        ++done[Act.Proposed];
    }

    function open() external {
        bytes4 refusal;
        if (vm.getBlockTimestamp() >= rewards.epochOf(epoch).activatesAt) {
            refusal = IEpochDisputes.WindowClosed.selector;
        } else if (_status() != IRewardsDistributor.EpochStatus.Proposed) {
            refusal = IRewardsDistributor.WrongStatus.selector;
        }
        bytes memory data = abi.encodeCall(disputes.open, (epoch, _context(), HASH));
        _try(CHALLENGER, address(disputes), data, refusal, Act.Opened);
    }

    function commit(uint256 attester, bool uphold) external {
        _commitVote(disputes.disputeCount(), attester % 5, uphold);
    }

    function reveal(uint256 attester, bool uphold) external {
        _revealVote(disputes.disputeCount(), attester % 5, uphold);
    }

    /// @dev A whole ballot, so that quorums are common.
    function vote(bool uphold) external {
        uint256 id = disputes.disputeCount();
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        if (dispute.epoch == 0 || dispute.outcome != IEpochDisputes.Outcome.Open) return;
        if (vm.getBlockTimestamp() >= dispute.commitEnd) return;
        for (uint256 i; i < QUORUM; ++i) {
            _commitVote(id, i, uphold);
        }
        vm.warp(dispute.commitEnd);
        for (uint256 i; i < QUORUM; ++i) {
            _revealVote(id, i, uphold);
        }
    }

    function resolve(uint256 id) external {
        id = _anyDispute(id);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        bool isDecided = _isSuperseded(dispute) || _hasQuorum(dispute);
        bytes4 refusal;
        if (!_isOpen(dispute)) {
            refusal = IEpochDisputes.NotOpen.selector;
        } else if (!isDecided && vm.getBlockTimestamp() < dispute.governanceEnd) {
            refusal = IEpochDisputes.OutsidePhase.selector;
        }
        bytes memory data = abi.encodeCall(disputes.resolve, (id));
        if (!_call(STRANGER, address(disputes), data, refusal)) return;
        IEpochDisputes.Outcome outcome = disputes.disputeOf(id).outcome;
        if (outcome == IEpochDisputes.Outcome.Undecided) ++done[Act.Undecided];
        else _count(outcome, Act.UpheldByVotes, Act.DismissedByVotes);
    }

    function govern(uint256 id, bool uphold) external {
        id = _anyDispute(id);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        uint256 time = vm.getBlockTimestamp();
        bytes4 refusal;
        if (!_isOpen(dispute)) {
            refusal = IEpochDisputes.NotOpen.selector;
        } else if (time < dispute.revealEnd || time >= dispute.governanceEnd) {
            refusal = IEpochDisputes.OutsidePhase.selector;
        } else if (_hasQuorum(dispute)) {
            refusal = IEpochDisputes.DecidedByVotes.selector;
        }
        bytes memory data = abi.encodeCall(disputes.resolveByGovernance, (id, uphold));
        if (!_call(address(this), address(disputes), data, refusal)) return;
        _count(disputes.disputeOf(id).outcome, Act.UpheldByGovernance, Act.DismissedByGovernance);
    }

    function prove() external {
        bytes memory faultCall = abi.encodeCall(faults.wrongBlockHash, (epoch, _context()));
        bytes memory data = abi.encodeCall(disputes.prove, (faultCall));
        if (_try(CHALLENGER, address(disputes), data, _unlessInFlight(), Act.Proven)) ++slashes;
    }

    function rejectAsGuardian() external {
        bytes memory data = abi.encodeCall(rewards.reject, (epoch, 1));
        _try(GUARDIAN, address(rewards), data, _unlessInFlight(), Act.Rejected);
    }

    function activate() external {
        bytes4 refusal;
        if (_status() != IRewardsDistributor.EpochStatus.Proposed) {
            refusal = IRewardsDistributor.WrongStatus.selector;
        } else if (vm.getBlockTimestamp() < rewards.epochOf(epoch).activatesAt) {
            refusal = IRewardsDistributor.WindowOpen.selector;
        }
        bytes memory data = abi.encodeCall(rewards.activate, (epoch));
        _try(STRANGER, address(rewards), data, refusal, Act.Activated);
    }

    function withdraw(bool ofTreasury) external {
        address account = ofTreasury ? TREASURY : CHALLENGER;
        bytes4 refusal =
            disputes.withdrawable(account) == 0 ? IEpochDisputes.NothingToWithdraw.selector : bytes4(0);
        bytes memory data = abi.encodeCall(disputes.withdrawBond, ());
        _try(account, address(disputes), data, refusal, Act.Withdrawn);
    }

    function pass(uint32 time) external {
        vm.warp(vm.getBlockTimestamp() + time % 6 hours);
    }

    function openBonds() external view returns (uint256 bonds, uint256 open_) {
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
            if (dispute.outcome != IEpochDisputes.Outcome.Open) continue;
            bonds += dispute.bond;
            ++open_;
            IRewardsDistributor.EpochStatus status = rewards.epochOf(dispute.epoch).status;
            vm.assertTrue(
                status == IRewardsDistributor.EpochStatus.Disputed
                    || status == IRewardsDistributor.EpochStatus.Rejected,
                "an open dispute holds its epoch"
            );
        }
    }

    function balances() external view returns (uint256 held, uint256 owed) {
        held = token.balanceOf(address(disputes));
        owed = uint256(disputes.withdrawable(CHALLENGER)) + disputes.withdrawable(TREASURY);
    }

    function slashed() external view returns (uint256) {
        return uint256(staking.withdrawable(CHALLENGER)) + staking.withdrawable(TREASURY)
            + staking.withdrawable(address(this));
    }

    function slashAmount() external pure returns (uint256) {
        return SLASH;
    }

    function epochCount() external view returns (uint256) {
        return rewards.epochCount();
    }

    function disputeNumber() external view returns (uint256) {
        return disputes.disputeCount();
    }

    function heldEpochs() external view returns (uint256 held) {
        for (uint256 i = 1; i <= rewards.epochCount(); ++i) {
            if (rewards.epochOf(i).status == IRewardsDistributor.EpochStatus.Disputed) ++held;
        }
    }

    function _commitVote(uint256 id, uint256 attester, bool uphold) private {
        address voter = _attester(attester);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        bytes4 refusal;
        if (!_isOpen(dispute)) refusal = IEpochDisputes.NotOpen.selector;
        else if (vm.getBlockTimestamp() >= dispute.commitEnd) refusal = IEpochDisputes.OutsidePhase.selector;
        else if (disputes.commitmentOf(id, voter) != 0) refusal = IEpochDisputes.AlreadyCommitted.selector;
        bytes memory data = abi.encodeCall(disputes.commitVote, (id, _hashOf(id, voter, uphold)));
        _try(voter, address(disputes), data, refusal, Act.Committed);
    }

    function _revealVote(uint256 id, uint256 attester, bool uphold) private {
        address voter = _attester(attester);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        uint256 time = vm.getBlockTimestamp();
        bytes4 refusal;
        if (!_isOpen(dispute)) {
            refusal = IEpochDisputes.NotOpen.selector;
        } else if (time < dispute.commitEnd || time >= dispute.revealEnd) {
            refusal = IEpochDisputes.OutsidePhase.selector;
        } else if (disputes.commitmentOf(id, voter) != _hashOf(id, voter, uphold)) {
            refusal = IEpochDisputes.WrongReveal.selector;
        }
        bytes memory data = abi.encodeCall(disputes.revealVote, (id, uphold, HASH));
        _try(voter, address(disputes), data, refusal, Act.Revealed);
    }

    function _hashOf(uint256 id, address voter, bool uphold) private pure returns (bytes32) {
        return keccak256(abi.encode(id, voter, uphold, HASH));
    }

    function _count(IEpochDisputes.Outcome outcome, Act upheld, Act dismissed) private {
        if (outcome == IEpochDisputes.Outcome.Superseded) {
            ++done[Act.Superseded];
        } else if (outcome == IEpochDisputes.Outcome.Upheld) {
            ++done[upheld];
            ++slashes;
        } else {
            ++done[dismissed];
        }
    }

    function _try(address caller, address target, bytes memory data, bytes4 refusal, Act act)
        private
        returns (bool ok)
    {
        ok = _call(caller, target, data, refusal);
        if (ok) ++done[act];
    }

    /// @dev Passes exactly if there is no reason to refuse it, and else fails for that one.
    function _call(address caller, address target, bytes memory data, bytes4 refusal)
        private
        returns (bool ok)
    {
        vm.prank(caller);
        bytes memory reason;
        (ok, reason) = target.call(data);
        require(ok == (refusal == 0), "passed or failed against expectation");
        if (ok) return ok;
        require(bytes4(reason) == refusal, "failed for another reason");
        ++done[Act.Refused];
    }

    function _unlessInFlight() private view returns (bytes4) {
        return _isInFlight() ? bytes4(0) : IRewardsDistributor.WrongStatus.selector;
    }

    function _isInFlight() private view returns (bool) {
        IRewardsDistributor.EpochStatus status = _status();
        return status == IRewardsDistributor.EpochStatus.Proposed
            || status == IRewardsDistributor.EpochStatus.Disputed;
    }

    function _isOpen(IEpochDisputes.Dispute memory dispute) private pure returns (bool) {
        return dispute.epoch != 0 && dispute.outcome == IEpochDisputes.Outcome.Open;
    }

    function _isSuperseded(IEpochDisputes.Dispute memory dispute) private view returns (bool) {
        return rewards.epochOf(dispute.epoch).status != IRewardsDistributor.EpochStatus.Disputed;
    }

    function _hasQuorum(IEpochDisputes.Dispute memory dispute) private pure returns (bool) {
        return dispute.upholdVotes >= QUORUM || dispute.dismissVotes >= QUORUM;
    }

    function _anyDispute(uint256 id) private view returns (uint256) {
        uint256 count = disputes.disputeCount();
        return count == 0 ? 0 : 1 + id % count;
    }
}

contract EpochDisputesInvariantsTest {
    // forge-lint: disable-next-line(mixed-case-variable)
    bool public IS_TEST = true;
    DisputesHandler private handler;

    function setUp() public {
        handler = new DisputesHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_everyBondIsHeldOrOwed() external view {
        (uint256 held, uint256 owed) = handler.balances();
        (uint256 bonds,) = handler.openBonds();
        require(held == owed + bonds, "bonds");
    }

    function invariant_anEpochSlashesItsPosterAtMostOnce() external view {
        require(handler.slashes() <= handler.epochCount(), "slashes");
        require(handler.slashed() <= handler.slashes() * handler.slashAmount(), "amount");
    }

    function invariant_aHeldEpochHasAnOpenDispute() external view {
        (, uint256 open) = handler.openBonds();
        require(handler.heldEpochs() <= open, "held for nothing");
    }

    /// @dev A run in which nothing happens would prove nothing.
    function afterInvariant() external view {
        require(_done(DisputesHandler.Act.Proposed) > 0, "nothing proposed");
        require(_done(DisputesHandler.Act.Opened) > 0, "nothing disputed");
        require(_done(DisputesHandler.Act.Refused) > 0, "nothing refused");
        require(_ends() > 0, "no dispute ended");
    }

    /// @dev Every action of the handler can be done; the runs above do them in any order.
    function test_everyActionIsReached() external {
        _disputeAndVote(true);
        _disputeAndVote(false);
        handler.activate();
        _dispute();
        handler.pass(2 hours);
        handler.pass(2 hours);
        handler.govern(handler.disputeNumber() - 1, true);
        _dispute();
        handler.pass(2 hours);
        handler.pass(2 hours);
        handler.govern(handler.disputeNumber() - 1, false);
        _passDays(1);
        handler.activate();
        _dispute();
        _passDays(4);
        handler.resolve(handler.disputeNumber() - 1);
        _dispute();
        handler.prove();
        handler.resolve(handler.disputeNumber() - 1);
        handler.proposeNext();
        handler.rejectAsGuardian();
        handler.withdraw(false);
        handler.withdraw(true);
        handler.withdraw(true);
        for (uint256 i; i <= uint256(type(DisputesHandler.Act).max); ++i) {
            require(_done(DisputesHandler.Act(i)) > 0, "an action was not reached");
        }
        require(
            _done(DisputesHandler.Act.Committed) == 6 && _done(DisputesHandler.Act.Revealed) == 6, "votes"
        );
        this.invariant_everyBondIsHeldOrOwed();
        this.invariant_anEpochSlashesItsPosterAtMostOnce();
        this.invariant_aHeldEpochHasAnOpenDispute();
    }

    function _dispute() private {
        handler.proposeNext();
        handler.open();
    }

    function _disputeAndVote(bool uphold) private {
        _dispute();
        handler.vote(uphold);
        handler.resolve(handler.disputeNumber() - 1);
        if (!uphold) _passDays(1);
    }

    function _passDays(uint256 count) private {
        for (uint256 i; i < 5 * count; ++i) {
            handler.pass(5 hours);
        }
    }

    function _ends() private view returns (uint256) {
        return _done(DisputesHandler.Act.UpheldByVotes) + _done(DisputesHandler.Act.DismissedByVotes)
            + _done(DisputesHandler.Act.UpheldByGovernance) + _done(DisputesHandler.Act.DismissedByGovernance)
            + _done(DisputesHandler.Act.Undecided) + _done(DisputesHandler.Act.Superseded);
    }

    function _done(DisputesHandler.Act act) private view returns (uint256) {
        return handler.done(act);
    }
}
