// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {SubjectiveFixture} from "./SubjectiveFixture.sol";

/// @dev Does everything anybody may do, in any order, and what nobody may: that must fail.
contract DisputesHandler is SubjectiveFixture {
    uint256 public slashes;
    uint256 public opened;

    constructor() {
        _deploySubjective();
        require(token.transfer(CHALLENGER, 1e24), "no tokens");
    }

    function proposeNext() external {
        IRewardsDistributor.EpochStatus status = _status();
        if (
            status == IRewardsDistributor.EpochStatus.Proposed
                || status == IRewardsDistributor.EpochStatus.Disputed
        ) return;
        _proposeNext();
    }

    function open() external {
        bytes memory data = abi.encodeCall(disputes.open, (epoch, _context(), HASH));
        vm.prank(CHALLENGER);
        (bool ok,) = address(disputes).call(data);
        if (ok) ++opened;
    }

    function commit(uint256 attester, bool uphold) external {
        uint256 id = disputes.disputeCount();
        address voter = _attester(attester % 5);
        bytes32 hash = keccak256(abi.encode(id, voter, uphold, HASH));
        vm.prank(voter);
        try disputes.commitVote(id, hash) {} catch {}
    }

    function reveal(uint256 attester, bool uphold) external {
        uint256 id = disputes.disputeCount();
        vm.prank(_attester(attester % 5));
        try disputes.revealVote(id, uphold, HASH) {} catch {}
    }

    /// @dev A whole ballot, so that quorums are common.
    function vote(bool uphold) external {
        uint256 id = disputes.disputeCount();
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        if (dispute.epoch == 0 || dispute.outcome != IEpochDisputes.Outcome.Open) return;
        if (vm.getBlockTimestamp() >= dispute.commitEnd || disputes.commitmentOf(id, _attester(0)) != 0) {
            return;
        }
        for (uint256 i; i < 3; ++i) {
            this.commit(i, uphold);
        }
        vm.warp(dispute.commitEnd);
        for (uint256 i; i < 3; ++i) {
            this.reveal(i, uphold);
        }
    }

    function resolve(uint256 id) external {
        id = disputes.disputeCount() == 0 ? 0 : 1 + id % disputes.disputeCount();
        try disputes.resolve(id) returns (IEpochDisputes.Outcome outcome) {
            if (outcome == IEpochDisputes.Outcome.Upheld) ++slashes;
        } catch {}
    }

    function govern(uint256 id, bool uphold) external {
        id = disputes.disputeCount() == 0 ? 0 : 1 + id % disputes.disputeCount();
        try disputes.resolveByGovernance(id, uphold) returns (IEpochDisputes.Outcome outcome) {
            if (outcome == IEpochDisputes.Outcome.Upheld) ++slashes;
        } catch {}
    }

    function prove() external {
        try disputes.prove(abi.encodeCall(faults.wrongBlockHash, (epoch, _context()))) {
            ++slashes;
        } catch {}
    }

    function rejectAsGuardian() external {
        vm.prank(GUARDIAN);
        try rewards.reject(epoch, 1) {} catch {}
    }

    function activate() external {
        try rewards.activate(epoch) {} catch {}
    }

    function withdraw(bool ofTreasury) external {
        vm.prank(ofTreasury ? TREASURY : CHALLENGER);
        try disputes.withdrawBond() {} catch {}
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

    function heldEpochs() external view returns (uint256 held) {
        for (uint256 i = 1; i <= rewards.epochCount(); ++i) {
            if (rewards.epochOf(i).status == IRewardsDistributor.EpochStatus.Disputed) ++held;
        }
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
}
