// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {Call} from "./Lanes.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

/// @dev Committed batches and their settlement.
abstract contract CommittedFixture is LedgerFixture {
    bytes32 internal constant ROOT = keccak256("root");
    bytes internal constant COMMITMENT =
        hex"00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

    function _commit(uint32 calls) internal returns (IInferenceLedger.CommittedBatch memory) {
        vm.prank(OPERATOR);
        uint256 batchId = ledger.commitBatch(1, calls, ROOT, DATA_HASH, COMMITMENT);
        return IInferenceLedger.CommittedBatch(
            batchId, uint64(vm.getBlockNumber()), uint64(vm.getBlockTimestamp()), calls, ROOT
        );
    }

    /// @dev What an honest operator settles for these calls, which all are of one lane.
    function _settled(uint256 key, Call[] memory calls)
        internal
        view
        returns (IInferenceLedger.SettledLane memory)
    {
        IInferenceLedger.Lane memory lane = _honestLane(key, OPERATOR, calls);
        return IInferenceLedger.SettledLane(
            lane.voucher, lane.signer, lane.voucher.cumulativeMaxFee, lane.calls, lane.signature
        );
    }

    function _one(IInferenceLedger.CommittedBatch memory batch)
        internal
        pure
        returns (IInferenceLedger.CommittedBatch[] memory batches)
    {
        batches = new IInferenceLedger.CommittedBatch[](1);
        batches[0] = batch;
    }

    function _pair(
        IInferenceLedger.CommittedBatch memory first,
        IInferenceLedger.CommittedBatch memory second
    ) internal pure returns (IInferenceLedger.CommittedBatch[] memory batches) {
        batches = new IInferenceLedger.CommittedBatch[](2);
        batches[0] = first;
        batches[1] = second;
    }

    function _alone(IInferenceLedger.SettledLane memory lane)
        internal
        pure
        returns (IInferenceLedger.SettledLane[] memory lanes)
    {
        lanes = new IInferenceLedger.SettledLane[](1);
        lanes[0] = lane;
    }

    function _lanes(IInferenceLedger.SettledLane memory first, IInferenceLedger.SettledLane memory second)
        internal
        pure
        returns (IInferenceLedger.SettledLane[] memory lanes)
    {
        lanes = new IInferenceLedger.SettledLane[](2);
        lanes[0] = first;
        lanes[1] = second;
    }

    function _settle(
        address operator,
        IInferenceLedger.CommittedBatch[] memory batches,
        IInferenceLedger.SettledLane[] memory lanes
    ) internal {
        vm.prank(operator);
        ledger.settle(batches, lanes);
    }

    /// @dev Settling `batch` in the operator's name fails because it does not wait for it as it is given.
    function _expectNotSettled(IInferenceLedger.CommittedBatch memory batch) internal {
        IInferenceLedger.SettledLane memory lane = _settled(KEY, _calls(payer, batch.calls, FEE, 77));
        vm.expectRevert(abi.encodeWithSelector(IInferenceLedger.NotCommitted.selector, batch.batchId));
        _settle(OPERATOR, _one(batch), _alone(lane));
    }

    function _expectSettled(IInferenceLedger.SettledLane memory lane) internal {
        IInferenceLedger.Voucher memory v = lane.voucher;
        vm.expectEmit(address(ledger));
        emit IInferenceLedger.LaneSettled(
            v.payer, OPERATOR, v.modelId, v.termsVersion, v.calls, lane.charged, v.callsChain
        );
    }

    function _assertLane(IInferenceLedger.SettledLane memory lane) internal view {
        IInferenceLedger.LaneState memory state =
            ledger.laneOf(lane.voucher.payer, OPERATOR, lane.voucher.modelId, lane.voucher.termsVersion);
        vm.assertEq(state.calls, lane.voucher.calls, "calls");
        vm.assertEq(state.charged, lane.charged, "charged");
        vm.assertEq(state.callsChain, lane.voucher.callsChain, "chain");
    }
}
