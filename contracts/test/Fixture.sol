// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AgentStaking} from "../src/AgentStaking.sol";
import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {RegistryProxy} from "../src/RegistryProxy.sol";
import {RewardsDistributor} from "../src/RewardsDistributor.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @dev One call as codec 1 packs it.
struct Call {
    address payer;
    uint32 modelId;
    uint16 modelVersion;
    uint16 termsVersion;
    uint96 fee;
    bytes32 requestHash;
}

/// @dev All contracts wired as `deploy.ts` wires them; the test itself is admin and holds the supply.
abstract contract Fixture is TestBase {
    address internal constant OPERATOR = address(0x0505);
    address internal constant OTHER_OPERATOR = address(0x0606);
    address internal constant POSTER = address(0x0707);
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    address internal constant DISPUTER = address(0x0a0a);
    address internal constant PLATFORM = address(0x0b0b);
    address internal constant STAKERS = address(0x0c0c);
    address internal constant TREASURY = address(0x0d0d);
    uint64 internal constant WINDOW = 1 hours;
    uint64 internal constant THAW = 1 days;
    uint64 internal constant STAKE_THAW = 7 days;
    uint128 internal constant BOND = 5000;
    uint256 internal constant SUPPLY = 1e27;
    uint32 internal constant MODEL = 7;
    uint16 internal constant TERMS = 3;
    bytes32 internal constant DATA_HASH = keccak256("citations");

    ProvenantAccess internal access;
    ProvenantToken internal token;
    DatanetRegistry internal datanets;
    ModelRegistry internal models;
    AgentStaking internal staking;
    RewardsDistributor internal rewards;
    InferenceEscrow internal escrow;
    InferenceLedger internal ledger;

    function _deployAll() internal {
        access = new ProvenantAccess(address(this));
        token = new ProvenantToken(address(this), SUPPLY);
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
        staking = new AgentStaking(address(access), token, STAKE_THAW, TREASURY);
        rewards = new RewardsDistributor(
            address(access), token, staking, WINDOW, BOND, IRewardsDistributor.Payees(PLATFORM, STAKERS)
        );
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        escrow = new InferenceEscrow(address(access), rewards, next, THAW);
        ledger = new InferenceLedger(address(access), escrow);
        _restrict(address(ledger), ledger.setOperator.selector, access.REGISTRAR());
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
        ledger.setOperator(OPERATOR, true);
        ledger.setOperator(OTHER_OPERATOR, true);
        access.grantRole(access.EPOCH_POSTER(), POSTER, 0);
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        access.grantRole(access.DISPUTES(), DISPUTER, 0);
        access.grantRole(access.SLASHER(), DISPUTER, 0);
        token.approve(address(escrow), type(uint256).max);
        token.approve(address(rewards), type(uint256).max);
        token.approve(address(staking), type(uint256).max);
        vm.roll(1000);
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev `count` calls of one lane whose requests follow from `seed`.
    function _calls(address payer, uint256 count, uint96 fee, uint256 seed)
        internal
        pure
        returns (Call[] memory calls)
    {
        calls = new Call[](count);
        for (uint256 i; i < count; ++i) {
            calls[i] = Call(payer, MODEL, 1, TERMS, fee, keccak256(abi.encode(seed, i)));
        }
    }

    function _pack(Call[] memory calls) internal pure returns (bytes memory data) {
        for (uint256 i; i < calls.length; ++i) {
            Call memory c = calls[i];
            data = bytes.concat(
                data,
                abi.encodePacked(c.payer, c.modelId, c.modelVersion, c.termsVersion, c.fee),
                abi.encodePacked(uint32(11), uint32(22), uint32(33), c.requestHash, bytes32("output"))
            );
        }
    }

    /// @dev The voucher an honest payer signs for exactly these calls, which all are of one lane.
    function _voucher(address operator, Call[] memory calls)
        internal
        view
        returns (IInferenceLedger.Voucher memory voucher)
    {
        Call memory c = calls[0];
        IInferenceLedger.LaneState memory state = ledger.laneOf(c.payer, operator, c.modelId, c.termsVersion);
        voucher = IInferenceLedger.Voucher(
            c.payer,
            operator,
            c.modelId,
            c.termsVersion,
            state.calls + uint64(calls.length),
            state.charged,
            state.callsChain
        );
        for (uint256 i; i < calls.length; ++i) {
            voucher.cumulativeMaxFee += calls[i].fee;
            voucher.callsChain = keccak256(abi.encodePacked(voucher.callsChain, calls[i].requestHash));
        }
    }

    function _signed(uint256 key, IInferenceLedger.Voucher memory voucher, uint256 calls)
        internal
        view
        returns (IInferenceLedger.Lane memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, ledger.hashVoucher(voucher));
        return IInferenceLedger.Lane(voucher, voucher.payer, uint32(calls), abi.encodePacked(r, s, v));
    }

    function _honestLane(uint256 key, address operator, Call[] memory calls)
        internal
        view
        returns (IInferenceLedger.Lane memory)
    {
        return _signed(key, _voucher(operator, calls), calls.length);
    }

    function _only(IInferenceLedger.Lane memory lane)
        internal
        pure
        returns (IInferenceLedger.Lane[] memory lanes)
    {
        lanes = new IInferenceLedger.Lane[](1);
        lanes[0] = lane;
    }

    function _both(IInferenceLedger.Lane memory first, IInferenceLedger.Lane memory second)
        internal
        pure
        returns (IInferenceLedger.Lane[] memory lanes)
    {
        lanes = new IInferenceLedger.Lane[](2);
        lanes[0] = first;
        lanes[1] = second;
    }

    function _record(address operator, bytes memory data, IInferenceLedger.Lane[] memory lanes)
        internal
        returns (uint256)
    {
        vm.prank(operator);
        return ledger.recordBatch(1, data, DATA_HASH, lanes);
    }

    function _restrict(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
    }
}
