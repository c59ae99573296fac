// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {TestBase} from "./Base.sol";
import {OrderedTree} from "./OrderedTree.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev Distributor and staking alone, with the roles of production; the test is admin and holds the supply.
abstract contract RewardsFixture is TestBase {
    address internal constant ALICE = address(0xa11ce);
    address internal constant BOB = address(0xb0b);
    address internal constant POSTER = address(0x0707);
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    address internal constant DISPUTER = address(0x0a0a);
    address internal constant PLATFORM = address(0x0b0b);
    address internal constant STAKERS = address(0x0c0c);
    address internal constant TREASURY = address(0x0d0d);
    uint64 internal constant WINDOW = 1 hours;
    uint64 internal constant STAKE_THAW = 7 days;
    uint128 internal constant BOND = 5000;
    uint128 internal constant FUNDED = 1000;
    uint256 internal constant SUPPLY = 1e27;
    bytes32 internal constant HASH = keccak256("some hash");

    ProvenantAccess internal access;
    IERC20 internal token;
    AgentStaking internal staking;
    RewardsDistributor internal rewards;

    function _deploy() internal {
        _deployWith(new ProvenantToken(address(this), SUPPLY));
    }

    function _deployWith(IERC20 token_) internal {
        access = new ProvenantAccess(address(this));
        token = token_;
        staking = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        rewards = new RewardsDistributor(
            address(access), token, staking, WINDOW, BOND, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        _restrict(address(rewards), rewards.propose.selector, access.EPOCH_POSTER());
        _restrict(address(rewards), rewards.reject.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.pauseProposals.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.pauseClaims.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.rejectFaulty.selector, access.DISPUTES());
        _restrict(address(rewards), rewards.setDisputed.selector, access.DISPUTES());
        _restrict(address(staking), staking.setPaused.selector, access.GUARDIAN());
        _restrict(address(staking), staking.slash.selector, access.SLASHER());
        access.grantRole(access.EPOCH_POSTER(), POSTER, 0);
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        access.grantRole(access.DISPUTES(), DISPUTER, 0);
        access.grantRole(access.SLASHER(), DISPUTER, 0);
        token.approve(address(rewards), type(uint256).max);
        token.approve(address(staking), type(uint256).max);
        staking.stake(POSTER, BOND);
        rewards.fund(FUNDED);
        vm.roll(1000);
    }

    function _proposal(bytes32 root, uint128 total, uint32 accounts, uint64 fromBlock, uint64 toBlock)
        internal
        pure
        returns (IRewardsDistributor.Proposal memory)
    {
        return IRewardsDistributor.Proposal({
            root: root,
            totalEarned: total,
            accounts: accounts,
            creditsRoot: keccak256("credits"),
            credits: 3,
            callsRoot: keccak256("calls"),
            calls: 2,
            dataHash: keccak256("data"),
            engineHash: keccak256("engine"),
            fromBlock: fromBlock,
            toBlock: toBlock,
            toBlockHash: keccak256("block")
        });
    }

    /// @dev An epoch of one block, after the active one, whose trees nobody looks at.
    function _next(uint128 total) internal view returns (IRewardsDistributor.Proposal memory) {
        uint64 next = rewards.epochOf(rewards.activeEpoch()).toBlock + 1;
        return _proposal(HASH, total, 1, next, next);
    }

    function _propose(IRewardsDistributor.Proposal memory proposal) internal returns (uint256 epoch) {
        vm.prank(POSTER);
        return rewards.propose(proposal);
    }

    /// @dev The proposal is an argument so that its making calls nothing between the expectation and the act.
    function _expectRefused(IRewardsDistributor.Proposal memory proposal, bytes memory reason) internal {
        vm.expectRevert(reason);
        _propose(proposal);
    }

    function _activate(uint256 epoch) internal {
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        rewards.activate(epoch);
    }

    /// @dev Makes a tree of these amounts active; the accounts are 0xa11ce and up.
    function _epoch(uint128[] memory amounts, uint128 total) internal {
        IRewardsDistributor.Proposal memory proposal = _next(total);
        proposal.root = OrderedTree.rootOf(_leaves(amounts));
        proposal.accounts = uint32(amounts.length);
        _activate(_propose(proposal));
    }

    function _accountOf(uint256 i) internal pure returns (address) {
        return address(uint160(ALICE) + uint160(i));
    }

    function _leaves(uint128[] memory amounts) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](amounts.length);
        uint128 before;
        for (uint256 i; i < amounts.length; ++i) {
            leaves[i] = EpochLeaves.hashReward(_accountOf(i), amounts[i], before);
            unchecked {
                before += amounts[i];
            }
        }
    }

    function _claim(uint128[] memory amounts, uint256 i)
        internal
        pure
        returns (IRewardsDistributor.Claim memory leaf)
    {
        unchecked {
            for (uint256 k; k < i; ++k) {
                leaf.before += amounts[k];
            }
        }
        leaf.cumulative = amounts[i];
        leaf.index = uint32(i);
        leaf.proof = OrderedTree.proofOf(_leaves(amounts), i);
    }

    function _two(uint128 a, uint128 b) internal pure returns (uint128[] memory amounts) {
        amounts = new uint128[](2);
        amounts[0] = a;
        amounts[1] = b;
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev Calls `target` as each of `callers`; all must be refused for want of a role.
    function _expectOnly(address allowed, address target, bytes memory data) internal {
        address[6] memory callers = [POSTER, GUARDIAN, DISPUTER, STRANGER, TREASURY, address(this)];
        for (uint256 i; i < callers.length; ++i) {
            if (callers[i] == allowed) continue;
            vm.prank(callers[i]);
            (bool ok, bytes memory reason) = target.call(data);
            vm.assertTrue(!ok, "refused");
            vm.assertEq(
                keccak256(reason),
                keccak256(
                    abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, callers[i])
                ),
                "for want of a role"
            );
        }
    }

    function _restrict(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
    }
}
