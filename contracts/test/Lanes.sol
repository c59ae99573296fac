// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {InferenceLedger} from "../src/InferenceLedger.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {TestBase} from "./Base.sol";

/// @dev One call as codec 1 packs it.
struct Call {
    address payer;
    uint32 modelId;
    uint16 modelVersion;
    uint16 termsVersion;
    uint96 fee;
    bytes32 requestHash;
}

/// @dev Calls, and the lanes that honest payers sign for them.
abstract contract Lanes is TestBase {
    uint32 internal immutable MODEL;
    uint16 internal immutable TERMS;
    bytes32 internal constant DATA_HASH = keccak256("citations");

    InferenceLedger internal ledger;

    constructor(uint32 model, uint16 terms) {
        (MODEL, TERMS) = (model, terms);
    }

    /// @dev `count` calls of one lane whose requests follow from `seed`.
    function _calls(address payer, uint256 count, uint96 fee, uint256 seed)
        internal
        view
        returns (Call[] memory calls)
    {
        calls = new Call[](count);
        for (uint256 i; i < count; ++i) {
            calls[i] = Call(payer, MODEL, 1, TERMS, fee, keccak256(abi.encode(seed, i)));
        }
    }

    function _pack(Call[] memory calls) internal pure returns (bytes memory data) {
        for (uint256 i; i < calls.length; ++i) {
            data = bytes.concat(data, _packOne(calls[i]));
        }
    }

    function _packOne(Call memory c) internal pure returns (bytes memory) {
        return bytes.concat(
            abi.encodePacked(c.payer, c.modelId, c.modelVersion, c.termsVersion, c.fee),
            abi.encodePacked(uint32(11), uint32(22), uint32(33), c.requestHash, bytes32("output"))
        );
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
}
