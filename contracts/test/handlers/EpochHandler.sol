// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../../src/libraries/EpochLeaves.sol";
import {OrderedTree} from "../OrderedTree.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @dev Funding, proposals and what becomes of them. Some epochs lie: their tree promises one account more
/// than the epoch declares.
abstract contract EpochHandler is HandlerBase {
    uint256[8] internal active;
    bool internal isLie;
    uint256[8] internal proposed;
    IRewardsDistributor.Proposal private _proposal;
    uint256 private _previousEpoch;
    uint256[8] private _earned;
    uint256 private _sumEarned;

    function fund(uint128 amount) public {
        amount = uint128(bound(amount, 1, MAX_AMOUNT));
        rewards.fund(amount);
        directFunding += amount;
    }

    function earn(uint256 i, uint256 amount) public {
        amount = bound(amount, 0, rewards.funded() - _sumEarned);
        _earned[i % ACCOUNTS] += amount;
        _sumEarned += amount;
    }

    /// @dev Every third epoch lies.
    function propose(uint256 kind, uint256 i, uint256 extra) public {
        if (_inFlight() != 0) return;
        proposed = _earned;
        isLie = kind % 3 == 0;
        if (isLie) proposed[i % ACCOUNTS] += bound(extra, 1, MAX_AMOUNT);
        _topUpBond();
        vm.roll(vm.getBlockNumber() + 1);
        _proposal = _draft(OrderedTree.rootOf(_leaves(proposed)), uint128(_sumEarned));
        _previousEpoch = rewards.activeEpoch();
        vm.prank(POSTER);
        rewards.propose(_proposal);
    }

    function activate(uint256 kind, uint256 i, uint256 amount) external {
        fund(uint128(amount));
        earn(i, amount);
        propose(kind, i, amount);
        uint256 epoch = _inFlight();
        if (_isDisputed(epoch)) return;
        _later(WINDOW);
        rewards.activate(epoch);
        active = proposed;
    }

    function reject() external {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        vm.prank(GUARDIAN);
        rewards.reject(epoch, 1);
    }

    function attackUnfundedEpoch(uint128 extra) external {
        if (_inFlight() != 0) return;
        uint128 total = rewards.funded() + uint128(bound(extra, 1, MAX_AMOUNT));
        _refusedProposal(_draft(DATA_HASH, total), IRewardsDistributor.EarnedExceedsFunded.selector);
    }

    function attackShrinkingEpoch(uint128 less) external {
        uint128 total = rewards.epochOf(rewards.activeEpoch()).totalEarned;
        if (_inFlight() != 0 || total == 0) return;
        total -= uint128(bound(less, 1, total));
        _refusedProposal(_draft(DATA_HASH, total), IRewardsDistributor.EarnedDecreases.selector);
    }

    function attackOverlappingEpoch(uint64 distance) external {
        if (_inFlight() != 0 || rewards.activeEpoch() == 0) return;
        IRewardsDistributor.Proposal memory p = _draft(DATA_HASH, uint128(_sumEarned));
        p.fromBlock -= uint64(bound(distance, 1, p.fromBlock));
        _refusedProposal(p, IRewardsDistributor.InvalidBlockRange.selector);
    }

    function attackSecondProposal() external {
        if (_inFlight() == 0) return;
        _refusedProposal(_draft(DATA_HASH, uint128(_sumEarned)), IRewardsDistributor.EpochInFlight.selector);
    }

    function attackProposeWithoutBond() external {
        uint128 stake = staking.activeOf(POSTER);
        if (stake < BOND) return;
        vm.prank(POSTER);
        staking.startThaw(stake - BOND + 1);
        _refusedBy(
            POSTER,
            abi.encodeCall(rewards.propose, (_draft(DATA_HASH, uint128(_sumEarned)))),
            IRewardsDistributor.InsufficientBond.selector
        );
        vm.prank(POSTER);
        staking.cancelThaw();
    }

    function attackProposeWhilePaused() external {
        vm.prank(GUARDIAN);
        rewards.pauseProposals(true);
        _refusedProposal(
            _draft(DATA_HASH, uint128(_sumEarned)), IRewardsDistributor.ProposalsStopped.selector
        );
        vm.prank(GUARDIAN);
        rewards.pauseProposals(false);
    }

    function attackEarlyActivation() external {
        uint256 epoch = _inFlight();
        if (epoch == 0 || _isDisputed(epoch)) return;
        if (vm.getBlockTimestamp() >= rewards.epochOf(epoch).activatesAt) return;
        _refusedBy(
            STRANGER, abi.encodeCall(rewards.activate, (epoch)), IRewardsDistributor.WindowOpen.selector
        );
    }

    function attackStoppingAnActiveEpoch() external {
        uint256 epoch = rewards.activeEpoch();
        if (epoch == 0) return;
        bytes4 wrong = IRewardsDistributor.WrongStatus.selector;
        _refusedBy(GUARDIAN, abi.encodeCall(rewards.reject, (epoch, 1)), wrong);
        _refusedBy(address(disputes), abi.encodeCall(rewards.rejectFaulty, (epoch, 1001)), wrong);
        _refusedBy(address(disputes), abi.encodeCall(rewards.setDisputed, (epoch, true)), wrong);
        _refusedBy(STRANGER, abi.encodeCall(rewards.activate, (epoch)), wrong);
    }

    /// @dev Nobody but the holder of a role gets anywhere, the admin included.
    function attackWithoutARole(uint256 who) external {
        address[5] memory callers = [STRANGER, OPERATOR, POSTER, GUARDIAN, address(this)];
        address caller = callers[who % 5];
        bytes4 no = IAccessManaged.AccessManagedUnauthorized.selector;
        uint256 epoch = rewards.epochCount();
        _refusedBy(caller, abi.encodeCall(rewards.rejectFaulty, (epoch, 1001)), no);
        _refusedBy(caller, abi.encodeCall(rewards.setDisputed, (epoch, true)), no);
        if (caller != POSTER) {
            _refusedBy(caller, abi.encodeCall(rewards.propose, (_draft(DATA_HASH, 0))), no);
        }
        if (caller == GUARDIAN) return;
        _refusedBy(caller, abi.encodeCall(rewards.reject, (epoch, 1)), no);
        _refusedBy(caller, abi.encodeCall(rewards.pauseProposals, (true)), no);
        _refusedBy(caller, abi.encodeCall(rewards.pauseClaims, (1)), no);
    }

    function _context() internal view returns (IEpochFaults.Context memory) {
        return IEpochFaults.Context(_proposal, POSTER, _previousEpoch);
    }

    function _inFlight() internal view returns (uint256 epoch) {
        epoch = rewards.epochCount();
        IRewardsDistributor.EpochStatus status = rewards.epochOf(epoch).status;
        if (status != IRewardsDistributor.EpochStatus.Proposed && !_isDisputed(epoch)) return 0;
    }

    function _isDisputed(uint256 epoch) internal view returns (bool) {
        return rewards.epochOf(epoch).status == IRewardsDistributor.EpochStatus.Disputed;
    }

    function _refusedBy(address caller, bytes memory data, bytes4 selector) internal {
        _refused(caller, address(rewards), data, selector);
    }

    function _leaves(uint256[8] memory amounts) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ACCOUNTS);
        for (uint256 i; i < ACCOUNTS; ++i) {
            leaves[i] = EpochLeaves.hashReward(accountOf(i), uint128(amounts[i]), _before(amounts, i));
        }
    }

    function _before(uint256[8] memory amounts, uint256 i) internal pure returns (uint128 before) {
        for (uint256 k; k < i; ++k) {
            before += uint128(amounts[k]);
        }
    }

    function _topUpBond() internal {
        uint128 stake = staking.activeOf(POSTER);
        if (stake >= BOND) return;
        staking.stake(POSTER, BOND - stake);
        stakes += BOND - stake;
    }

    function _draft(bytes32 root, uint128 total) private view returns (IRewardsDistributor.Proposal memory) {
        uint64 next = rewards.epochOf(rewards.activeEpoch()).toBlock + 1;
        return IRewardsDistributor.Proposal({
            root: root,
            totalEarned: total,
            accounts: uint32(ACCOUNTS),
            creditsRoot: DATA_HASH,
            credits: 1,
            callsRoot: DATA_HASH,
            calls: 1,
            dataHash: DATA_HASH,
            engineHash: DATA_HASH,
            fromBlock: next,
            toBlock: next,
            toBlockHash: DATA_HASH
        });
    }

    function _refusedProposal(IRewardsDistributor.Proposal memory proposal, bytes4 selector) private {
        _topUpBond();
        _refusedBy(POSTER, abi.encodeCall(rewards.propose, (proposal)), selector);
    }
}
