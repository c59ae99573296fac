// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceEscrow} from "../src/InferenceEscrow.sol";
import {InferenceLedger} from "../src/InferenceLedger.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {ProvenantToken} from "../src/ProvenantToken.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {Call, Lanes} from "./Lanes.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

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
abstract contract LedgerFixture is Lanes(7, 3) {
    uint256 internal constant KEY = 0xa11ce;
    uint256 internal constant OTHER_KEY = 0xb0b;
    uint256 internal constant SESSION_KEY = 0x5e55;
    address internal constant OPERATOR = address(0x0505);
    address internal constant OTHER_OPERATOR = address(0x0606);
    address internal constant STRANGER = address(0x0909);
    uint64 internal constant THAW = 1 days;
    uint256 internal constant SUPPLY = 1e27;
    uint96 internal constant FEE = 10;

    ProvenantAccess internal access;
    ProvenantToken internal token;
    FeeSink internal sink;
    InferenceEscrow internal escrow;
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

    /// @dev A lane that the session key signs in its own name.
    function _sessionLane(Call[] memory calls) internal view returns (IInferenceLedger.Lane memory lane) {
        lane = _honestLane(SESSION_KEY, OPERATOR, calls);
        lane.signer = sessionKey;
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
        Call[] memory calls,
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
