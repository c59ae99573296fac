// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContributionVotes} from "../src/interfaces/IContributionVotes.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

contract ContributionVotesActivityTest is GovernanceFixture {
    uint256 private constant VOTES = 100e18;

    bytes32 private constant DELEGATION =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    function test_votesExpireOnlyAfterThePeriod() public {
        uint256 epoch = _give(ALICE, uint128(VOTES));
        _skip(ACTIVITY);
        vm.assertEq(_expire(ALICE), 0, "the last second");
        vm.assertEq(votes.getVotes(ALICE), VOTES, "still count");
        _skip(1);
        vm.expectEmit(address(votes));
        emit IContributionVotes.VotesExpired(ALICE, uint96(VOTES));
        vm.prank(STRANGER);
        vm.assertEq(_expire(ALICE), 1, "expired");
        vm.assertEq(votes.getVotes(ALICE), 0, "count no more");
        vm.assertTrue(votes.accountOf(ALICE).expired, "remembered");
        vm.assertEq(votes.accountOf(ALICE).units, VOTES, "not lost");
        vm.assertEq(_expire(ALICE), 0, "once");
        _skip(1);
        vm.assertEq(votes.getPastTotalSupply(vm.getBlockTimestamp() - 1), 0, "supply");
        vm.assertEq(_sync(ALICE, epoch), 0, "nothing new");
        vm.assertEq(votes.getVotes(ALICE), VOTES, "back with a sync");
        vm.assertEq(votes.totalCredited(), VOTES, "never credited twice");
        _skip(1);
        vm.assertEq(votes.getPastTotalSupply(vm.getBlockTimestamp() - 1), VOTES, "supply");
    }

    function test_aSyncOfExpiredVotesBringsBackTheOldAndCreditsTheNew() public {
        _give(ALICE, uint128(VOTES));
        _earn(PLATFORM, 1e18);
        _earn(ALICE, 100e18);
        uint256 epoch = _mature();
        _skip(ACTIVITY);
        _expire(ALICE);
        vm.assertEq(_sync(ALICE, epoch), 1e18, "new");
        vm.assertEq(votes.getVotes(ALICE), VOTES + 1e18, "all");
        _skip(1);
        vm.assertEq(votes.getPastTotalSupply(vm.getBlockTimestamp() - 1), VOTES + 1e18, "supply");
    }

    function test_oneCallExpiresManyAndLeavesOutTheActive() public {
        _give(ALICE, uint128(VOTES));
        _give(BOB, uint128(VOTES));
        _skip(ACTIVITY);
        _give(CAROL, uint128(VOTES));
        vm.prank(BOB);
        votes.renew();
        address[] memory accounts = new address[](5);
        (accounts[0], accounts[1], accounts[2], accounts[3], accounts[4]) = (BOB, ALICE, CAROL, DAVE, ALICE);
        vm.assertEq(votes.expire(accounts), 1, "only one is due");
        vm.assertEq(votes.getVotes(ALICE), 0, "expired");
        vm.assertEq(votes.getVotes(BOB), VOTES, "renewed");
        vm.assertEq(votes.getVotes(CAROL), VOTES, "new");
        vm.assertTrue(!votes.accountOf(DAVE).expired, "has none");
    }

    function test_everyActOfTheAccountKeepsItsVotes() public {
        uint256 epoch = _give(ALICE, uint128(VOTES));
        for (uint256 act; act < 5; ++act) {
            _skip(ACTIVITY / 2 + 1);
            _act(act, epoch);
            _skip(ACTIVITY / 2 + 1);
            vm.assertEq(_expire(ALICE), 0, "active");
        }
    }

    function test_everyActOfTheAccountBringsExpiredVotesBack() public {
        uint256 epoch = _give(ALICE, uint128(VOTES));
        for (uint256 act; act < 5; ++act) {
            _skip(ACTIVITY + 1);
            vm.assertEq(_expire(ALICE), 1, "expired");
            _act(act, epoch);
            vm.assertEq(votes.getVotes(votes.delegates(ALICE)), VOTES, "back");
            vm.assertTrue(!votes.accountOf(ALICE).expired, "not expired");
        }
    }

    function test_renewingTellsWhatCounts() public {
        _give(ALICE, uint128(VOTES));
        vm.expectEmit(address(votes));
        emit IContributionVotes.VotesRenewed(ALICE, uint64(vm.getBlockTimestamp()), uint96(VOTES));
        vm.prank(ALICE);
        votes.renew();
        vm.assertEq(votes.getVotes(ALICE), VOTES, "not doubled");
    }

    function test_onlyTheGovernorReportsVotes() public {
        vm.expectRevert(abi.encodeWithSelector(IContributionVotes.NotGovernor.selector, STRANGER));
        vm.prank(STRANGER);
        votes.recordVote(ALICE);
    }

    function test_delegatedVotesExpireWithTheirOwnerWhateverTheDelegateDoes() public {
        _give(ALICE, uint128(VOTES));
        _give(BOB, uint128(VOTES));
        vm.prank(ALICE);
        votes.delegate(BOB);
        vm.assertEq(votes.getVotes(BOB), 2 * VOTES, "delegated");
        _skip(ACTIVITY + 1);
        vm.prank(BOB);
        votes.renew();
        vm.assertEq(_expire(ALICE), 1, "its owner did nothing");
        vm.assertEq(votes.getVotes(BOB), VOTES, "his own");
        vm.prank(ALICE);
        votes.renew();
        vm.assertEq(votes.getVotes(BOB), 2 * VOTES, "the delegation stands");
        vm.assertEq(votes.getVotes(ALICE), 0, "not hers");
    }

    function test_aSignatureDelegatesAndIsAnActOfItsSigner() public {
        uint256 key = 0xa11ce;
        address signer = vm.addr(key);
        uint256 expiry = vm.getBlockTimestamp() + 1;
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, _digest(keccak256(abi.encode(DELEGATION, BOB, 0, expiry))));
        vm.prank(STRANGER);
        votes.delegateBySig(BOB, 0, expiry, v, r, s);
        vm.assertEq(votes.delegates(signer), BOB, "delegated");
        vm.assertEq(votes.accountOf(signer).activeAt, vm.getBlockTimestamp(), "active");
        vm.assertEq(votes.accountOf(STRANGER).activeAt, 0, "not who sent it");
    }

    function test_expiryLeavesThePastAlone() public {
        _give(ALICE, uint128(VOTES));
        _skip(ACTIVITY + 1);
        uint256 past = vm.getBlockTimestamp() - 1;
        _expire(ALICE);
        vm.assertEq(votes.getPastVotes(ALICE, past), VOTES, "past votes");
        vm.assertEq(votes.getPastTotalSupply(past), VOTES, "past supply");
    }

    function _act(uint256 which, uint256 epoch) private {
        if (which == 0) {
            _sync(ALICE, epoch);
        } else if (which == 1) {
            vm.prank(ALICE);
            votes.renew();
        } else if (which == 2) {
            vm.prank(ALICE);
            votes.delegate(CAROL);
        } else if (which == 3) {
            vm.prank(ALICE);
            votes.delegate(ALICE);
        } else {
            vm.prank(address(governor));
            votes.recordVote(ALICE);
        }
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Provenant ContributionVotes"),
                keccak256("1"),
                block.chainid,
                address(votes)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
