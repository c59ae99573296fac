// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./IInferenceEscrow.sol";

/// @title Inference calls as facts, each signed for by its payer
/// @notice A lane is (payer, operator, modelId, termsVersion). The payer signs a cumulative voucher over the
/// lane: how many calls, a hash chain over their requests, and the most they may cost together. The operator
/// can therefore neither invent a call, nor overcharge, nor record one twice. Codec 1 packs a call into 116
/// big-endian bytes: payer 20, modelId 4, modelVersion 2, termsVersion 2, fee 12, tokensIn 4, tokensOut 4,
/// timestamp 4, requestHash 32, outputHash 32.
interface IInferenceLedger {
    /// @dev EIP-712, domain {"Provenant InferenceLedger", "1", chain id, ledger}.
    struct Voucher {
        address payer;
        address operator;
        uint32 modelId;
        uint16 termsVersion;
        /// All calls of the lane so far, those of this batch included.
        uint64 calls;
        /// The most that all those calls may cost together.
        uint128 cumulativeMaxFee;
        /// c_0 = 0, c_n = keccak256(c_(n-1) ‖ requestHash_n).
        bytes32 callsChain;
    }

    struct Lane {
        Voucher voucher;
        /// Number of records of the lane in this batch.
        uint32 calls;
        bytes signature;
    }

    struct LaneState {
        uint64 calls;
        uint128 charged;
        bytes32 callsChain;
    }

    /// @dev Codes 1 to 6 are part of the event; `None` is never emitted.
    enum SkipReason {
        None,
        BadSignature,
        CallCount,
        ChainMismatch,
        OverVoucher,
        Underfunded,
        RecordMismatch
    }

    event CodecRegistered(uint8 indexed codec, bytes32 specHash);
    /// @notice Last event of a batch: every `LaneSkipped` and every `Charged` of it precede it.
    /// @param calls Records of the lanes that were not skipped.
    /// @param digest keccak256 of `data`.
    /// @param dataHash sha256 of the citations artifact.
    /// @param data All records. Lanes are the runs of equal (payer, modelId, termsVersion), in order.
    event BatchPacked(
        uint256 indexed batchId,
        address indexed operator,
        uint8 codec,
        uint32 calls,
        bytes32 digest,
        bytes32 dataHash,
        bytes data
    );
    /// @notice The records of one lane do not count; what the others record is untouched.
    /// @param lane Index of the lane from 0; `payer`, `modelId` and `termsVersion` are those of its records.
    event LaneSkipped(
        uint256 indexed batchId,
        uint32 indexed lane,
        address indexed payer,
        uint32 modelId,
        uint16 termsVersion,
        uint8 reason
    );

    error ZeroAddress();
    error EscrowOfAnotherLedger(address ledger);
    error UnknownCodec(uint8 codec);
    error EmptyBatch();
    error EmptyLane(uint256 lane);
    error LengthMismatch(uint256 expected, uint256 actual);
    error MixedLane(uint256 lane, uint256 record);
    error LaneNotSeparate(uint256 lane);

    /// @notice Records a batch and charges its payers; only the role OPERATOR, only in its own lanes.
    /// A lane that fails is skipped; a batch whose lanes cannot be told apart in `data` reverts as a whole.
    /// @param codec How `data` is packed; 1 is the only one.
    /// @param data Records sorted by lane, lanes in the order of `lanes`.
    /// @param dataHash sha256 of the citations artifact.
    /// @return batchId Counter from 1.
    function recordBatch(uint8 codec, bytes calldata data, bytes32 dataHash, Lane[] calldata lanes)
        external
        returns (uint256 batchId);

    function escrow() external view returns (IInferenceEscrow);

    function batchCount() external view returns (uint256);

    /// @notice What the lane has recorded so far; the next voucher continues from here.
    function laneOf(address payer, address operator, uint32 modelId, uint16 termsVersion)
        external
        view
        returns (LaneState memory state);

    /// @notice The EIP-712 digest that the payer signs.
    function hashVoucher(Voucher calldata voucher) external view returns (bytes32 digest);

    /// @notice True if `signature` is the signer's: ECDSA, or ERC-1271 if the signer has code.
    /// @dev External so that the ledger can call itself with a gas limit: a payer's contract must not be
    /// able to burn the gas of everyone else's batch.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool valid);
}
