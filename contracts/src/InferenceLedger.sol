// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "./interfaces/IInferenceLedger.sol";
import {PackedCalls} from "./libraries/PackedCalls.sol";
import {VoucherSignature} from "./libraries/VoucherSignature.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title Inference calls as facts, each signed for by its payer
/// @notice See {IInferenceLedger}.
/// @dev Who may record is kept here and not asked of the AccessManager, which costs 9,000 gas more per batch.
contract InferenceLedger is IInferenceLedger, EIP712, AccessManaged {
    using PackedCalls for bytes;
    using VoucherSignature for address;

    /// @dev What the lanes of a packed batch come to.
    struct Tally {
        uint32 calls;
        bytes32 skipped;
    }

    bytes32 private constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(address payer,address operator,uint32 modelId,uint16 termsVersion,uint64 calls,uint128 cumulativeMaxFee,bytes32 callsChain)"
    );
    uint256 private constant MAX_COMMITMENT_BYTES = 512;
    uint8 private constant PACKED = 1;
    uint8 private constant COMMITTED = 2;
    uint8 private constant SETTLED = 3;

    /// @inheritdoc IInferenceLedger
    IInferenceEscrow public immutable escrow;
    // Both lie in the slot of the authority, which is never empty: the first batch is no dearer than others.
    uint64 private _batchCount;
    /// @inheritdoc IInferenceLedger
    bool public paused;
    /// @inheritdoc IInferenceLedger
    mapping(address account => bool) public isOperator;
    /// @inheritdoc IInferenceLedger
    mapping(uint8 codec => bytes32) public specHashOf;
    /// @inheritdoc IInferenceLedger
    mapping(uint256 batchId => bytes32) public anchorOf;
    mapping(bytes32 laneId => LaneState state) private _lanes;

    /// @dev Reverts unless the caller may record now.
    modifier onlyRecording() {
        if (paused) revert LedgerPaused();
        if (!isOperator[msg.sender]) revert NotOperator(msg.sender);
        _;
    }

    /// @notice Binds the ledger to its escrow and registers codec 1.
    /// @param authority The AccessManager.
    /// @param escrow_ Already bound to the address of this ledger.
    constructor(address authority, IInferenceEscrow escrow_)
        EIP712("Provenant InferenceLedger", "1")
        AccessManaged(authority)
    {
        if (authority == address(0)) revert ZeroAddress();
        if (escrow_.ledger() != address(this)) revert EscrowOfAnotherLedger(escrow_.ledger());
        escrow = escrow_;
        _registerCodec(PackedCalls.CODEC, PackedCalls.SPEC_HASH);
    }

    /// @inheritdoc IInferenceLedger
    function recordBatch(uint8 codec, bytes calldata data, bytes32 dataHash, Lane[] calldata lanes)
        external
        onlyRecording
        returns (uint256 batchId)
    {
        if (codec != PackedCalls.CODEC) revert UnknownCodec(codec);
        uint256 records = _checkLength(data, lanes);
        batchId = ++_batchCount;
        Tally memory tally = _recordLanes(batchId, data, lanes);
        escrow.settle();
        bytes32 digest = keccak256(data);
        anchorOf[batchId] = _anchorNow(PACKED, records, digest, tally.skipped);
        emit BatchPacked(batchId, msg.sender, codec, tally.calls, digest, dataHash, data);
    }

    /// @inheritdoc IInferenceLedger
    function commitBatch(
        uint8 codec,
        uint32 calls,
        bytes32 root,
        bytes32 dataHash,
        bytes calldata daCommitment
    ) external onlyRecording returns (uint256 batchId) {
        if (codec != PackedCalls.CODEC && specHashOf[codec] == 0) {
            revert UnknownCodec(codec);
        }
        if (calls == 0) revert EmptyBatch();
        if (root == 0 || dataHash == 0) revert ZeroHash();
        uint256 length = daCommitment.length;
        if (length == 0 || length > MAX_COMMITMENT_BYTES) revert CommitmentLength(length);
        batchId = ++_batchCount;
        anchorOf[batchId] = _anchorNow(COMMITTED, calls, root, 0);
        emit BatchCommitted(batchId, msg.sender, root, codec, calls, dataHash, daCommitment);
    }

    /// @inheritdoc IInferenceLedger
    function settle(CommittedBatch[] calldata batches, SettledLane[] calldata lanes) external onlyRecording {
        uint256 calls = _settleBatches(batches);
        uint256 settled = _settleLanes(batches[batches.length - 1].batchId, lanes);
        if (settled != calls) revert CallsMismatch(calls, settled);
        escrow.settle();
        for (uint256 i; i < batches.length; ++i) {
            emit BatchSettled(batches[i].batchId);
        }
    }

    /// @inheritdoc IInferenceLedger
    function dropBatch(CommittedBatch calldata batch) external {
        _checkCommitted(batch);
        anchorOf[batch.batchId] = 0;
        emit BatchDropped(batch.batchId);
    }

    /// @inheritdoc IInferenceLedger
    function setOperator(address operator, bool allowed) external restricted {
        if (operator == address(0)) revert ZeroAddress();
        isOperator[operator] = allowed;
        emit OperatorSet(operator, allowed);
    }

    /// @inheritdoc IInferenceLedger
    function registerCodec(uint8 codec, bytes32 specHash) external restricted {
        _registerCodec(codec, specHash);
    }

    /// @inheritdoc IInferenceLedger
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc IInferenceLedger
    function batchCount() external view returns (uint256) {
        return _batchCount;
    }

    /// @inheritdoc IInferenceLedger
    function laneOf(address payer, address operator, uint32 modelId, uint16 termsVersion)
        external
        view
        returns (LaneState memory)
    {
        return _lanes[keccak256(abi.encode(payer, operator, modelId, termsVersion))];
    }

    /// @inheritdoc IInferenceLedger
    function hashVoucher(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, voucher)));
    }

    /// @inheritdoc IInferenceLedger
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return signer.isSignedBy(digest, signature);
    }

    function _registerCodec(uint8 codec, bytes32 specHash) private {
        if (specHash == 0) revert ZeroHash();
        if (specHashOf[codec] != 0) revert CodecTaken(codec);
        specHashOf[codec] = specHash;
        emit CodecRegistered(codec, specHash);
    }

    function _checkLength(bytes calldata data, Lane[] calldata lanes) private pure returns (uint256 records) {
        if (lanes.length == 0) revert EmptyBatch();
        for (uint256 i; i < lanes.length; ++i) {
            if (lanes[i].calls == 0) revert EmptyLane(i);
            records += lanes[i].calls;
        }
        uint256 expected = records * PackedCalls.RECORD_BYTES;
        if (data.length != expected) revert LengthMismatch(expected, data.length);
    }

    function _recordLanes(uint256 batchId, bytes calldata data, Lane[] calldata lanes)
        private
        returns (Tally memory tally)
    {
        uint256 first;
        bytes28 previousKey;
        for (uint256 i; i < lanes.length; ++i) {
            Lane calldata lane = lanes[i];
            LaneState storage state = _stateOf(lane.voucher);
            uint256 end = first + lane.calls;
            PackedCalls.LaneSums memory sums = data.sumLane(first, end, state.callsChain);
            if (sums.next != end) revert MixedLane(i, sums.next);
            // Readers of the log find the lanes as runs of equal keys.
            if (sums.key == previousKey) revert LaneNotSeparate(i);
            SkipReason reason = _recordLane(batchId, lane, sums, state);
            if (reason == SkipReason.None) {
                tally.calls += lane.calls;
            } else {
                tally.skipped = keccak256(abi.encode(tally.skipped, first, end));
                _emitSkipped(batchId, i, sums.key, reason);
            }
            previousKey = sums.key;
            first = end;
        }
    }

    function _recordLane(
        uint256 batchId,
        Lane calldata lane,
        PackedCalls.LaneSums memory sums,
        LaneState storage state
    ) private returns (SkipReason reason) {
        Voucher calldata voucher = lane.voucher;
        if (!lane.signer.isSignedBy(hashVoucher(voucher), lane.signature)) return SkipReason.BadSignature;
        bytes28 key = PackedCalls.packLaneKey(voucher.payer, voucher.modelId, voucher.termsVersion);
        if (voucher.operator != msg.sender || sums.key != key) return SkipReason.RecordMismatch;
        if (uint256(voucher.calls) != uint256(state.calls) + lane.calls) return SkipReason.CallCount;
        if (voucher.callsChain != sums.callsChain) return SkipReason.ChainMismatch;
        uint256 charged = uint256(state.charged) + sums.fees;
        if (charged > voucher.cumulativeMaxFee) return SkipReason.OverVoucher;
        reason = _charge(batchId, voucher.payer, lane.signer, sums.fees, lane.calls);
        // At most the voucher's 128-bit limit, checked above.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (reason == SkipReason.None) _moveLane(state, voucher, uint128(charged));
    }

    function _settleBatches(CommittedBatch[] calldata batches) private returns (uint256 calls) {
        if (batches.length == 0) revert EmptyBatch();
        uint256 previous;
        for (uint256 i; i < batches.length; ++i) {
            CommittedBatch calldata batch = batches[i];
            if (batch.batchId <= previous) revert NotAscending(batch.batchId);
            previous = batch.batchId;
            _checkCommitted(batch);
            anchorOf[batch.batchId] = _anchorNow(SETTLED, batch.calls, batch.root, 0);
            calls += batch.calls;
        }
    }

    function _settleLanes(uint256 batchId, SettledLane[] calldata lanes) private returns (uint256 calls) {
        for (uint256 i; i < lanes.length; ++i) {
            SettledLane calldata lane = lanes[i];
            if (lane.calls == 0) revert EmptyLane(i);
            SkipReason reason = _settleLane(batchId, lane, _stateOf(lane.voucher));
            if (reason != SkipReason.None) revert LaneRejected(i, reason);
            calls += lane.calls;
        }
    }

    function _settleLane(uint256 batchId, SettledLane calldata lane, LaneState storage state)
        private
        returns (SkipReason reason)
    {
        Voucher calldata voucher = lane.voucher;
        if (!lane.signer.isSignedBy(hashVoucher(voucher), lane.signature)) return SkipReason.BadSignature;
        uint128 before = state.charged;
        if (voucher.operator != msg.sender || lane.charged < before) return SkipReason.RecordMismatch;
        if (uint256(voucher.calls) != uint256(state.calls) + lane.calls) return SkipReason.CallCount;
        if (lane.charged > voucher.cumulativeMaxFee) return SkipReason.OverVoucher;
        reason = _charge(batchId, voucher.payer, lane.signer, lane.charged - before, lane.calls);
        if (reason != SkipReason.None) return reason;
        _moveLane(state, voucher, lane.charged);
        emit LaneSettled(
            voucher.payer,
            msg.sender,
            voucher.modelId,
            voucher.termsVersion,
            voucher.calls,
            lane.charged,
            voucher.callsChain
        );
    }

    function _charge(uint256 batchId, address payer, address signer, uint128 amount, uint32 calls)
        private
        returns (SkipReason)
    {
        IInferenceEscrow.ChargeResult result =
            escrow.charge(batchId, payer, msg.sender, signer, amount, calls);
        if (result == IInferenceEscrow.ChargeResult.Covered) return SkipReason.None;
        if (result == IInferenceEscrow.ChargeResult.Underfunded) return SkipReason.Underfunded;
        if (result == IInferenceEscrow.ChargeResult.KeyExpired) return SkipReason.KeyExpired;
        return SkipReason.KeyOverCap;
    }

    function _moveLane(LaneState storage state, Voucher calldata voucher, uint128 charged) private {
        state.calls = voucher.calls;
        state.charged = charged;
        state.callsChain = voucher.callsChain;
    }

    function _emitSkipped(uint256 batchId, uint256 lane, bytes28 key, SkipReason reason) private {
        (address payer, uint32 modelId, uint16 termsVersion) = PackedCalls.unpackLaneKey(key);
        // A lane takes at least 116 bytes of one transaction.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit LaneSkipped(batchId, uint32(lane), payer, modelId, termsVersion, uint8(reason));
    }

    function _checkCommitted(CommittedBatch calldata batch) private view {
        bytes32 anchor = _hash(
            BatchAnchor(
                COMMITTED, msg.sender, batch.blockNumber, batch.recordedAt, batch.calls, batch.root, 0
            )
        );
        if (anchorOf[batch.batchId] != anchor) revert NotCommitted(batch.batchId);
    }

    function _anchorNow(uint8 mode, uint256 calls, bytes32 digest, bytes32 skipped)
        private
        view
        returns (bytes32)
    {
        // A record takes 116 bytes of one transaction, so there are fewer than 2^32.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint32 calls_ = uint32(calls);
        return _hash(
            BatchAnchor(
                mode, msg.sender, uint64(block.number), uint64(block.timestamp), calls_, digest, skipped
            )
        );
    }

    function _hash(BatchAnchor memory anchor) private pure returns (bytes32) {
        return keccak256(abi.encode(anchor));
    }

    function _stateOf(Voucher calldata voucher) private view returns (LaneState storage) {
        return
            _lanes[
                keccak256(abi.encode(voucher.payer, voucher.operator, voucher.modelId, voucher.termsVersion))
            ];
    }
}
