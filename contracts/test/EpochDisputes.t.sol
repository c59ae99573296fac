// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochDisputes} from "../src/EpochDisputes.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {SubjectiveFixture} from "./SubjectiveFixture.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

contract EpochDisputesTest is SubjectiveFixture {
    function setUp() public {
        _deploySubjective();
    }

    function test_openingHoldsTheEpochAndTakesTheBond() public {
        uint256 before = token.balanceOf(CHALLENGER);
        uint64 time = uint64(vm.getBlockTimestamp());
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.DisputeOpened(
            1, epoch, CHALLENGER, CHALLENGER_BOND, HASH, time + COMMIT, time + COMMIT + REVEAL
        );
        uint256 id = _open();
        vm.assertEq(id, 1, "id");
        vm.assertEq(before - token.balanceOf(CHALLENGER), CHALLENGER_BOND, "bond");
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Disputed, "held");
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(1);
        vm.assertEq(dispute.challenger, CHALLENGER, "challenger");
        vm.assertEq(dispute.poster, POSTER, "poster");
        vm.assertEq(dispute.governanceEnd, time + COMMIT + REVEAL + GOVERNANCE, "governanceEnd");
        vm.warp(time + WINDOW);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.WrongStatus.selector, epoch, IRewardsDistributor.EpochStatus.Disputed
            )
        );
        rewards.activate(epoch);
    }

    function test_openingEndsWithTheWindow() public {
        uint64 activatesAt = rewards.epochOf(epoch).activatesAt;
        vm.warp(activatesAt);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.WindowClosed.selector, epoch, activatesAt));
        _open();
        vm.warp(activatesAt - 1);
        _open();
    }

    function test_openingNeedsTheContextOfTheEpoch() public {
        IEpochFaults.Context memory context = _context();
        context.poster = STRANGER;
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.WrongContext.selector, epoch));
        vm.prank(CHALLENGER);
        disputes.open(epoch, context, HASH);
        context = _context();
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.WrongContext.selector, epoch + 1));
        vm.prank(CHALLENGER);
        disputes.open(epoch + 1, context, HASH);
    }

    function test_anEpochHasOneOpenDispute() public {
        _open();
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.WrongStatus.selector, epoch, IRewardsDistributor.EpochStatus.Disputed
            )
        );
        _open();
    }

    function test_aRejectedOrActiveEpochCannotBeDisputed() public {
        vm.prank(GUARDIAN);
        rewards.reject(epoch, 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.WrongStatus.selector, epoch, IRewardsDistributor.EpochStatus.Rejected
            )
        );
        _open();
    }

    function test_enoughVotesForUpholdRejectSlashAndReturnTheBond() public {
        uint256 id = _open();
        _vote(id, 3, 2);
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.DisputeResolved(id, epoch, uint8(IEpochDisputes.Outcome.Upheld));
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(epoch, 1100);
        disputes.resolve(id);
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Rejected, "rejected");
        uint128 reward = SLASH * WINNER_BPS / 10_000;
        vm.assertEq(staking.slashableOf(POSTER), BOND - SLASH, "slashed");
        vm.assertEq(staking.withdrawable(CHALLENGER), reward, "the winner's");
        vm.assertEq(staking.withdrawable(TREASURY), SLASH - reward, "the treasury's");
        vm.assertEq(disputes.withdrawable(CHALLENGER), CHALLENGER_BOND, "bond back");
        uint256 before = token.balanceOf(CHALLENGER);
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.BondWithdrawn(CHALLENGER, CHALLENGER_BOND);
        vm.prank(CHALLENGER);
        disputes.withdrawBond();
        vm.prank(CHALLENGER);
        staking.withdrawReward();
        vm.assertEq(token.balanceOf(CHALLENGER) - before, CHALLENGER_BOND + reward, "paid");
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.NothingToWithdraw.selector, CHALLENGER));
        vm.prank(CHALLENGER);
        disputes.withdrawBond();
        _expectNotOpen(id, IEpochDisputes.Outcome.Upheld);
        disputes.resolve(id);
    }

    function test_enoughVotesAgainstLetTheEpochGoOnAndForfeitTheBond() public {
        uint256 id = _open();
        _vote(id, 2, 3);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochDisputed(epoch, false);
        disputes.resolve(id);
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Proposed, "goes on");
        vm.assertEq(staking.slashableOf(POSTER), BOND, "nobody slashed");
        vm.assertEq(disputes.withdrawable(CHALLENGER), 0, "no bond");
        vm.assertEq(disputes.withdrawable(TREASURY), CHALLENGER_BOND, "the treasury's");
        vm.warp(rewards.epochOf(epoch).activatesAt);
        rewards.activate(epoch);
        vm.prank(TREASURY);
        disputes.withdrawBond();
        vm.assertEq(token.balanceOf(TREASURY), CHALLENGER_BOND, "paid");
        vm.assertEq(token.balanceOf(address(disputes)), 0, "nothing left");
    }

    function test_anotherDisputeIsPossibleUntilTheWindowEndsAndCostsAnotherBond() public {
        _vote(_open(), 0, 3);
        disputes.resolve(1);
        vm.assertEq(_open(), 2, "a second dispute");
        _vote(2, 0, 3);
        disputes.resolve(2);
        vm.assertEq(disputes.withdrawable(TREASURY), 2 * CHALLENGER_BOND, "two bonds");
        vm.warp(rewards.epochOf(epoch).activatesAt);
        vm.expectRevert(
            abi.encodeWithSelector(
                IEpochDisputes.WindowClosed.selector, epoch, rewards.epochOf(epoch).activatesAt
            )
        );
        _open();
    }

    function test_resolvingNeedsTheQuorumOrTheEndOfGovernance() public {
        uint256 id = _open();
        _vote(id, 2, 2);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        _expectPhase(dispute.governanceEnd, type(uint64).max);
        disputes.resolve(id);
        vm.warp(dispute.governanceEnd - 1);
        _expectPhase(dispute.governanceEnd, type(uint64).max);
        disputes.resolve(id);
        vm.warp(dispute.governanceEnd);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(epoch, 1101);
        disputes.resolve(id);
        vm.assertTrue(disputes.disputeOf(id).outcome == IEpochDisputes.Outcome.Undecided, "undecided");
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Rejected, "rejected, to be safe");
        vm.assertEq(staking.slashableOf(POSTER), BOND, "nobody slashed");
        vm.assertEq(disputes.withdrawable(CHALLENGER), CHALLENGER_BOND, "bond back");
    }

    function test_thePreviousRootStaysClaimableWhileAnEpochIsHeld() public {
        vm.warp(rewards.epochOf(epoch).activatesAt);
        rewards.activate(epoch);
        _proposeNext();
        _open();
        vm.assertEq(rewards.claim(ACCOUNT, _claim()), EARNED, "paid");
        vm.warp(vm.getBlockTimestamp() + COMMIT + REVEAL + GOVERNANCE);
        disputes.resolve(1);
        vm.assertEq(rewards.activeEpoch(), 1, "the first stays active");
    }

    function test_governanceDecidesOnlyBetweenTheVotesAndTheEnd() public {
        uint256 id = _open();
        _vote(id, 2, 1);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(id);
        vm.warp(dispute.revealEnd - 1);
        _expectPhase(dispute.revealEnd, dispute.governanceEnd);
        disputes.resolveByGovernance(id, true);
        vm.warp(dispute.governanceEnd);
        _expectPhase(dispute.revealEnd, dispute.governanceEnd);
        disputes.resolveByGovernance(id, true);
        vm.warp(dispute.governanceEnd - 1);
        _expectSlash(bytes32("dispute") | bytes32(id), SLASH, uint128(uint256(SLASH) * WINNER_BPS / 10_000));
        disputes.resolveByGovernance(id, true);
        vm.assertTrue(disputes.disputeOf(id).outcome == IEpochDisputes.Outcome.Upheld, "upheld");
        vm.assertEq(staking.slashableOf(POSTER), BOND - SLASH, "slashed");
        _expectNotOpen(id, IEpochDisputes.Outcome.Upheld);
        disputes.resolveByGovernance(id, false);
    }

    function test_governanceDismissesFromTheEndOfTheVotes() public {
        uint256 id = _open();
        vm.warp(disputes.disputeOf(id).revealEnd);
        disputes.resolveByGovernance(id, false);
        vm.assertTrue(_status() == IRewardsDistributor.EpochStatus.Proposed, "goes on");
        vm.assertEq(disputes.withdrawable(TREASURY), CHALLENGER_BOND, "forfeited");
    }

    function test_governanceCannotOverruleTheVotes() public {
        uint256 id = _open();
        _vote(id, 0, 3);
        vm.warp(disputes.disputeOf(id).revealEnd);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.DecidedByVotes.selector, id));
        disputes.resolveByGovernance(id, true);
        vm.warp(disputes.disputeOf(id).governanceEnd);
        disputes.resolve(id);
        vm.assertTrue(disputes.disputeOf(id).outcome == IEpochDisputes.Outcome.Dismissed, "dismissed");
    }

    function test_onlyGovernanceDecidesAsGovernance() public {
        uint256 id = _open();
        vm.warp(disputes.disputeOf(id).revealEnd);
        address[6] memory callers = [POSTER, GUARDIAN, STRANGER, CHALLENGER, _attester(0), TREASURY];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i])
            );
            vm.prank(callers[i]);
            disputes.resolveByGovernance(id, true);
        }
    }

    function test_unknownDisputesCannotBeTouched() public {
        _expectNotOpen(1, IEpochDisputes.Outcome.Open);
        disputes.resolve(1);
        _expectNotOpen(1, IEpochDisputes.Outcome.Open);
        disputes.resolveByGovernance(1, true);
        _expectNotOpen(1, IEpochDisputes.Outcome.Open);
        vm.prank(_attester(0));
        disputes.commitVote(1, HASH);
        _expectNotOpen(1, IEpochDisputes.Outcome.Open);
        vm.prank(_attester(0));
        disputes.revealVote(1, true, HASH);
    }

    function test_aProofEndsAHeldEpochAndTheDisputeReturnsItsBondWithoutASecondSlash() public {
        uint256 id = _open();
        _vote(id, 0, 3);
        _assertProven(epoch, 9, abi.encodeCall(faults.wrongBlockHash, (epoch, _context())));
        disputes.resolve(id);
        vm.assertTrue(disputes.disputeOf(id).outcome == IEpochDisputes.Outcome.Superseded, "superseded");
        vm.assertEq(disputes.withdrawable(CHALLENGER), CHALLENGER_BOND, "bond back");
        vm.assertEq(staking.slashableOf(POSTER), BOND - SLASH, "slashed once");
    }

    function test_aRejectionByTheGuardianReturnsTheBondWithoutASlash() public {
        uint256 id = _open();
        vm.prank(GUARDIAN);
        rewards.reject(epoch, 7);
        vm.warp(disputes.disputeOf(id).revealEnd);
        disputes.resolveByGovernance(id, true);
        vm.assertTrue(disputes.disputeOf(id).outcome == IEpochDisputes.Outcome.Superseded, "superseded");
        vm.assertEq(disputes.withdrawable(CHALLENGER), CHALLENGER_BOND, "bond back");
        vm.assertEq(staking.slashableOf(POSTER), BOND, "nobody slashed");
    }

    function test_aFaultIsProvenOnceAndOnlyBeforeActivation() public {
        bytes memory proof = abi.encodeCall(faults.wrongBlockHash, (epoch, _context()));
        _assertProven(epoch, 9, proof);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.WrongStatus.selector, epoch, IRewardsDistributor.EpochStatus.Rejected
            )
        );
        disputes.prove(proof);
        _proposeNext();
        proof = abi.encodeCall(faults.wrongBlockHash, (epoch, _context()));
        vm.warp(rewards.epochOf(epoch).activatesAt);
        rewards.activate(epoch);
        vm.expectRevert(
            abi.encodeWithSelector(
                IRewardsDistributor.WrongStatus.selector, epoch, IRewardsDistributor.EpochStatus.Active
            )
        );
        disputes.prove(proof);
    }

    function test_aPosterThatLeavesIsSlashedWhileItsStakeThaws() public {
        vm.prank(POSTER);
        staking.startThaw(BOND);
        _assertProven(epoch, 9, abi.encodeCall(faults.wrongBlockHash, (epoch, _context())));
    }

    function test_onlyFindingsAreFindings() public {
        vm.expectRevert(IEpochDisputes.NotAFault.selector);
        disputes.prove(abi.encodeCall(faults.rewards, ()));
        vm.expectRevert(IEpochDisputes.NotAFault.selector);
        disputes.prove(abi.encodeCall(faults.ledger, ()));
        vm.expectRevert(IEpochDisputes.NotAFault.selector);
        disputes.prove(abi.encodeCall(faults.models, ()));
        (bool ok,) = address(disputes).call(abi.encodeCall(disputes.prove, (hex"")));
        vm.assertTrue(!ok, "nothing");
        (ok,) = address(disputes).call(abi.encodeCall(disputes.prove, (hex"12345678")));
        vm.assertTrue(!ok, "no such function");
    }

    function test_theSettingsAreEmittedAndKept() public view {
        vm.assertEq(
            keccak256(abi.encode(disputes.settings())), keccak256(abi.encode(_settings())), "settings"
        );
        vm.assertTrue(disputes.isAttester(_attester(0)) && !disputes.isAttester(STRANGER), "attesters");
        vm.assertEq(address(disputes.rewards()), address(rewards), "rewards");
        vm.assertEq(address(disputes.staking()), address(staking), "staking");
        vm.assertEq(address(faults.rewards()), address(rewards), "rewards of the faults");
        vm.assertEq(address(faults.ledger()), address(ledger), "ledger");
        vm.assertEq(address(faults.models()), address(models), "models");
    }

    function test_settingsOutOfRangeAreRefused() public {
        IEpochDisputes.Settings memory s = _settings();
        s.challengerBond = 0;
        _expectSetting(s, "challengerBond");
        s = _settings();
        s.slashAmount = 0;
        _expectSetting(s, "slashAmount");
        s.slashAmount = BOND + 1;
        _expectSetting(s, "slashAmount");
        s = _settings();
        s.winnerBps = 5001;
        _expectSetting(s, "winnerBps");
        s = _settings();
        s.commitPeriod = 0;
        _expectSetting(s, "commitPeriod");
        s = _settings();
        s.revealPeriod = 0;
        _expectSetting(s, "revealPeriod");
        s = _settings();
        s.governancePeriod = 0;
        _expectSetting(s, "governancePeriod");
        s = _settings();
        s.governancePeriod = STAKE_THAW - WINDOW - COMMIT - REVEAL;
        _expectSetting(s, "thawPeriod");
        s.governancePeriod -= 1;
        new EpochDisputes(address(access), rewards, staking, ledger, models, s);
        s = _settings();
        s.quorum = 2;
        _expectSetting(s, "quorum");
        s.quorum = 6;
        _expectSetting(s, "quorum");
        s.quorum = 0;
        s.attesters = new address[](0);
        _expectSetting(s, "quorum");
        s = _settings();
        s.attesters[1] = s.attesters[0];
        _expectSetting(s, "attesters");
        s.attesters[1] = address(0);
        _expectSetting(s, "attesters");
        s.attesters = new address[](256);
        s.quorum = 200;
        _expectSetting(s, "attesters");
        s = _settings();
        s.slashAmount = BOND;
        s.winnerBps = 5000;
        new EpochDisputes(address(access), rewards, staking, ledger, models, s);
    }

    function _expectSetting(IEpochDisputes.Settings memory settings, bytes32 name) private {
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.InvalidSetting.selector, name));
        new EpochDisputes(address(access), rewards, staking, ledger, models, settings);
    }
}
