// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../../src/interfaces/IInferenceLedger.sol";
import {Log} from "../Base.sol";
import {Call} from "../Lanes.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @dev Batches that carry their records, honest and not.
abstract contract RecordingHandler is EscrowHandler {
    mapping(bytes32 requestHash => bool recorded) private _recorded;
    mapping(uint256 payer => mapping(uint256 operator => bytes data)) private _lastData;
    mapping(uint256 payer => mapping(uint256 operator => IInferenceLedger.Lane lane)) private _lastLane;

    function record(uint256 i, uint256 o, uint256 count, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, count, fee);
        _recordAndExpect(o, _pack(calls), _only(lane), uint32(calls.length), 0, 0);
        _count(i, o, calls, lane);
    }

    function recordBesideAnUnderfundedLane(uint256 i, uint256 o, uint256 count, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, count, fee);
        uint256 j = (i % PAYERS + 1) % PAYERS;
        uint128 balance = escrow.balanceOf(payers[j], operators[o % 2]);
        Call[] memory poor = _calls(payers[j], 1, uint96(balance + 1), _nextSeed());
        IInferenceLedger.Lane[] memory lanes = _both(_honestLane(keys[j], operators[o % 2], poor), lane);
        bytes memory data = bytes.concat(_pack(poor), _pack(calls));
        _recordAndExpect(
            o, data, lanes, uint32(calls.length), 1, uint8(IInferenceLedger.SkipReason.Underfunded)
        );
        _count(i, o, calls, lane);
    }

    /// @dev A session key signs; the lane counts exactly if its moment and its cap allow it.
    function recordBySessionKey(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        uint128 spent = escrow.signerOf(payers[i % PAYERS], sessionKeyOf(i)).spent;
        bool isLive =
            escrow.signerOf(payers[i % PAYERS], sessionKeyOf(i)).validUntil >= vm.getBlockTimestamp();
        bool fits = calls[0].fee + spent <= escrow.signerOf(payers[i % PAYERS], sessionKeyOf(i)).cap;
        lane.signer = sessionKeyOf(i);
        lane.signature = _sign(SESSION + i % PAYERS, lane.voucher);
        if (!isLive) {
            _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.KeyExpired);
        } else if (!fits) {
            _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.KeyOverCap);
        } else {
            _recordAndExpect(o, _pack(calls), _only(lane), 1, 0, 0);
            _count(i, o, calls, lane);
        }
    }

    function attackForeignSessionKey(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        lane.signer = sessionKeyOf(i % PAYERS + 1);
        lane.signature = _sign(SESSION + (i % PAYERS + 1) % PAYERS, lane.voucher);
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.KeyExpired);
    }

    function attackReplay(uint256 i, uint256 o) external {
        bytes memory data = _lastData[i % PAYERS][o % 2];
        if (data.length == 0) return;
        _expectSkip(o, data, _lastLane[i % PAYERS][o % 2], IInferenceLedger.SkipReason.CallCount);
    }

    /// @dev The honest lane twice in one batch, another one between them.
    function attackReplayWithinTheBatch(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        uint256 j = (i % PAYERS + 1) % PAYERS;
        Call[] memory between = _calls(payers[j], 1, 0, _nextSeed());
        IInferenceLedger.Lane[] memory lanes = new IInferenceLedger.Lane[](3);
        lanes[0] = lane;
        lanes[1] = _honestLane(keys[j], operators[o % 2], between);
        lanes[2] = lane;
        bytes memory data = bytes.concat(_pack(calls), _pack(between), _pack(calls));
        _recordAndExpect(o, data, lanes, 2, 1, uint8(IInferenceLedger.SkipReason.CallCount));
        _count(j, o, between, lanes[1]);
        _count(i, o, calls, lane);
    }

    function attackOverdraw(uint256 i, uint256 o, uint96 extra) external {
        uint128 balance = escrow.balanceOf(payers[i % PAYERS], operators[o % 2]);
        uint96 fee = uint96(balance + bound(extra, 1, MAX_AMOUNT));
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _draft(i, o, 1, fee);
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.Underfunded);
    }

    function attackOverVoucher(uint256 i, uint256 o, uint96 extra) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, 0);
        calls[1].fee += uint96(bound(extra, 1, MAX_AMOUNT));
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.OverVoucher);
    }

    function attackForgedVoucher(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        lane = _signed(keys[(i % PAYERS + 1) % PAYERS], lane.voucher, 1);
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.BadSignature);
    }

    function attackInventedCall(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, fee);
        calls[1].requestHash = keccak256(abi.encode("invented", _nextSeed()));
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.ChainMismatch);
    }

    /// @dev The owner sets dearer terms before the operator records; the payer signed for the old ones.
    function attackFrontRunTerms(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        uint16 later = uint16(models.setTerms(MODEL, 1e6, 1e6, 9000, 1000, 0, 0, 0));
        calls[0].termsVersion = later;
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.RecordMismatch);
        lane.voucher.termsVersion = later;
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.BadSignature);
    }

    function attackForeignRecords(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, fee);
        address other = payers[(i % PAYERS + 1) % PAYERS];
        calls[1].payer = other;
        _refused(
            operators[o % 2],
            address(ledger),
            abi.encodeCall(ledger.recordBatch, (1, _pack(calls), DATA_HASH, _only(lane))),
            IInferenceLedger.MixedLane.selector
        );
        calls[0].payer = other;
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.RecordMismatch);
    }

    function attackForeignVoucher(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        _expectSkip(o % 2 + 1, _pack(calls), lane, IInferenceLedger.SkipReason.RecordMismatch);
    }

    function attackRecordWithoutTheRole(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        bytes memory batch = abi.encodeCall(ledger.recordBatch, (1, _pack(calls), DATA_HASH, _only(lane)));
        _refused(POSTER, address(ledger), batch, IInferenceLedger.NotOperator.selector);
        vm.prank(GUARDIAN);
        ledger.setPaused(true);
        _refused(operators[o % 2], address(ledger), batch, IInferenceLedger.LedgerPaused.selector);
        vm.prank(GUARDIAN);
        ledger.setPaused(false);
    }

    function laneOf(uint256 i, uint256 o) external view returns (IInferenceLedger.LaneState memory) {
        return ledger.laneOf(payers[i], operators[o], MODEL, TERMS);
    }

    function _draft(uint256 i, uint256 o, uint256 count, uint96 fee)
        internal
        returns (Call[] memory calls, IInferenceLedger.Lane memory lane)
    {
        calls = _calls(payers[i % PAYERS], count, fee, _nextSeed());
        lane = _honestLane(keys[i % PAYERS], operators[o % 2], calls);
    }

    function _affordable(uint256 i, uint256 o, uint256 count, uint96 fee)
        internal
        returns (Call[] memory, IInferenceLedger.Lane memory)
    {
        count = bound(count, 1, 3);
        uint128 balance = escrow.balanceOf(payers[i % PAYERS], operators[o % 2]);
        return _draft(i, o, count, uint96(bound(fee, 0, balance / count)));
    }

    /// @dev What an honest run must find in the sums.
    function _count(Call[] memory calls) internal {
        for (uint256 k; k < calls.length; ++k) {
            require(!_recorded[calls[k].requestHash], "a call was recorded twice");
            _recorded[calls[k].requestHash] = true;
            charges += calls[k].fee;
        }
        recordedCalls += calls.length;
    }

    function _count(uint256 i, uint256 o, Call[] memory calls, IInferenceLedger.Lane memory lane) private {
        _count(calls);
        _lastData[i % PAYERS][o % 2] = _pack(calls);
        _lastLane[i % PAYERS][o % 2] = lane;
    }

    function _expectSkip(
        uint256 o,
        bytes memory data,
        IInferenceLedger.Lane memory lane,
        IInferenceLedger.SkipReason reason
    ) private {
        _recordAndExpect(o, data, _only(lane), 0, 1, uint8(reason));
    }

    /// @dev Records a batch and reads from its logs how many calls counted and which lanes were skipped.
    function _recordAndExpect(
        uint256 o,
        bytes memory data,
        IInferenceLedger.Lane[] memory lanes,
        uint32 calls,
        uint256 skips,
        uint8 reason
    ) private {
        vm.recordLogs();
        vm.prank(operators[o % 2]);
        ledger.recordBatch(1, data, DATA_HASH, lanes);
        Log[] memory logs = vm.getRecordedLogs();
        uint256 skipped;
        for (uint256 k; k < logs.length; ++k) {
            if (logs[k].topics[0] == IInferenceLedger.LaneSkipped.selector) {
                (,, uint8 actual) = abi.decode(logs[k].data, (uint32, uint16, uint8));
                require(actual == reason, "skipped for another reason");
                ++skipped;
            } else if (logs[k].topics[0] == IInferenceLedger.BatchPacked.selector) {
                (, uint32 actual,,,) = abi.decode(logs[k].data, (uint8, uint32, bytes32, bytes32, bytes));
                require(actual == calls, "another number of calls");
            }
        }
        require(skipped == skips, "another number of skipped lanes");
    }
}
