// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../../src/interfaces/IInferenceLedger.sol";
import {Call} from "../Lanes.sol";
import {RecordingHandler} from "./RecordingHandler.sol";

/// @dev Batches that are committed to and settled later; one at a time waits per operator.
abstract contract SettlementHandler is RecordingHandler {
    mapping(uint256 operator => IInferenceLedger.CommittedBatch batch) private _waiting;
    IInferenceLedger.CommittedBatch[2] private _settled;

    function commitBatch(uint256 o, uint32 calls) external {
        o %= 2;
        if (_waiting[o].batchId != 0) return;
        calls = uint32(bound(calls, 1, 3));
        vm.prank(operators[o]);
        uint256 batchId = ledger.commitBatch(1, calls, DATA_HASH, DATA_HASH, hex"00");
        _waiting[o] = IInferenceLedger.CommittedBatch(
            batchId, uint64(vm.getBlockNumber()), uint64(vm.getBlockTimestamp()), calls, DATA_HASH
        );
    }

    function settle(uint256 i, uint256 o, uint96 fee) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        (Call[] memory calls, IInferenceLedger.SettledLane memory lane) = _owed(i, o, fee);
        vm.prank(operators[o]);
        ledger.settle(_batches(_waiting[o]), _lanes(lane));
        _count(calls);
        _settled[o] = _waiting[o];
        delete _waiting[o];
    }

    function dropBatch(uint256 o) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        vm.prank(operators[o]);
        ledger.dropBatch(_waiting[o]);
        _settled[o] = _waiting[o];
        delete _waiting[o];
    }

    function attackSettleAgain(uint256 i, uint256 o, uint96 fee) external {
        o %= 2;
        if (_settled[o].batchId == 0) return;
        IInferenceLedger.CommittedBatch memory waiting = _waiting[o];
        _waiting[o] = _settled[o];
        (, IInferenceLedger.SettledLane memory lane) = _owed(i, o, fee);
        _waiting[o] = waiting;
        _refusedSettlement(o, _settled[o], lane, IInferenceLedger.NotCommitted.selector);
    }

    function attackSettleForeignBatch(uint256 i, uint256 o, uint96 fee) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        (, IInferenceLedger.SettledLane memory lane) = _owed(i, o, fee);
        _refusedSettlement(1 - o, _waiting[o], lane, IInferenceLedger.NotCommitted.selector);
    }

    function attackSettleOtherCalls(uint256 i, uint256 o, uint96 fee) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        ++_waiting[o].calls;
        (, IInferenceLedger.SettledLane memory lane) = _owed(i, o, fee);
        --_waiting[o].calls;
        if (
            lane.charged - ledger.laneOf(payers[i % PAYERS], operators[o], MODEL, TERMS).charged
                > escrow.balanceOf(payers[i % PAYERS], operators[o])
        ) return;
        _refusedSettlement(o, _waiting[o], lane, IInferenceLedger.CallsMismatch.selector);
    }

    function attackSettleOverVoucher(uint256 i, uint256 o, uint128 extra) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        (, IInferenceLedger.SettledLane memory lane) = _owed(i, o, 0);
        lane.charged += uint128(bound(extra, 1, MAX_AMOUNT));
        _refusedSettlement(o, _waiting[o], lane, IInferenceLedger.LaneRejected.selector);
    }

    function attackSettleUnderfunded(uint256 i, uint256 o, uint96 extra) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        uint128 balance = escrow.balanceOf(payers[i % PAYERS], operators[o]);
        uint96 fee = uint96(balance + bound(extra, 1, MAX_AMOUNT));
        (, IInferenceLedger.SettledLane memory lane) = _lane(i, o, fee);
        _refusedSettlement(o, _waiting[o], lane, IInferenceLedger.LaneRejected.selector);
    }

    function attackSettleForgedVoucher(uint256 i, uint256 o, uint96 fee) external {
        o %= 2;
        if (_waiting[o].batchId == 0) return;
        (, IInferenceLedger.SettledLane memory lane) = _owed(i, o, fee);
        lane.signature = _sign(keys[(i % PAYERS + 1) % PAYERS], lane.voucher);
        _refusedSettlement(o, _waiting[o], lane, IInferenceLedger.LaneRejected.selector);
    }

    /// @dev A lane that the account covers, over as many calls as the waiting batch has.
    function _owed(uint256 i, uint256 o, uint96 fee)
        private
        returns (Call[] memory, IInferenceLedger.SettledLane memory)
    {
        uint128 balance = escrow.balanceOf(payers[i % PAYERS], operators[o]);
        return _lane(i, o, uint96(bound(fee, 0, balance / _waiting[o].calls)));
    }

    function _lane(uint256 i, uint256 o, uint96 fee)
        private
        returns (Call[] memory calls, IInferenceLedger.SettledLane memory settled)
    {
        IInferenceLedger.Lane memory lane;
        (calls, lane) = _draft(i, o, _waiting[o].calls, fee);
        settled = IInferenceLedger.SettledLane(
            lane.voucher, lane.signer, lane.voucher.cumulativeMaxFee, lane.calls, lane.signature
        );
    }

    function _refusedSettlement(
        uint256 o,
        IInferenceLedger.CommittedBatch memory batch,
        IInferenceLedger.SettledLane memory lane,
        bytes4 selector
    ) private {
        _refused(
            operators[o],
            address(ledger),
            abi.encodeCall(ledger.settle, (_batches(batch), _lanes(lane))),
            selector
        );
    }

    function _batches(IInferenceLedger.CommittedBatch memory batch)
        private
        pure
        returns (IInferenceLedger.CommittedBatch[] memory batches)
    {
        batches = new IInferenceLedger.CommittedBatch[](1);
        batches[0] = batch;
    }

    function _lanes(IInferenceLedger.SettledLane memory lane)
        private
        pure
        returns (IInferenceLedger.SettledLane[] memory lanes)
    {
        lanes = new IInferenceLedger.SettledLane[](1);
        lanes[0] = lane;
    }
}
