// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {CommittedFixture} from "./CommittedFixture.sol";

/// @dev Gas of whole transactions, held below budgets and printed by `forge test --match-contract Gas -vvvv`.
/// Hashes have no zero bytes, so real calldata is never dearer.
contract InferenceLedgerGasTest is CommittedFixture {
    uint256 private constant CALLS = 1000;
    uint256 private constant FIRST_KEY = 0xabcdef;

    event TransactionGas(string what, uint256 payers, uint256 gasUsed);

    function setUp() public {
        _deployLedger();
    }

    function _noise(uint256 seed) private pure returns (bytes32) {
        return keccak256(abi.encode(seed)) | bytes32(type(uint256).max / 255);
    }

    function _report(string memory what, uint256 payers, uint256 budget) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit TransactionGas(what, payers, used);
        vm.assertLe(used, budget, what);
    }

    function _fund(uint256 payers, bool withSession) private {
        for (uint256 i; i < payers; ++i) {
            address who = vm.addr(FIRST_KEY + i);
            escrow.depositFor(who, OPERATOR, 1_012_345_678_901_234_567_890);
            if (!withSession) continue;
            vm.prank(who);
            escrow.setSigner(sessionKey, type(uint64).max, 1e24);
        }
    }

    function _batch(uint256 payers, uint256 round, bool withSession)
        private
        view
        returns (bytes memory data, IInferenceLedger.Lane[] memory lanes)
    {
        lanes = new IInferenceLedger.Lane[](payers);
        bytes[] memory parts = new bytes[](payers);
        for (uint256 i; i < payers; ++i) {
            (parts[i], lanes[i].voucher) = _laneOf(vm.addr(FIRST_KEY + i), CALLS / payers, round);
            lanes[i].calls = uint32(CALLS / payers);
            lanes[i].signer = withSession ? sessionKey : lanes[i].voucher.payer;
            lanes[i].signature = _sign(withSession ? SESSION_KEY : FIRST_KEY + i, lanes[i].voucher);
        }
        data = _join(parts);
    }

    function _laneOf(address who, uint256 count, uint256 round)
        private
        view
        returns (bytes memory, IInferenceLedger.Voucher memory voucher)
    {
        IInferenceLedger.LaneState memory state = ledger.laneOf(who, OPERATOR, MODEL, TERMS);
        uint96 fee = 123_456_789_012_345_678;
        voucher = IInferenceLedger.Voucher(
            who,
            OPERATOR,
            MODEL,
            TERMS,
            state.calls + uint64(count),
            state.charged + uint128(count * fee),
            state.callsChain
        );
        bytes[] memory records = new bytes[](count);
        for (uint256 k; k < count; ++k) {
            bytes32 request = _noise(uint256(uint160(who)) + round * CALLS + k);
            voucher.callsChain = keccak256(abi.encodePacked(voucher.callsChain, request));
            bytes memory head = abi.encodePacked(who, MODEL, uint16(1), TERMS, fee);
            records[k] = bytes.concat(
                head, abi.encodePacked(uint32(300), uint32(400), uint32(1_760_000_000), request, _noise(k))
            );
        }
        return (_join(records), voucher);
    }

    function _join(bytes[] memory parts) private pure returns (bytes memory joined) {
        uint256 size = parts[0].length;
        joined = new bytes(parts.length * size);
        for (uint256 i; i < parts.length; ++i) {
            bytes memory part = parts[i];
            assembly {
                mcopy(add(add(joined, 32), mul(i, size)), add(part, 32), size)
            }
        }
    }

    function _measurePacked(uint256 payers, bool withSession, uint256 first, uint256 later) private {
        _fund(payers, withSession);
        for (uint256 round; round < 2; ++round) {
            (bytes memory data, IInferenceLedger.Lane[] memory lanes) = _batch(payers, round, withSession);
            _record(OPERATOR, data, lanes);
            _report(withSession ? "packed, session key" : "packed", payers, round == 0 ? first : later);
        }
    }

    function _measureSettled(uint256 payers, uint256 first, uint256 later) private {
        _fund(payers, false);
        for (uint256 round; round < 2; ++round) {
            IInferenceLedger.CommittedBatch[] memory batches = _one(_commit(uint32(CALLS)));
            (, IInferenceLedger.Lane[] memory signed) = _batch(payers, round, false);
            IInferenceLedger.SettledLane[] memory lanes = new IInferenceLedger.SettledLane[](payers);
            for (uint256 i; i < payers; ++i) {
                IInferenceLedger.Lane memory lane = signed[i];
                lanes[i] = IInferenceLedger.SettledLane(
                    lane.voucher, lane.signer, lane.voucher.cumulativeMaxFee, lane.calls, lane.signature
                );
            }
            _settle(OPERATOR, batches, lanes);
            _report("settle", payers, round == 0 ? first : later);
        }
    }

    /// forge-config: default.isolate = true
    function test_a_packed_batch_of_1_payer() public {
        _measurePacked(1, false, 4_300_000, 4_300_000);
    }

    /// forge-config: default.isolate = true
    function test_a_packed_batch_of_10_payers() public {
        _measurePacked(10, false, 4_400_000, 4_400_000);
    }

    /// forge-config: default.isolate = true
    function test_a_packed_batch_of_100_payers() public {
        _measurePacked(100, false, 10_200_000, 6_750_000);
    }

    /// forge-config: default.isolate = true
    function test_a_packed_batch_that_session_keys_signed() public {
        _measurePacked(100, true, 11_000_000, 7_550_000);
    }

    /// forge-config: default.isolate = true
    function test_a_committed_batch() public {
        for (uint256 i; i < 2; ++i) {
            vm.prank(OPERATOR);
            ledger.commitBatch(1, uint32(CALLS), _noise(i), _noise(i + 7), COMMITMENT);
            _report("commit", 0, 60_000);
        }
    }

    /// forge-config: default.isolate = true
    function test_a_settlement_of_1_payer() public {
        _measureSettled(1, 180_000, 110_000);
    }

    /// forge-config: default.isolate = true
    function test_a_settlement_of_100_payers() public {
        _measureSettled(100, 7_500_000, 4_000_000);
    }
}
