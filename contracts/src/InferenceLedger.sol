// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "./interfaces/IInferenceLedger.sol";
import {PackedCalls} from "./libraries/PackedCalls.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title InferenceLedger
contract InferenceLedger is IInferenceLedger, AccessManaged, EIP712 {
    using PackedCalls for bytes;

    /// @dev What the records of one lane come to.
    struct LaneSums {
        bytes28 key;
        uint128 fees;
        bytes32 callsChain;
    }

    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(address payer,address operator,uint32 modelId,uint16 termsVersion,uint64 calls,uint128 cumulativeMaxFee,bytes32 callsChain)"
    );
    /// @dev Enough for ERC-1271 wallets with several owners.
    uint256 private constant SIGNATURE_GAS = 200_000;

    /// @inheritdoc IInferenceLedger
    IInferenceEscrow public immutable escrow;
    /// @inheritdoc IInferenceLedger
    uint256 public batchCount;
    mapping(bytes32 laneId => LaneState state) private _lanes;

    /// @param authority The AccessManager.
    /// @param escrow_ Already bound to the address of this ledger.
    constructor(address authority, IInferenceEscrow escrow_)
        AccessManaged(authority)
        EIP712("Provenant InferenceLedger", "1")
    {
        if (authority == address(0)) revert ZeroAddress();
        if (escrow_.ledger() != address(this)) revert EscrowOfAnotherLedger(escrow_.ledger());
        escrow = escrow_;
        emit CodecRegistered(PackedCalls.CODEC, PackedCalls.SPEC_HASH);
    }

    /// @inheritdoc IInferenceLedger
    function recordBatch(uint8 codec, bytes calldata data, bytes32 dataHash, Lane[] calldata lanes)
        external
        restricted
        returns (uint256 batchId)
    {
        if (codec != PackedCalls.CODEC) revert UnknownCodec(codec);
        _checkLength(data, lanes);
        batchId = ++batchCount;
        uint32 calls = _recordLanes(batchId, data, lanes);
        escrow.settle();
        emit BatchPacked(batchId, msg.sender, codec, calls, keccak256(data), dataHash, data);
    }

    /// @inheritdoc IInferenceLedger
    function laneOf(address payer, address operator, uint32 modelId, uint16 termsVersion)
        external
        view
        returns (LaneState memory)
    {
        return _lanes[_laneId(payer, operator, modelId, termsVersion)];
    }

    /// @inheritdoc IInferenceLedger
    function hashVoucher(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPEHASH,
                    voucher.payer,
                    voucher.operator,
                    voucher.modelId,
                    voucher.termsVersion,
                    voucher.calls,
                    voucher.cumulativeMaxFee,
                    voucher.callsChain
                )
            )
        );
    }

    /// @inheritdoc IInferenceLedger
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature);
    }

    function _checkLength(bytes calldata data, Lane[] calldata lanes) private pure {
        if (lanes.length == 0) revert EmptyBatch();
        uint256 records;
        for (uint256 i; i < lanes.length; ++i) {
            if (lanes[i].calls == 0) revert EmptyLane(i);
            records += lanes[i].calls;
        }
        uint256 expected = records * PackedCalls.RECORD_BYTES;
        if (data.length != expected) revert LengthMismatch(expected, data.length);
    }

    function _recordLanes(uint256 batchId, bytes calldata data, Lane[] calldata lanes)
        private
        returns (uint32 calls)
    {
        uint256 first;
        bytes28 previousKey;
        for (uint256 i; i < lanes.length; ++i) {
            Lane calldata lane = lanes[i];
            LaneSums memory sums = _sumLane(data, first, i, lane);
            // Readers of the log find the lanes as runs of equal keys.
            if (sums.key == previousKey) revert LaneNotSeparate(i);
            SkipReason reason = _recordLane(batchId, lane, sums);
            if (reason == SkipReason.None) calls += lane.calls;
            else _emitSkipped(batchId, i, sums.key, reason);
            previousKey = sums.key;
            first += lane.calls;
        }
    }

    function _sumLane(bytes calldata data, uint256 first, uint256 index, Lane calldata lane)
        private
        view
        returns (LaneSums memory sums)
    {
        Voucher calldata voucher = lane.voucher;
        sums.key = data.laneKey(first);
        sums.callsChain =
        _lanes[_laneId(voucher.payer, voucher.operator, voucher.modelId, voucher.termsVersion)].callsChain;
        uint256 end = first + lane.calls;
        for (uint256 record = first; record < end; ++record) {
            if (data.laneKey(record) != sums.key) revert MixedLane(index, record);
            sums.fees += data.fee(record);
            sums.callsChain = Hashes.efficientKeccak256(sums.callsChain, data.requestHash(record));
        }
    }

    function _recordLane(uint256 batchId, Lane calldata lane, LaneSums memory sums)
        private
        returns (SkipReason)
    {
        Voucher calldata voucher = lane.voucher;
        if (!_isSigned(voucher, lane.signature)) return SkipReason.BadSignature;
        bytes28 key = PackedCalls.packLaneKey(voucher.payer, voucher.modelId, voucher.termsVersion);
        if (voucher.operator != msg.sender || sums.key != key) return SkipReason.RecordMismatch;

        LaneState storage state =
            _lanes[_laneId(voucher.payer, voucher.operator, voucher.modelId, voucher.termsVersion)];
        if (uint256(voucher.calls) != uint256(state.calls) + lane.calls) return SkipReason.CallCount;
        if (voucher.callsChain != sums.callsChain) return SkipReason.ChainMismatch;
        uint256 charged = uint256(state.charged) + sums.fees;
        if (charged > voucher.cumulativeMaxFee) return SkipReason.OverVoucher;
        if (!escrow.charge(batchId, voucher.payer, msg.sender, sums.fees, lane.calls)) {
            return SkipReason.Underfunded;
        }
        state.calls = voucher.calls;
        // At most the voucher's 128-bit limit, checked above.
        // forge-lint: disable-next-line(unsafe-typecast)
        state.charged = uint128(charged);
        state.callsChain = voucher.callsChain;
        return SkipReason.None;
    }

    function _isSigned(Voucher calldata voucher, bytes calldata signature) private view returns (bool) {
        try this.isSignedBy{gas: SIGNATURE_GAS}(voucher.payer, hashVoucher(voucher), signature) returns (
            bool valid
        ) {
            return valid;
        } catch {
            return false;
        }
    }

    function _emitSkipped(uint256 batchId, uint256 lane, bytes28 key, SkipReason reason) private {
        (address payer, uint32 modelId, uint16 termsVersion) = PackedCalls.unpackLaneKey(key);
        // A lane takes at least 116 bytes of one transaction.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit LaneSkipped(batchId, uint32(lane), payer, modelId, termsVersion, uint8(reason));
    }

    function _laneId(address payer, address operator, uint32 modelId, uint16 termsVersion)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(payer, operator, modelId, termsVersion));
    }
}
