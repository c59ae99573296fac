// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {EpochDisputes} from "../src/EpochDisputes.sol";
import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {RegistryProxy} from "../src/RegistryProxy.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IAgentStaking} from "../src/interfaces/IAgentStaking.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev The money core and the registry of models wired as in production; the test is admin and holds the
/// supply.
abstract contract DisputesFixture is TestBase {
    address internal constant OPERATOR = address(0x0505);
    address internal constant POSTER = address(0x0707);
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    address internal constant CHALLENGER = address(0x0a0a);
    address internal constant PLATFORM = address(0x0b0b);
    address internal constant STAKERS = address(0x0c0c);
    address internal constant TREASURY = address(0x0d0d);
    uint64 internal constant WINDOW = 1 days;
    uint64 internal constant COMMIT = 1 hours;
    uint64 internal constant REVEAL = 2 hours;
    uint64 internal constant GOVERNANCE = 3 days;
    uint64 internal constant STAKE_THAW = 7 days;
    uint128 internal constant BOND = 5000;
    uint128 internal constant SLASH = 4001;
    uint128 internal constant CHALLENGER_BOND = 700;
    uint16 internal constant WINNER_BPS = 4000;
    uint8 internal constant QUORUM = 3;
    uint256 internal constant SUPPLY = 1e27;
    bytes32 internal constant HASH = keccak256("some hash");

    ProvenantAccess internal access;
    IERC20 internal token;
    ModelRegistry internal models;
    AgentStaking internal staking;
    RewardsDistributor internal rewards;
    InferenceEscrow internal escrow;
    InferenceLedger internal ledger;
    EpochDisputes internal disputes;
    IEpochFaults internal faults;

    function _deploy() internal {
        _deployWith(new ProvenantToken(address(this), SUPPLY));
    }

    function _deployWith(IERC20 token_) internal {
        vm.roll(1000);
        vm.warp(1_000_000);
        access = new ProvenantAccess(address(this));
        token = token_;
        models = _newModels();
        staking = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        rewards = new RewardsDistributor(
            address(access), token, staking, WINDOW, BOND, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        escrow = new InferenceEscrow(address(access), rewards, next, 1 days);
        ledger = new InferenceLedger(address(access), escrow);
        disputes = new EpochDisputes(address(access), rewards, staking, ledger, models, _settings());
        faults = disputes.faults();
        _restrict(address(ledger), ledger.setOperator.selector, access.REGISTRAR());
        _restrict(address(rewards), rewards.propose.selector, access.EPOCH_POSTER());
        _restrict(address(rewards), rewards.reject.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.rejectFaulty.selector, access.DISPUTES());
        _restrict(address(rewards), rewards.setDisputed.selector, access.DISPUTES());
        _restrict(address(staking), staking.slash.selector, access.SLASHER());
        access.grantRole(access.REGISTRAR(), address(this), 0);
        access.grantRole(access.EPOCH_POSTER(), POSTER, 0);
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        access.grantRole(access.DISPUTES(), address(disputes), 0);
        access.grantRole(access.SLASHER(), address(disputes), 0);
        ledger.setOperator(OPERATOR, true);
        token.approve(address(escrow), type(uint256).max);
        token.approve(address(rewards), type(uint256).max);
        token.approve(address(staking), type(uint256).max);
        staking.stake(POSTER, BOND);
    }

    function _settings() internal pure returns (IEpochDisputes.Settings memory) {
        address[] memory attesters = new address[](5);
        for (uint256 i; i < 5; ++i) {
            attesters[i] = _attester(i);
        }
        return IEpochDisputes.Settings({
            challengerBond: CHALLENGER_BOND,
            slashAmount: SLASH,
            winnerBps: WINNER_BPS,
            commitPeriod: COMMIT,
            revealPeriod: REVEAL,
            governancePeriod: GOVERNANCE,
            quorum: QUORUM,
            attesters: attesters
        });
    }

    function _attester(uint256 i) internal pure returns (address) {
        return address(uint160(0xa77e0000 + i));
    }

    /// @dev Proves a fault and checks everything that must follow from it.
    function _assertProven(uint256 epoch, uint8 kind, bytes memory faultCall) internal {
        uint128 stake = staking.slashableOf(POSTER);
        uint128 slashed = stake < SLASH ? stake : SLASH;
        uint128 reward = uint128(uint256(slashed) * WINNER_BPS / 10_000);
        uint128 treasury = staking.withdrawable(TREASURY);
        uint128 waiting = staking.withdrawable(CHALLENGER);
        vm.expectEmit(address(rewards));
        emit IRewardsDistributor.EpochRejected(epoch, 1000 + kind);
        _expectSlash(bytes32("fault") | bytes32(uint256(kind)), slashed, reward);
        vm.expectEmit(address(disputes));
        emit IEpochDisputes.FaultProven(epoch, kind, CHALLENGER, slashed, reward);
        vm.prank(CHALLENGER);
        IEpochFaults.Finding memory finding = disputes.prove(faultCall);
        vm.assertEq(finding.epoch, epoch, "epoch");
        vm.assertEq(finding.poster, POSTER, "poster");
        vm.assertEq(finding.kind, kind, "kind");
        vm.assertTrue(rewards.epochOf(epoch).status == IRewardsDistributor.EpochStatus.Rejected, "rejected");
        vm.assertEq(staking.slashableOf(POSTER), stake - slashed, "slashed");
        vm.assertEq(staking.withdrawable(CHALLENGER), waiting + reward, "winner");
        vm.assertLe(uint256(reward) * 2, slashed, "at most half");
        vm.assertEq(staking.withdrawable(TREASURY), treasury + slashed - reward, "treasury");
    }

    /// @dev The next slash takes active stake before thawing stake and names its reason.
    function _expectSlash(bytes32 reasonId, uint128 slashed, uint128 reward) internal {
        IAgentStaking.Stake memory held = staking.stakeOf(POSTER);
        uint128 fromActive = held.active < slashed ? held.active : slashed;
        vm.expectEmit(address(staking));
        emit IAgentStaking.Slashed(
            POSTER,
            reasonId,
            CHALLENGER,
            slashed,
            reward,
            held.active - fromActive,
            held.thawing + fromActive - slashed
        );
    }

    function _restrict(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
    }

    function _newModels() private returns (ModelRegistry) {
        DatanetRegistry datanets = DatanetRegistry(
            address(
                new RegistryProxy(
                    address(new DatanetRegistry()),
                    abi.encodeCall(DatanetRegistry.initialize, (address(access)))
                )
            )
        );
        return ModelRegistry(
            address(
                new RegistryProxy(
                    address(new ModelRegistry()),
                    abi.encodeCall(ModelRegistry.initialize, (address(access), datanets))
                )
            )
        );
    }
}
