// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {ContributionVotes} from "../src/ContributionVotes.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantGovernor} from "../src/ProvenantGovernor.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IContributionVotes} from "../src/interfaces/IContributionVotes.sol";
import {IPlatformFloor} from "../src/interfaces/IPlatformFloor.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {TestBase} from "./Base.sol";
import {OrderedTree} from "./OrderedTree.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @dev A registry whose next implementation may have another floor.
contract UpgradedFloor is IPlatformFloor {
    uint16 public minPlatformBps = 100;

    function set(uint16 bps) external {
        minPlatformBps = bps;
    }
}

/// @dev Distributor, votes, governor and timelock as in production; roots are posted by the test.
abstract contract GovernanceFixture is TestBase {
    uint64 internal constant WINDOW = 2 days;
    uint64 internal constant MATURITY = 3 days;
    uint64 internal constant ACTIVITY = 180 days;
    uint16 internal constant SHARE_BPS = 100;
    uint16 internal constant CAP_BPS = 1000;
    uint96 internal constant MIN_CAP = 1_000e18;
    uint256 internal constant QUORUM_FLOOR = 10e18;
    uint48 internal constant DELAY = 2 days;
    bytes32 internal constant HASH = keccak256("hash");

    // Ascending, as the leaves of an epoch have to be.
    address internal constant ALICE = address(0x1000);
    address internal constant BOB = address(0x2000);
    address internal constant CAROL = address(0x3000);
    address internal constant DAVE = address(0x4000);
    address internal constant PLATFORM = address(0x5000);
    address internal constant STAKERS = address(0x6000);
    address internal constant POSTER = address(0x7000);
    address internal constant GUARDIAN = address(0x8000);
    address internal constant STRANGER = address(0x9000);

    ProvenantAccess internal access = new ProvenantAccess(address(this));
    ProvenantToken internal token = new ProvenantToken(address(this), 1e27);
    UpgradedFloor internal floor = new UpgradedFloor();
    RewardsDistributor internal rewards;
    ContributionVotes internal votes;
    ProvenantGovernor internal governor;
    TimelockController internal timelock;

    mapping(address account => uint128 cumulative) internal earned;
    mapping(uint256 epoch => bytes32[] leaves) private _leaves;
    mapping(uint256 epoch => mapping(address account => IRewardsDistributor.Claim leaf)) private _claims;
    uint64 private _nextBlock = 1;

    constructor() {
        vm.warp(1_800_000_000);
        vm.roll(1_000_000);
        AgentStaking staking = new AgentStaking(address(access), token, 30 days, PLATFORM);
        rewards = new RewardsDistributor(
            address(access), token, staking, WINDOW, 1, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        token.approve(address(staking), 1);
        staking.stake(POSTER, 1);
        token.approve(address(rewards), type(uint256).max);
        timelock = new TimelockController(DELAY, new address[](0), new address[](0), address(this));
        address governor_ = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        votes = new ContributionVotes(address(access), rewards, floor, governor_, _settings());
        governor = new ProvenantGovernor(
            votes, timelock, ProvenantGovernor.Parameters(1 days, 5 days, 5e18, 10, QUORUM_FLOOR, 1 days)
        );
        _grant(access.EPOCH_POSTER(), POSTER, address(rewards), rewards.propose.selector);
        _grant(access.GUARDIAN(), GUARDIAN, address(votes), votes.voidEpoch.selector);
        _handOver();
    }

    function _settings() internal pure virtual returns (IContributionVotes.Settings memory) {
        return IContributionVotes.Settings(MATURITY, ACTIVITY, SHARE_BPS, CAP_BPS, MIN_CAP);
    }

    /// @dev `amount` more for the account in the next epoch that is posted.
    function _earn(address account, uint128 amount) internal {
        if (amount == 0) return;
        earned[account] += amount;
        rewards.fund(amount);
    }

    /// @dev `fee` of which the platform gets a tenth and the account the rest.
    function _earnFromFee(address account, uint128 fee) internal {
        _earn(PLATFORM, fee / 10);
        _earn(account, fee - fee / 10);
    }

    function _propose() internal returns (uint256 epoch) {
        address[6] memory accounts = [ALICE, BOB, CAROL, DAVE, PLATFORM, STAKERS];
        epoch = rewards.epochCount() + 1;
        uint128 total;
        for (uint256 i; i < accounts.length; ++i) {
            uint128 cumulative = earned[accounts[i]];
            if (cumulative == 0) continue;
            uint32 index = uint32(_leaves[epoch].length);
            _claims[epoch][accounts[i]] =
                IRewardsDistributor.Claim(cumulative, total, index, new bytes32[](0));
            _leaves[epoch].push(EpochLeaves.hashReward(accounts[i], cumulative, total));
            total += cumulative;
        }
        bytes32 root = OrderedTree.rootOf(_leaves[epoch]);
        uint32 count = uint32(_leaves[epoch].length);
        IRewardsDistributor.Proposal memory proposal = IRewardsDistributor.Proposal(
            root, total, count, HASH, 1, HASH, 1, HASH, HASH, _nextBlock, _nextBlock, HASH
        );
        vm.prank(POSTER);
        rewards.propose(proposal);
    }

    /// @dev Puts an epoch of somebody else's tree in the place of the next one.
    function _activateTree(IRewardsDistributor.Proposal memory proposal) internal returns (uint256 epoch) {
        (proposal.fromBlock, proposal.toBlock) = (_nextBlock, _nextBlock++);
        vm.prank(POSTER);
        epoch = rewards.propose(proposal);
        _skip(WINDOW);
        rewards.activate(epoch);
    }

    /// @dev Posts what was earned and makes it the active epoch.
    function _activate() internal returns (uint256 epoch) {
        epoch = _propose();
        _skip(WINDOW);
        rewards.activate(epoch);
        ++_nextBlock;
    }

    function _activateAndRegister() internal returns (uint256 epoch) {
        epoch = _activate();
        votes.registerEpoch(epoch, _leaf(epoch, PLATFORM));
    }

    /// @dev An epoch against which can be synced.
    function _mature() internal returns (uint256 epoch) {
        epoch = _activateAndRegister();
        _skip(MATURITY);
    }

    function _leaf(uint256 epoch, address account)
        internal
        view
        returns (IRewardsDistributor.Claim memory leaf)
    {
        leaf = _claims[epoch][account];
        leaf.proof = OrderedTree.proofOf(_leaves[epoch], leaf.index);
    }

    function _cumulativeOf(uint256 epoch, address account) internal view returns (uint128) {
        return _claims[epoch][account].cumulative;
    }

    function _sync(address account, uint256 epoch) internal returns (uint256 amount) {
        IRewardsDistributor.Claim memory leaf = _leaf(epoch, account);
        vm.prank(account);
        return votes.sync(epoch, leaf);
    }

    /// @dev Gives the account `units` votes, with what else that needs.
    function _give(address account, uint128 units) internal returns (uint256 epoch) {
        _earn(PLATFORM, units);
        _earn(account, units * 10_000 / SHARE_BPS);
        epoch = _mature();
        _sync(account, epoch);
    }

    function _expire(address account) internal returns (uint256) {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        return votes.expire(accounts);
    }

    function _skip(uint256 time) internal {
        vm.warp(vm.getBlockTimestamp() + time);
        vm.roll(vm.getBlockNumber() + 1);
    }

    function _grant(uint64 role, address account, address target, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.grantRole(role, account, 0);
        access.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Nobody but the governor proposes, nobody but the timelock administrates, the guardian cancels.
    function _handOver() private {
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), GUARDIAN);
        timelock.grantRole(timelock.EXECUTOR_ROLE(), address(0));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
        access.grantRole(access.ADMIN_ROLE(), address(timelock), 0);
        access.renounceRole(access.ADMIN_ROLE(), address(this));
    }
}
