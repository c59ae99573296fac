// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochDisputes} from "../../src/interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "../../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../../src/interfaces/IRewardsDistributor.sol";
import {OrderedTree} from "../OrderedTree.sol";
import {EpochHandler} from "./EpochHandler.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @dev Disputes and fault proofs about the epoch in flight, just and unjust ones.
abstract contract DisputeHandler is EpochHandler {
    mapping(uint256 disputeId => mapping(address attester => bool uphold)) private _votes;

    /// @dev A dispute from its beginning to some end, which the votes decide or leave open.
    function runDispute(uint256 kind, uint256 i, uint8 votes, uint8 voters) external {
        earn(i, votes);
        propose(kind, i, votes);
        openDispute(i);
        for (uint256 k; k < ATTESTERS; ++k) {
            if (voters & (1 << k) != 0) commitVote(k, votes & (1 << k) != 0);
        }
        revealVotes();
        resolveDispute();
    }

    function openDispute(uint256 i) public {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        bytes memory data = abi.encodeCall(disputes.open, (epoch, _context(), DATA_HASH));
        if (vm.getBlockTimestamp() >= rewards.epochOf(epoch).activatesAt) {
            _refusedDispute(challengerOf(i), data, IEpochDisputes.WindowClosed.selector);
        } else if (_isDisputed(epoch)) {
            _refusedDispute(challengerOf(i), data, IRewardsDistributor.WrongStatus.selector);
        } else {
            vm.prank(challengerOf(i));
            disputes.open(epoch, _context(), DATA_HASH);
            bonds += CHALLENGER_BOND;
        }
    }

    function commitVote(uint256 i, bool uphold) public {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        address attester = _attester(i % ATTESTERS);
        if (!_isOpen(dispute) || vm.getBlockTimestamp() >= dispute.commitEnd) return;
        if (disputes.commitmentOf(id, attester) != 0) return;
        _votes[id][attester] = uphold;
        vm.prank(attester);
        disputes.commitVote(id, _ballot(id, attester, uphold));
    }

    function revealVotes() public {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        if (!_isOpen(dispute)) return;
        if (vm.getBlockTimestamp() < dispute.commitEnd) vm.warp(dispute.commitEnd);
        for (uint256 i; i < ATTESTERS; ++i) {
            address attester = _attester(i);
            if (disputes.commitmentOf(id, attester) == 0) continue;
            bool uphold = _votes[id][attester];
            bytes memory wrong = abi.encodeCall(disputes.revealVote, (id, !uphold, DATA_HASH));
            if (vm.getBlockTimestamp() >= dispute.revealEnd) {
                _refusedDispute(attester, wrong, IEpochDisputes.OutsidePhase.selector);
                continue;
            }
            _refusedDispute(attester, wrong, IEpochDisputes.WrongReveal.selector);
            vm.prank(attester);
            disputes.revealVote(id, uphold, DATA_HASH);
        }
    }

    function resolveDispute() public {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        if (!_isOpen(dispute)) return;
        IEpochDisputes.Outcome expected = _expectedOutcome(dispute);
        if (expected == IEpochDisputes.Outcome.Open) {
            _refusedDispute(
                STRANGER, abi.encodeCall(disputes.resolve, (id)), IEpochDisputes.OutsidePhase.selector
            );
            return;
        }
        uint128 stake = staking.slashableOf(POSTER);
        vm.prank(STRANGER);
        require(disputes.resolve(id) == expected, "another outcome");
        _requireSlashed(stake, expected == IEpochDisputes.Outcome.Upheld);
    }

    function letGovernanceDecide(bool uphold) external {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        if (!_isOpen(dispute) || _expectedOutcome(dispute) != IEpochDisputes.Outcome.Open) return;
        bytes memory data = abi.encodeCall(disputes.resolveByGovernance, (id, uphold));
        if (vm.getBlockTimestamp() < dispute.revealEnd) {
            _refusedDispute(address(this), data, IEpochDisputes.OutsidePhase.selector);
            vm.warp(dispute.revealEnd);
        }
        _refusedDispute(GUARDIAN, data, IAccessManaged.AccessManagedUnauthorized.selector);
        uint128 stake = staking.slashableOf(POSTER);
        disputes.resolveByGovernance(id, uphold);
        _requireSlashed(stake, uphold);
    }

    function letNobodyDecide() external {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        if (!_isOpen(dispute) || _expectedOutcome(dispute) != IEpochDisputes.Outcome.Open) return;
        vm.warp(dispute.governanceEnd);
        uint128 stake = staking.slashableOf(POSTER);
        require(disputes.resolve(id) == IEpochDisputes.Outcome.Undecided, "another outcome");
        _requireSlashed(stake, false);
    }

    /// @dev Lies are proven by the last leaf, which ends past what the epoch declares; the truth is not.
    function proveFault(uint256 i) external {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        bytes memory data = abi.encodeCall(disputes.prove, (_sumMismatch(epoch)));
        if (!isLie) {
            _refusedDispute(challengerOf(i), data, IEpochFaults.NoFault.selector);
            return;
        }
        uint128 stake = staking.slashableOf(POSTER);
        vm.prank(challengerOf(i));
        (bool ok,) = address(disputes).call(data);
        require(ok, "a fault was not proven");
        _requireSlashed(stake, true);
        require(_inFlight() == 0, "a faulty epoch goes on");
    }

    function withdrawBond(uint256 who) external {
        address account = who % 3 == 2 ? TREASURY : challengerOf(who);
        uint128 waiting = disputes.withdrawable(account);
        if (waiting == 0) {
            _refusedDispute(
                account, abi.encodeCall(disputes.withdrawBond, ()), IEpochDisputes.NothingToWithdraw.selector
            );
            return;
        }
        uint256 before = token.balanceOf(account);
        vm.prank(account);
        disputes.withdrawBond();
        require(token.balanceOf(account) - before == waiting, "bond not paid");
        bondsPaid += waiting;
    }

    function attackActivateDisputed() external {
        uint256 epoch = _inFlight();
        if (epoch == 0 || !_isDisputed(epoch)) return;
        _refusedBy(
            POSTER, abi.encodeCall(rewards.activate, (epoch)), IRewardsDistributor.WrongStatus.selector
        );
    }

    function attackVote(uint256 i) external {
        (uint256 id, IEpochDisputes.Dispute memory dispute) = _last();
        if (!_isOpen(dispute)) return;
        _refusedDispute(
            POSTER, abi.encodeCall(disputes.commitVote, (id, DATA_HASH)), IEpochDisputes.NotAttester.selector
        );
        address attester = _attester(i % ATTESTERS);
        if (vm.getBlockTimestamp() >= dispute.commitEnd) return;
        if (disputes.commitmentOf(id, attester) == 0) return;
        _refusedDispute(
            attester,
            abi.encodeCall(disputes.commitVote, (id, DATA_HASH)),
            IEpochDisputes.AlreadyCommitted.selector
        );
    }

    function attackForeignContext(uint256 i) external {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        IEpochFaults.Context memory context = _context();
        context.poster = challengerOf(i);
        _refusedDispute(
            challengerOf(i),
            abi.encodeCall(disputes.open, (epoch, context, DATA_HASH)),
            IEpochDisputes.WrongContext.selector
        );
    }

    /// @dev Bonds of disputes that have not ended.
    function heldBonds() external view returns (uint256 held) {
        for (uint256 id = 1; id <= disputes.disputeCount(); ++id) {
            IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
            if (dispute.outcome == IEpochDisputes.Outcome.Open) held += dispute.bond;
        }
    }

    function _last() private view returns (uint256 id, IEpochDisputes.Dispute memory dispute) {
        id = disputes.disputeCount();
        dispute = disputes.disputeOf(id);
    }

    function _isOpen(IEpochDisputes.Dispute memory dispute) private pure returns (bool) {
        return dispute.epoch != 0 && dispute.outcome == IEpochDisputes.Outcome.Open;
    }

    /// @dev What `resolve` must come to now; `Open` if it must wait.
    function _expectedOutcome(IEpochDisputes.Dispute memory dispute)
        private
        view
        returns (IEpochDisputes.Outcome)
    {
        if (!_isDisputed(dispute.epoch)) return IEpochDisputes.Outcome.Superseded;
        if (dispute.upholdVotes >= QUORUM) return IEpochDisputes.Outcome.Upheld;
        if (dispute.dismissVotes >= QUORUM) return IEpochDisputes.Outcome.Dismissed;
        if (vm.getBlockTimestamp() >= dispute.governanceEnd) return IEpochDisputes.Outcome.Undecided;
        return IEpochDisputes.Outcome.Open;
    }

    function _requireSlashed(uint128 before, bool slashed) private view {
        uint128 expected = slashed ? (before < SLASH ? before : SLASH) : 0;
        require(staking.slashableOf(POSTER) == before - expected, "another slash");
    }

    function _ballot(uint256 id, address attester, bool uphold) private pure returns (bytes32) {
        return keccak256(abi.encode(id, attester, uphold, DATA_HASH));
    }

    function _sumMismatch(uint256 epoch) private view returns (bytes memory) {
        uint256 i = ACCOUNTS - 1;
        IEpochFaults.RewardProof[] memory leaves = new IEpochFaults.RewardProof[](1);
        leaves[0] = IEpochFaults.RewardProof(
            accountOf(i),
            uint128(proposed[i]),
            _before(proposed, i),
            uint32(i),
            OrderedTree.proofOf(_leaves(proposed), i)
        );
        return abi.encodeCall(IEpochFaults.sumMismatch, (epoch, _context(), leaves));
    }

    function _refusedDispute(address caller, bytes memory data, bytes4 selector) private {
        _refused(caller, address(disputes), data, selector);
    }
}
