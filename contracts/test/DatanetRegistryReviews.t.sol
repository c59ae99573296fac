// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract DatanetRegistryReviewsTest is RegistryFixture {
    bytes32 private constant REPORT = keccak256("report");
    IDatanetRegistry.ContributionStatus private constant REVOKED =
    IDatanetRegistry.ContributionStatus.Revoked;
    uint256 private id;

    function setUp() public override {
        super.setUp();
        id = _submit();
    }

    function _expectStanding(uint32 accepted, uint32 rejected, uint32 revoked, uint64 points) private {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributorStandingChanged(1, CONTRIBUTOR, accepted, rejected, revoked, points);
    }

    function _score(address validator, uint16 scoreBps) private {
        vm.prank(validator);
        datanets.scoreContribution(id, scoreBps, REPORT);
    }

    function _penalise(address validator, uint32 points) private {
        vm.prank(validator);
        datanets.penalise(id, 3, points);
    }

    function _expectUnknown() private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, 42));
    }

    function _expectRevokedBefore() private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionAlreadyRevoked.selector, id));
    }

    function test_scoreContribution_adds_up_over_validators() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionValidated(1, id, VALIDATOR, 10_000, REPORT, 1, 10_000);
        _score(VALIDATOR, 10_000);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionValidated(1, id, OTHER_VALIDATOR, 500, REPORT, 2, 10_500);
        _score(OTHER_VALIDATOR, 500);
        vm.assertEq(datanets.contributionOf(id).scores, 2, "scores");
        vm.assertEq(datanets.contributionOf(id).scoreSumBps, 10_500, "sum");
        vm.assertTrue(datanets.contributionOf(id).status == SUBMITTED, "decides nothing");
    }

    function test_scoreContribution_is_for_validators_not_for_the_owner() public {
        _expectUnauthorized(address(this));
        datanets.scoreContribution(id, 1, REPORT);
    }

    function test_scoreContribution_happens_once_per_validator_and_contribution() public {
        _score(VALIDATOR, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.AlreadyScored.selector, id, VALIDATOR));
        _score(VALIDATOR, 1);
        vm.prank(CONTRIBUTOR);
        id = datanets.submitContribution(1, ROOT, 1, 1, LEAVES);
        _score(VALIDATOR, 1);
    }

    function test_scoreContribution_refuses_high_scores_and_missing_reports() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ScoreTooHigh.selector, 10_001));
        _score(VALIDATOR, 10_001);
        vm.expectRevert(IDatanetRegistry.NoReport.selector);
        vm.prank(VALIDATOR);
        datanets.scoreContribution(id, 1, 0);
    }

    function test_scoreContribution_refuses_ones_own_unknown_and_revoked_ones() public {
        vm.prank(VALIDATOR);
        uint256 own = datanets.submitContribution(1, ROOT, 1, 1, LEAVES);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.OwnContribution.selector, own));
        vm.prank(VALIDATOR);
        datanets.scoreContribution(own, 10_000, REPORT);
        _expectUnknown();
        vm.prank(VALIDATOR);
        datanets.scoreContribution(42, 1, REPORT);
        datanets.revokeContribution(id, 1);
        _expectRevokedBefore();
        _score(VALIDATOR, 1);
    }

    function test_scoreContribution_is_possible_after_the_owner_decided() public {
        datanets.rejectContribution(id, 1);
        _score(VALIDATOR, 9000);
        vm.assertEq(datanets.contributionOf(id).scoreSumBps, 9000, "audited");
    }

    function testFuzz_scores_sum_exactly(uint16 a, uint16 b) public {
        a = uint16(bound(a, 0, 10_000));
        b = uint16(bound(b, 0, 10_000));
        _score(VALIDATOR, a);
        _score(OTHER_VALIDATOR, b);
        vm.assertEq(datanets.contributionOf(id).scoreSumBps, uint256(a) + b, "sum");
    }

    function test_penalise_adds_points_and_leaves_the_status() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionPenalised(1, id, VALIDATOR, 3, 10_000);
        _expectStanding(0, 0, 0, 10_000);
        _penalise(VALIDATOR, 10_000);
        _expectStanding(0, 0, 0, 10_001);
        _penalise(OTHER_VALIDATOR, 1);
        vm.assertEq(datanets.standingOf(1, CONTRIBUTOR).penaltyPoints, 10_001, "points");
        vm.assertTrue(datanets.contributionOf(id).status == SUBMITTED, "status");
    }

    function test_penalise_is_for_validators_and_happens_once_each() public {
        _expectUnauthorized(address(this));
        datanets.penalise(id, 3, 1);
        _penalise(VALIDATOR, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.AlreadyPenalised.selector, id, VALIDATOR));
        _penalise(VALIDATOR, 1);
        _score(VALIDATOR, 1);
    }

    function test_penalise_refuses_unknown_contributions_and_points_out_of_range() public {
        _expectUnknown();
        vm.prank(VALIDATOR);
        datanets.penalise(42, 3, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidPenalty.selector, 0));
        _penalise(VALIDATOR, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidPenalty.selector, 10_001));
        _penalise(VALIDATOR, 10_001);
    }

    function test_revoking_does_not_protect_from_a_penalty() public {
        vm.prank(CONTRIBUTOR);
        datanets.revokeContribution(id, 1);
        _expectStanding(0, 0, 1, 5);
        _penalise(VALIDATOR, 5);
    }

    function test_revokeContribution_is_for_contributor_and_owner_and_happens_once() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotContributor.selector, id, STRANGER));
        vm.prank(STRANGER);
        datanets.revokeContribution(id, 1);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRevoked(1, id, CONTRIBUTOR, 8);
        _expectStanding(0, 0, 1, 0);
        vm.prank(CONTRIBUTOR);
        datanets.revokeContribution(id, 8);
        vm.assertTrue(datanets.contributionOf(id).status == REVOKED, "status");
        vm.assertEq(datanets.contributionOf(id).root, ROOT, "root stays");
        _expectRevokedBefore();
        datanets.revokeContribution(id, 8);
        _expectNotPending(id, REVOKED);
        datanets.acceptContribution(id);
    }

    function test_revokeContribution_by_the_owner_names_the_owner() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRevoked(1, id, address(this), 8);
        datanets.revokeContribution(id, 8);
    }

    function test_revokeContribution_is_not_for_the_owner_of_another_datanet() public {
        vm.prank(STRANGER);
        datanets.createDatanet(0, "", 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotContributor.selector, id, STRANGER));
        vm.prank(STRANGER);
        datanets.revokeContribution(id, 1);
    }

    function test_revokeContribution_works_after_every_decision() public {
        datanets.acceptContribution(id);
        _expectStanding(1, 0, 1, 0);
        datanets.revokeContribution(id, 1);
        id = _submitAgain();
        datanets.rejectContribution(id, 1);
        _expectStanding(1, 1, 2, 0);
        datanets.revokeContribution(id, 1);
    }

    function test_revokeContribution_refuses_what_was_never_submitted() public {
        _expectUnknown();
        datanets.revokeContribution(42, 1);
    }

    function test_standing_is_kept_per_datanet_and_contributor() public {
        datanets.acceptContribution(id);
        uint256 other = datanets.createDatanet(ROOT, "", 1);
        vm.prank(CONTRIBUTOR);
        id = datanets.submitContribution(other, ROOT, 1, 1, LEAVES);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributorStandingChanged(other, CONTRIBUTOR, 1, 0, 0, 0);
        datanets.acceptContribution(id);
        vm.assertEq(datanets.standingOf(1, CONTRIBUTOR).accepted, 1, "first");
        vm.assertEq(datanets.standingOf(1, STRANGER).accepted, 0, "somebody else");
    }

    function testFuzz_standing_is_the_sum_of_all_decisions(uint256 seed) public {
        IDatanetRegistry.Standing memory expected;
        for (uint256 i; i < 12; ++i) {
            uint256 roll = uint256(keccak256(abi.encode(seed, i)));
            id = _submitAgain();
            if (roll % 3 == 1) {
                datanets.acceptContribution(id);
                ++expected.accepted;
            } else if (roll % 3 == 2) {
                datanets.rejectContribution(id, 1);
                ++expected.rejected;
            }
            if (roll & 256 != 0) {
                uint32 points = uint32(roll >> 16) % 10_000 + 1;
                _penalise(VALIDATOR, points);
                expected.penaltyPoints += points;
            }
            if (roll & 512 != 0) {
                datanets.revokeContribution(id, 1);
                ++expected.revoked;
            }
        }
        IDatanetRegistry.Standing memory standing = datanets.standingOf(1, CONTRIBUTOR);
        vm.assertEq(keccak256(abi.encode(standing)), keccak256(abi.encode(expected)), "standing");
    }

    function _submitAgain() private returns (uint256) {
        vm.prank(CONTRIBUTOR);
        return datanets.submitContribution(1, ROOT, 1, 1, LEAVES);
    }
}
