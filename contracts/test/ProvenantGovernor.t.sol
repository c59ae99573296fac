// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantGovernor} from "../src/ProvenantGovernor.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

contract ProvenantGovernorTest is GovernanceFixture {
    uint8 private constant AGAINST = 0;
    uint8 private constant FOR = 1;
    uint8 private constant ABSTAIN = 2;
    uint64 private constant REGISTRAR = 1;
    bytes32 private constant BALLOT =
        keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");

    address[] private _targets;
    uint256[] private _values;
    bytes[] private _calldatas;
    string private _description;

    function setUp() public {
        _give(ALICE, 60e18);
        _give(BOB, 40e18);
        _call(address(access), abi.encodeCall(access.grantRole, (REGISTRAR, DAVE, 0)));
    }

    function test_emitsAndReturnsItsSettings() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit ProvenantGovernor.GovernorCreated(address(votes), 7);
        ProvenantGovernor created =
            new ProvenantGovernor(votes, timelock, ProvenantGovernor.Parameters(1, 2, 3, 4, 7, 2));
        vm.assertEq(created.votingDelay(), 1, "delay");
        vm.assertEq(created.votingPeriod(), 2, "period");
        vm.assertEq(created.proposalThreshold(), 3, "threshold");
        vm.assertEq(created.quorumNumerator(), 4, "percent");
        vm.assertEq(created.quorumFloor(), 7, "floor");
        vm.assertEq(created.lateQuorumVoteExtension(), 2, "extension");
        vm.assertEq(created.timelock(), address(timelock), "timelock");
        vm.assertEq(address(created.token()), address(votes), "votes");
    }

    function test_aProposalGivesARoleThroughTheTimelock() public {
        uint256 id = _openVote();
        _vote(ALICE, id, FOR, 60e18);
        _vote(BOB, id, AGAINST, 40e18);
        _skip(5 days + 1);
        governor.queue(_targets, _values, _calldatas, _hash());
        _expectState(id, IGovernor.ProposalState.Queued);
        _skip(DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockUnexpectedOperationState.selector,
                _operation(),
                bytes32(uint256(1) << uint8(TimelockController.OperationState.Ready))
            )
        );
        governor.execute(_targets, _values, _calldatas, _hash());
        _skip(1);
        (bool before,) = access.hasRole(REGISTRAR, DAVE);
        vm.assertTrue(!before, "not before");
        vm.prank(STRANGER);
        governor.execute(_targets, _values, _calldatas, _hash());
        (bool member,) = access.hasRole(REGISTRAR, DAVE);
        vm.assertTrue(member, "anyone executes");
        _expectState(id, IGovernor.ProposalState.Executed);
    }

    function test_nobodyElseActsThroughTheTimelock() public {
        bytes32 role = timelock.PROPOSER_ROLE();
        address[4] memory callers = [ALICE, GUARDIAN, STRANGER, address(this)];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessControl.AccessControlUnauthorizedAccount.selector, callers[i], role
                )
            );
            vm.prank(callers[i]);
            timelock.scheduleBatch(_targets, _values, _calldatas, 0, 0, DELAY);
        }
        (bool member,) = access.hasRole(access.ADMIN_ROLE(), address(this));
        vm.assertTrue(!member, "the deployer is no admin of the roles");
        vm.assertTrue(!timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(this)), "nor of the timelock");
    }

    function test_theGuardianCancelsWhatIsQueuedAndNobodyElseDoes() public {
        uint256 id = _queued();
        bytes32 operation = _operation();
        bytes32 role = timelock.CANCELLER_ROLE();
        address[3] memory callers = [STRANGER, ALICE, POSTER];
        for (uint256 i; i < callers.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessControl.AccessControlUnauthorizedAccount.selector, callers[i], role
                )
            );
            vm.prank(callers[i]);
            timelock.cancel(operation);
        }
        vm.prank(GUARDIAN);
        timelock.cancel(operation);
        _expectState(id, IGovernor.ProposalState.Canceled);
        _skip(DELAY);
        _expectUnexpectedState(id, IGovernor.ProposalState.Canceled, IGovernor.ProposalState.Queued);
        governor.execute(_targets, _values, _calldatas, _hash());
    }

    function test_votesSyncedAfterTheStartOfTheVoteDoNotCount() public {
        _earn(PLATFORM, 900e18);
        _earn(CAROL, 90_000e18);
        uint256 epoch = _mature();
        uint256 id = _openVote();
        _sync(CAROL, epoch);
        vm.assertEq(votes.getVotes(CAROL), 900e18, "has votes now");
        _vote(CAROL, id, AGAINST, 0);
        _vote(ALICE, id, FOR, 60e18);
        _skip(5 days + 1);
        _expectState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_votesSyncedInTheTransactionOfAProposalGiveNoRightToPropose() public {
        _earn(PLATFORM, 900e18);
        _earn(CAROL, 90_000e18);
        uint256 epoch = _mature();
        _sync(CAROL, epoch);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, CAROL, 0, 5e18)
        );
        vm.prank(CAROL);
        governor.propose(_targets, _values, _calldatas, _description);
    }

    function test_proposingNeedsVotes() public {
        _give(CAROL, 5e18 - 1);
        _skip(1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, CAROL, 5e18 - 1, 5e18
            )
        );
        vm.prank(CAROL);
        governor.propose(_targets, _values, _calldatas, _description);
    }

    function test_aProposalThatNamesItsProposerCannotBeTaken() public {
        _description = string.concat("grant#proposer=", Strings.toHexString(ALICE));
        _skip(1);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, BOB));
        vm.prank(BOB);
        governor.propose(_targets, _values, _calldatas, _description);
        vm.prank(ALICE);
        governor.propose(_targets, _values, _calldatas, _description);
    }

    function test_withoutQuorumAProposalFails() public {
        // 10 % of 100e18 votes.
        _give(CAROL, 10e18 - 1);
        uint256 id = _openVote();
        vm.assertEq(governor.quorum(governor.proposalSnapshot(id)), (110e18 - 1) / uint256(10), "a tenth");
        _vote(CAROL, id, FOR, 10e18 - 1);
        _skip(5 days + 1);
        _expectState(id, IGovernor.ProposalState.Defeated);
    }

    function test_theQuorumNeverFallsBelowItsFloor() public {
        _skip(ACTIVITY + 1);
        _expire(ALICE);
        vm.prank(BOB);
        votes.renew();
        vm.assertEq(votes.getVotes(BOB), 40e18, "all that is left");
        uint256 id = _openVoteBy(BOB);
        vm.assertEq(governor.quorum(governor.proposalSnapshot(id)), QUORUM_FLOOR, "more than a tenth");
        vm.assertEq(governor.quorum(0), QUORUM_FLOOR, "before there were votes");
    }

    function test_expiredVotesNoLongerRaiseTheQuorum() public {
        for (uint256 i; i < 9; ++i) {
            _give(CAROL, MIN_CAP);
        }
        // A tenth of 9,100e18 votes is out of reach for those who are still there.
        uint256 id = _openVote();
        _vote(ALICE, id, FOR, 60e18);
        _vote(BOB, id, FOR, 40e18);
        _skip(5 days + 1);
        _expectState(id, IGovernor.ProposalState.Defeated);
        _skip(ACTIVITY - 5 days - 1);
        vm.assertEq(_expire(CAROL), 1, "gone");
        vm.assertEq(_expire(ALICE), 0, "she voted");
        _description = "again";
        id = _openVote();
        vm.assertEq(governor.quorum(governor.proposalSnapshot(id)), QUORUM_FLOOR, "of those who are there");
        _vote(ALICE, id, FOR, 60e18);
        _skip(5 days + 1);
        _expectState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_votingKeepsVotesFromExpiring() public {
        _skip(ACTIVITY - 3 days);
        uint256 id = _openVote();
        _skip(2 days);
        _vote(BOB, id, ABSTAIN, 40e18);
        _skip(2 days);
        vm.assertEq(_expire(ALICE), 0, "she proposed and renewed");
        vm.assertEq(_expire(BOB), 0, "he voted");
        vm.assertEq(votes.accountOf(BOB).activeAt, vm.getBlockTimestamp() - 2 days, "when he voted");
    }

    function test_aSignedBallotIsAnActOfItsSigner() public {
        uint256 key = 0xb0b;
        address voter = vm.addr(key);
        vm.prank(BOB);
        votes.delegate(voter);
        uint256 id = _openVote();
        bytes32 structHash = keccak256(abi.encode(BALLOT, id, FOR, voter, governor.nonces(voter)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _digest(structHash));
        vm.prank(STRANGER);
        vm.assertEq(
            governor.castVoteBySig(id, FOR, voter, abi.encodePacked(r, s, v)), 40e18, "what was delegated"
        );
        vm.assertEq(votes.accountOf(voter).activeAt, vm.getBlockTimestamp(), "active");
        vm.assertTrue(votes.accountOf(BOB).activeAt < vm.getBlockTimestamp(), "not who delegated");
        vm.assertEq(votes.accountOf(STRANGER).activeAt, 0, "nor who sent it");
    }

    function test_nobodyVotesTwice() public {
        uint256 id = _openVote();
        _vote(ALICE, id, FOR, 60e18);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, ALICE));
        vm.prank(ALICE);
        governor.castVote(id, FOR);
    }

    function test_aQuorumReachedLateLeavesADayToAnswer() public {
        uint256 id = _openVote();
        _skip(5 days - 2);
        _vote(ALICE, id, FOR, 60e18);
        vm.assertEq(governor.proposalDeadline(id), vm.getBlockTimestamp() + 1 days, "extended");
        _skip(1 days - 1);
        _vote(BOB, id, AGAINST, 40e18);
        _skip(2);
        _expectState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_onlyGovernanceChangesTheGovernor() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ALICE));
        vm.prank(ALICE);
        governor.setVotingPeriod(1 days);
        _call(address(governor), abi.encodeCall(governor.setVotingPeriod, (6 days)));
        _queued();
        _skip(DELAY);
        governor.execute(_targets, _values, _calldatas, _hash());
        vm.assertEq(governor.votingPeriod(), 6 days, "by proposal");
    }

    function test_governanceCannotTouchAnActivatedRoot() public {
        _earn(ALICE, 1);
        uint256 epoch = _activate();
        bytes32 root = rewards.epochOf(epoch).root;
        _call(address(access), abi.encodeCall(access.grantRole, (access.GUARDIAN(), address(timelock), 0)));
        _targets.push(address(rewards));
        _values.push(0);
        _calldatas.push(abi.encodeCall(rewards.reject, (epoch, 1)));
        _queued();
        _skip(DELAY);
        (bool success,) =
            address(governor).call(abi.encodeCall(governor.execute, (_targets, _values, _calldatas, _hash())));
        vm.assertTrue(!success, "reverts");
        vm.assertEq(rewards.epochOf(epoch).root, root, "the root");
        vm.assertTrue(rewards.epochOf(epoch).status == IRewardsDistributor.EpochStatus.Active, "active");
        vm.assertEq(rewards.activeEpoch(), epoch, "claimable");
    }

    function _call(address target, bytes memory data) private {
        _targets = [target];
        _values = [0];
        _calldatas = [data];
        _description = "one call";
    }

    function _openVote() private returns (uint256 id) {
        vm.prank(ALICE);
        votes.renew();
        return _openVoteBy(ALICE);
    }

    function _openVoteBy(address proposer) private returns (uint256 id) {
        _skip(1);
        vm.prank(proposer);
        id = governor.propose(_targets, _values, _calldatas, _description);
        _skip(1 days + 1);
        _expectState(id, IGovernor.ProposalState.Active);
    }

    function _queued() private returns (uint256 id) {
        id = _openVote();
        _vote(ALICE, id, FOR, 60e18);
        _skip(5 days + 1);
        governor.queue(_targets, _values, _calldatas, _hash());
    }

    function _vote(address voter, uint256 id, uint8 support, uint256 weight) private {
        vm.prank(voter);
        vm.assertEq(governor.castVote(id, support), weight, "weight");
    }

    function _hash() private view returns (bytes32) {
        return keccak256(bytes(_description));
    }

    function _operation() private view returns (bytes32) {
        bytes32 salt = bytes20(address(governor)) ^ _hash();
        return timelock.hashOperationBatch(_targets, _values, _calldatas, 0, salt);
    }

    function _expectState(uint256 id, IGovernor.ProposalState expected) private view {
        vm.assertEq(uint256(governor.state(id)), uint256(expected), "state");
    }

    function _expectUnexpectedState(
        uint256 id,
        IGovernor.ProposalState actual,
        IGovernor.ProposalState needed
    ) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorUnexpectedProposalState.selector,
                id,
                actual,
                bytes32(uint256(1) << uint8(needed))
            )
        );
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("ProvenantGovernor"),
                keccak256("1"),
                block.chainid,
                address(governor)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
