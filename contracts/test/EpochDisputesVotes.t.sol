// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {SubjectiveFixture} from "./SubjectiveFixture.sol";

contract EpochDisputesVotesTest is SubjectiveFixture {
    uint256 private _id;

    function setUp() public {
        _deploySubjective();
        _id = _open();
    }

    function test_votesAreCommittedBeforeTheEndOfTheFirstPhase() public {
        uint64 commitEnd = disputes.disputeOf(_id).commitEnd;
        vm.warp(commitEnd - 1);
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.VoteCommitted(_id, _attester(0), HASH);
        vm.prank(_attester(0));
        disputes.commitVote(_id, HASH);
        vm.assertEq(disputes.commitmentOf(_id, _attester(0)), HASH, "committed");
        vm.warp(commitEnd);
        _expectPhase(0, commitEnd);
        vm.prank(_attester(1));
        disputes.commitVote(_id, HASH);
    }

    function test_votesAreRevealedOnlyInTheSecondPhase() public {
        _commit(_id, 0, true);
        _commit(_id, 1, true);
        IEpochDisputes.Dispute memory dispute = disputes.disputeOf(_id);
        vm.warp(dispute.commitEnd - 1);
        _expectPhase(dispute.commitEnd, dispute.revealEnd);
        _reveal(_id, 0, true);
        vm.warp(dispute.commitEnd);
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.VoteRevealed(_id, _attester(0), true, 1, 0);
        _reveal(_id, 0, true);
        vm.warp(dispute.revealEnd);
        _expectPhase(dispute.commitEnd, dispute.revealEnd);
        _reveal(_id, 1, true);
        vm.warp(dispute.revealEnd - 1);
        _reveal(_id, 1, true);
        vm.assertEq(disputes.disputeOf(_id).upholdVotes, 2, "counted");
    }

    function test_aCommitmentIsMadeOnceAndIsNotZero() public {
        vm.expectRevert(IEpochDisputes.ZeroHash.selector);
        vm.prank(_attester(0));
        disputes.commitVote(_id, 0);
        _commit(_id, 0, true);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.AlreadyCommitted.selector, _id, _attester(0)));
        _commit(_id, 0, false);
    }

    function test_aRevealIsTheCommittedVoteAndCountsOnce() public {
        _commit(_id, 0, true);
        vm.warp(disputes.disputeOf(_id).commitEnd);
        _expectWrongReveal(0);
        _reveal(_id, 0, false);
        _expectWrongReveal(0);
        vm.prank(_attester(0));
        disputes.revealVote(_id, true, HASH);
        _expectWrongReveal(1);
        _reveal(_id, 1, true);
        _reveal(_id, 0, true);
        _expectWrongReveal(0);
        _reveal(_id, 0, true);
        vm.assertEq(disputes.disputeOf(_id).upholdVotes, 1, "once");
    }

    /// @dev A copied commitment is worth nothing: it holds the name of the attester and of the dispute.
    function test_aCommitmentCannotBeCopied() public {
        _commit(_id, 0, true);
        bytes32 hash = disputes.commitmentOf(_id, _attester(0));
        vm.prank(_attester(1));
        disputes.commitVote(_id, hash);
        vm.warp(disputes.disputeOf(_id).commitEnd);
        _reveal(_id, 0, true);
        _expectWrongReveal(1);
        vm.prank(_attester(1));
        disputes.revealVote(_id, true, bytes32(0));
    }

    function test_onlyAttestersVote() public {
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.NotAttester.selector, STRANGER));
        vm.prank(STRANGER);
        disputes.commitVote(_id, HASH);
        vm.warp(disputes.disputeOf(_id).commitEnd);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.NotAttester.selector, STRANGER));
        vm.prank(STRANGER);
        disputes.revealVote(_id, true, HASH);
    }

    function test_anAttesterThatDisputesCannotVoteInIt() public {
        _vote(_id, 0, 3);
        disputes.resolve(_id);
        address party = _attester(0);
        require(token.transfer(party, CHALLENGER_BOND), "no tokens");
        vm.prank(party);
        token.approve(address(disputes), CHALLENGER_BOND);
        vm.prank(party);
        uint256 id = disputes.open(epoch, _context(), HASH);
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.PartyOfDispute.selector, id, party));
        _commit(id, 0, true);
        _commit(id, 1, true);
    }

    /// @dev Whoever votes what: the side with the quorum wins, else nobody.
    function testFuzz_theQuorumDecides(uint8[5] memory votes) public {
        uint256 uphold;
        uint256 dismiss;
        for (uint256 i; i < 5; ++i) {
            if (votes[i] % 4 != 0) _commit(_id, i, votes[i] % 2 == 0);
        }
        vm.warp(disputes.disputeOf(_id).commitEnd);
        for (uint256 i; i < 5; ++i) {
            if (votes[i] % 4 == 0) continue;
            _reveal(_id, i, votes[i] % 2 == 0);
            if (votes[i] % 2 == 0) ++uphold;
            else ++dismiss;
        }
        vm.warp(disputes.disputeOf(_id).governanceEnd);
        IEpochDisputes.Outcome outcome = disputes.resolve(_id);
        IEpochDisputes.Outcome expected = uphold >= QUORUM
            ? IEpochDisputes.Outcome.Upheld
            : dismiss >= QUORUM ? IEpochDisputes.Outcome.Dismissed : IEpochDisputes.Outcome.Undecided;
        vm.assertTrue(outcome == expected, "outcome");
        vm.assertTrue(disputes.disputeOf(_id).outcome == expected, "kept");
    }

    function _expectWrongReveal(uint256 attester) private {
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.WrongReveal.selector, _id, _attester(attester)));
    }
}
