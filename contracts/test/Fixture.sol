// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {EpochDisputes} from "../src/EpochDisputes.sol";
import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {RegistryProxy} from "../src/RegistryProxy.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IEpochDisputes} from "../src/interfaces/IEpochDisputes.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {Lanes} from "./Lanes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev The money core as production wires it, over any token. The test is admin, registrar and governance,
/// and holds the supply.
abstract contract Fixture is Lanes(1, 1) {
    address internal constant OPERATOR = address(0x0505);
    address internal constant OTHER_OPERATOR = address(0x0606);
    address internal constant POSTER = address(0x0707);
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    address internal constant PLATFORM = address(0x0b0b);
    address internal constant STAKERS = address(0x0c0c);
    address internal constant TREASURY = address(0x0d0d);
    uint64 internal constant WINDOW = 1 hours;
    uint64 internal constant THAW = 1 days;
    uint64 internal constant STAKE_THAW = 7 days;
    uint64 internal constant COMMIT = 1 hours;
    uint64 internal constant REVEAL = 2 hours;
    uint64 internal constant GOVERNANCE = 1 days;
    uint128 internal constant BOND = 5000;
    uint128 internal constant CHALLENGER_BOND = 700;
    uint128 internal constant SLASH = 3000;
    uint16 internal constant WINNER_BPS = 4000;
    uint8 internal constant QUORUM = 2;
    uint256 internal constant ATTESTERS = 3;
    uint256 internal constant SUPPLY = 1e27;

    ProvenantAccess internal access;
    IERC20 internal token;
    DatanetRegistry internal datanets;
    ModelRegistry internal models;
    AgentStaking internal staking;
    RewardsDistributor internal rewards;
    InferenceEscrow internal escrow;
    EpochDisputes internal disputes;

    function _deployAll(IERC20 token_) internal {
        token = token_;
        access = new ProvenantAccess(address(this));
        _deployRegistries();
        staking = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        rewards = new RewardsDistributor(
            address(access), token, staking, WINDOW, BOND, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        escrow = new InferenceEscrow(address(access), rewards, next, THAW);
        ledger = new InferenceLedger(address(access), escrow);
        disputes = new EpochDisputes(address(access), rewards, staking, ledger, models, _settings());
        _assignRoles();
        ledger.setOperator(OPERATOR, true);
        ledger.setOperator(OTHER_OPERATOR, true);
        token.approve(address(escrow), type(uint256).max);
        token.approve(address(rewards), type(uint256).max);
        token.approve(address(staking), type(uint256).max);
        vm.roll(1000);
        vm.warp(1_000_000);
    }

    function _attester(uint256 i) internal pure returns (address) {
        return address(uint160(0xa77e5700 + i));
    }

    function _settings() internal pure returns (IEpochDisputes.Settings memory) {
        address[] memory attesters = new address[](ATTESTERS);
        for (uint256 i; i < ATTESTERS; ++i) {
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

    function _deployRegistries() private {
        datanets = DatanetRegistry(
            address(
                new RegistryProxy(
                    address(new DatanetRegistry()),
                    abi.encodeCall(DatanetRegistry.initialize, (address(access)))
                )
            )
        );
        models = ModelRegistry(
            address(
                new RegistryProxy(
                    address(new ModelRegistry()),
                    abi.encodeCall(ModelRegistry.initialize, (address(access), datanets))
                )
            )
        );
    }

    function _assignRoles() private {
        _restrict(address(ledger), ledger.setOperator.selector, access.REGISTRAR());
        _restrict(address(ledger), ledger.registerCodec.selector, access.REGISTRAR());
        _restrict(address(ledger), ledger.setPaused.selector, access.GUARDIAN());
        _restrict(address(escrow), escrow.setPaused.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.propose.selector, access.EPOCH_POSTER());
        _restrict(address(rewards), rewards.reject.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.pauseProposals.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.pauseClaims.selector, access.GUARDIAN());
        _restrict(address(rewards), rewards.rejectFaulty.selector, access.DISPUTES());
        _restrict(address(rewards), rewards.setDisputed.selector, access.DISPUTES());
        _restrict(address(staking), staking.setPaused.selector, access.GUARDIAN());
        _restrict(address(staking), staking.slash.selector, access.SLASHER());
        access.grantRole(access.REGISTRAR(), address(this), 0);
        access.grantRole(access.EPOCH_POSTER(), POSTER, 0);
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        access.grantRole(access.DISPUTES(), address(disputes), 0);
        access.grantRole(access.SLASHER(), address(disputes), 0);
    }

    function _restrict(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
    }
}
