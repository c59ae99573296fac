// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {TestBase} from "./Base.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev One call as codec 1 packs it.
struct PaidCall {
    address payer;
    uint32 modelId;
    uint16 modelVersion;
    uint16 termsVersion;
    uint96 fee;
    bytes32 requestHash;
}

/// @dev As much of a distributor as the escrow uses.
contract FeeSink {
    IERC20 public immutable token;
    uint128 public funded;

    constructor(IERC20 token_) {
        token = token_;
    }

    function fund(uint128 amount) external {
        require(amount > 0, "nothing to fund");
        funded += amount;
        require(token.transferFrom(msg.sender, address(this), amount), "no fee");
    }
}

/// @dev Escrow and ledger over a fee sink. The test is admin, registrar and guardian and holds the supply.
abstract contract LedgerFixture is TestBase {
    uint256 internal constant KEY = 0xa11ce;
    uint256 internal constant OTHER_KEY = 0xb0b;
    uint256 internal constant SESSION_KEY = 0x5e55;
    address internal constant OPERATOR = address(0x0505);
    address internal constant OTHER_OPERATOR = address(0x0606);
    address internal constant STRANGER = address(0x0909);
    uint64 internal constant THAW = 1 days;
    uint256 internal constant SUPPLY = 1e27;
    uint32 internal constant MODEL = 7;
    uint16 internal constant TERMS = 3;
    uint96 internal constant FEE = 10;
    bytes32 internal constant DATA_HASH = keccak256("citations");

    ProvenantAccess internal access;
    ProvenantToken internal token;
    FeeSink internal sink;
    InferenceEscrow internal escrow;
    InferenceLedger internal ledger;
    address internal payer;
    address internal otherPayer;
    address internal sessionKey;

    function _deployLedger() internal {
        vm.roll(1000);
        vm.warp(1_000_000);
        payer = vm.addr(KEY);
        otherPayer = vm.addr(OTHER_KEY);
        sessionKey = vm.addr(SESSION_KEY);
        access = new ProvenantAccess(address(this));
        token = new ProvenantToken(address(this), SUPPLY);
        sink = new FeeSink(token);
        escrow = _newEscrow(vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1));
        ledger = new InferenceLedger(address(access), escrow);
        _grant(address(ledger), ledger.setOperator.selector, access.REGISTRAR());
        _grant(address(ledger), ledger.registerCodec.selector, access.REGISTRAR());
        _grant(address(ledger), ledger.setPaused.selector, access.GUARDIAN());
        ledger.setOperator(OPERATOR, true);
        ledger.setOperator(OTHER_OPERATOR, true);
        escrow.depositFor(payer, OPERATOR, 1000);
        escrow.depositFor(otherPayer, OPERATOR, 1000);
    }

    function _newEscrow(address ledger_) internal returns (InferenceEscrow fresh) {
        fresh = new InferenceEscrow(address(access), _distributor(), ledger_, THAW);
        _grant(address(fresh), fresh.setPaused.selector, access.GUARDIAN());
        token.approve(address(fresh), type(uint256).max);
    }

    function _distributor() internal view returns (IRewardsDistributor) {
        return IRewardsDistributor(address(sink));
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev `count` calls of one lane whose requests follow from `seed`.
    function _calls(address payer_, uint256 count, uint96 fee, uint256 seed)
        internal
        pure
        returns (PaidCall[] memory calls)
    {
        calls = new PaidCall[](count);
        for (uint256 i; i < count; ++i) {
            calls[i] = PaidCall(payer_, MODEL, 1, TERMS, fee, keccak256(abi.encode(seed, i)));
        }
    }

    function _pack(PaidCall[] memory calls) internal pure returns (bytes memory data) {
        for (uint256 i; i < calls.length; ++i) {
            data = bytes.concat(data, _packOne(calls[i]));
        }
    }

    function _packOne(PaidCall memory c) internal pure returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(c.payer, c.modelId, c.modelVersion, c.termsVersion, c.fee),
            abi.encodePacked(uint32(11), uint32(22), uint32(33), c.requestHash, bytes32("output"))
        );
    }

    /// @dev The voucher an honest payer signs for exactly these calls, which all are of one lane.
    function _voucher(address operator, PaidCall[] memory calls)
        internal
        view
        returns (IInferenceLedger.Voucher memory voucher)
    {
        PaidCall memory c = calls[0];
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

    function _sign(uint256 key, IInferenceLedger.Voucher memory voucher)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, ledger.hashVoucher(voucher));
        return abi.encodePacked(r, s, v);
    }

    /// @dev A lane under the name of its payer, whoever's key signs.
    function _signed(uint256 key, IInferenceLedger.Voucher memory voucher, uint256 calls)
        internal
        view
        returns (IInferenceLedger.Lane memory)
    {
        return IInferenceLedger.Lane(voucher, voucher.payer, uint32(calls), _sign(key, voucher));
    }

    function _honestLane(uint256 key, address operator, PaidCall[] memory calls)
        internal
        view
        returns (IInferenceLedger.Lane memory)
    {
        return _signed(key, _voucher(operator, calls), calls.length);
    }

    /// @dev A lane that the session key signs in its own name.
    function _sessionLane(PaidCall[] memory calls) internal view returns (IInferenceLedger.Lane memory lane) {
        lane = _honestLane(SESSION_KEY, OPERATOR, calls);
        lane.signer = sessionKey;
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

    function _expectBatch(uint256 batchId, uint32 calls, bytes memory data) internal {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.BatchPacked(batchId, OPERATOR, 1, calls, keccak256(data), DATA_HASH, data);
    }

    function _expectSkip(uint32 lane, address who, IInferenceLedger.SkipReason reason) internal {
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.LaneSkipped(ledger.batchCount() + 1, lane, who, MODEL, TERMS, uint8(reason));
    }

    /// @dev Records `calls` under `lane` and checks that nothing but the number of batches changed.
    function _assertSkipped(
        PaidCall[] memory calls,
        IInferenceLedger.Lane memory lane,
        IInferenceLedger.SkipReason reason
    ) internal {
        bytes memory data = _pack(calls);
        address who = calls[0].payer;
        IInferenceLedger.LaneState memory before = ledger.laneOf(who, OPERATOR, MODEL, TERMS);
        uint256 funded = sink.funded();
        uint256 spent = escrow.signerOf(who, lane.signer).spent;
        _expectSkip(0, who, reason);
        _expectBatch(ledger.batchCount() + 1, 0, data);
        _record(OPERATOR, data, _only(lane));
        IInferenceLedger.LaneState memory state = ledger.laneOf(who, OPERATOR, MODEL, TERMS);
        vm.assertEq(state.calls, before.calls, "calls");
        vm.assertEq(state.charged, before.charged, "charged");
        vm.assertEq(state.callsChain, before.callsChain, "chain");
        vm.assertEq(sink.funded(), funded, "funded");
        vm.assertEq(escrow.signerOf(who, lane.signer).spent, spent, "spent");
    }

    function _setSession(uint64 validUntil, uint128 cap) internal {
        vm.prank(payer);
        escrow.setSigner(sessionKey, validUntil, cap);
    }

    function _grant(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
        access.grantRole(role, address(this), 0);
    }
}
