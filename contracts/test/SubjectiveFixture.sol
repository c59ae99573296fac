// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantToken} from "../src/ProvenantToken.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {DisputesFixture} from "./DisputesFixture.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev An epoch of one account whose toBlockHash is wrong, ready to be disputed.
abstract contract SubjectiveFixture is DisputesFixture {
    address internal constant ACCOUNT = address(0x1234);
    uint128 internal constant EARNED = 1000;

    uint256 internal epoch;
    IRewardsDistributor.Proposal private _proposal;
    uint256 private _previousEpoch;

    function _deploySubjective() internal {
        _deploySubjectiveWith(new ProvenantToken(address(this), SUPPLY));
    }

    function _deploySubjectiveWith(IERC20 token_) internal {
        _deployWith(token_);
        rewards.fund(EARNED);
        require(token.transfer(CHALLENGER, 10 * CHALLENGER_BOND), "no tokens");
        vm.prank(CHALLENGER);
        token.approve(address(disputes), type(uint256).max);
        _proposeNext();
    }

    function _proposeNext() internal {
        vm.roll(vm.getBlockNumber() + 2);
        _previousEpoch = rewards.activeEpoch();
        uint64 toBlock = uint64(vm.getBlockNumber()) - 1;
        _proposal = IRewardsDistributor.Proposal({
            root: EpochLeaves.hashReward(ACCOUNT, EARNED, 0),
            totalEarned: EARNED,
            accounts: 1,
            creditsRoot: HASH,
            credits: 1,
            callsRoot: HASH,
            calls: 1,
            dataHash: HASH,
            engineHash: HASH,
            fromBlock: _previousEpoch == 0 ? 0 : rewards.epochOf(_previousEpoch).toBlock + 1,
            toBlock: toBlock,
            toBlockHash: HASH
        });
        staking.stake(POSTER, BOND);
        vm.prank(POSTER);
        epoch = rewards.propose(_proposal);
        if (staking.activeOf(POSTER) > BOND) _trim();
    }

    function _context() internal view returns (IEpochFaults.Context memory) {
        return IEpochFaults.Context(_proposal, POSTER, _previousEpoch);
    }

    function _open() internal returns (uint256) {
        IEpochFaults.Context memory context = _context();
        vm.prank(CHALLENGER);
        return disputes.open(epoch, context, HASH);
    }

    /// @dev The first `uphold` attesters vote for it, the next `dismiss` against; ends in the reveal phase.
    function _vote(uint256 id, uint256 uphold, uint256 dismiss) internal {
        for (uint256 i; i < uphold + dismiss; ++i) {
            _commit(id, i, i < uphold);
        }
        vm.warp(disputes.disputeOf(id).commitEnd);
        for (uint256 i; i < uphold + dismiss; ++i) {
            _reveal(id, i, i < uphold);
        }
    }

    function _commit(uint256 id, uint256 attester, bool uphold) internal {
        bytes32 hash = keccak256(abi.encode(id, _attester(attester), uphold, bytes32(attester)));
        vm.prank(_attester(attester));
        disputes.commitVote(id, hash);
    }

    function _reveal(uint256 id, uint256 attester, bool uphold) internal {
        vm.prank(_attester(attester));
        disputes.revealVote(id, uphold, bytes32(attester));
    }

    function _claim() internal pure returns (IRewardsDistributor.Claim memory) {
        return IRewardsDistributor.Claim(EARNED, 0, 0, new bytes32[](0));
    }

    function _status() internal view returns (IRewardsDistributor.EpochStatus) {
        return rewards.epochOf(epoch).status;
    }

    function _expectNotOpen(uint256 id, IEpochDisputes.Outcome outcome) internal {
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.NotOpen.selector, id, outcome));
    }

    function _expectPhase(uint64 from, uint64 until) internal {
        vm.expectRevert(abi.encodeWithSelector(IEpochDisputes.OutsidePhase.selector, from, until));
    }

    /// @dev Leaves the poster the stake of one bond.
    function _trim() private {
        uint128 rest = staking.activeOf(POSTER) - BOND;
        vm.prank(POSTER);
        staking.startThaw(rest);
        uint256 time = vm.getBlockTimestamp();
        vm.warp(time + STAKE_THAW);
        vm.prank(POSTER);
        staking.withdraw();
        vm.warp(time);
    }
}
