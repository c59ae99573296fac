// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./IInferenceEscrow.sol";

/// @title Inference calls as facts, each signed for by its payer
/// @notice A lane is (payer, operator, modelId, termsVersion). The payer, or a session key of the payer, signs
/// a cumulative voucher over the lane: how many calls, a hash chain over their requests, and the most they may
/// cost together. The operator can therefore neither invent a call, nor overcharge, nor record one twice.
/// Codec 1 packs a call into 116 big-endian bytes: payer 20, modelId 4, modelVersion 2, termsVersion 2,
/// fee 12, tokensIn 4, tokensOut 4, timestamp 4, requestHash 32, outputHash 32.
/// @dev Two ways to record. Packed: `recordBatch` carries every record, checks all of it and charges at once.
/// Committed: `commitBatch` carries a Merkle root, `settle` later charges the lanes of several such batches;
/// the records themselves are off-chain, so that they fit the vouchers is checked by whoever holds them.
interface IInferenceLedger {
    /// @notice What a payer signs.
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

    /// @notice The records of one lane in a packed batch.
    struct Lane {
        Voucher voucher;
        /// The payer, or a session key that the payer set in the escrow.
        address signer;
        /// Number of records of the lane in this batch.
        uint32 calls;
        bytes signature;
    }

    /// @notice What one lane owes for its records in committed batches.
    struct SettledLane {
        Voucher voucher;
        /// The payer, or a session key that the payer set in the escrow.
        address signer;
        /// Fees of all calls of the lane so far, these included.
        uint128 charged;
        /// Number of records of the lane in the batches that are settled.
        uint32 calls;
        bytes signature;
    }

    /// @notice A batch as its `BatchCommitted` told it; the ledger keeps only a hash of this.
    struct CommittedBatch {
        uint256 batchId;
        /// Block of the event.
        uint64 blockNumber;
        /// Time of that block.
        uint64 recordedAt;
        uint32 calls;
        bytes32 root;
    }

    /// @notice How far a lane has come.
    struct LaneState {
        uint64 calls;
        uint128 charged;
        bytes32 callsChain;
    }

    /// @notice What the ledger remembers of a batch, as keccak256(abi.encode(anchor)).
    struct BatchAnchor {
        /// 1 packed, 2 committed, 3 committed and settled.
        uint8 mode;
        address operator;
        /// Block of the batch; of the settlement in mode 3.
        uint64 blockNumber;
        /// Time of that block: a call is bound to the terms that were set before it.
        uint64 recordedAt;
        /// Records, those of skipped lanes included.
        uint32 calls;
        /// Packed: keccak256 of the data. Committed: root of the tree over the records.
        bytes32 digest;
        /// Packed: s_0 = 0, s_n = keccak256(abi.encode(s_(n-1), uint256 firstRecord, uint256 endRecord)) over
        /// the skipped lanes in order, end exclusive. Committed: 0.
        bytes32 skipped;
    }

    /// @notice Why a lane does not count. `None` is never emitted.
    enum SkipReason {
        None,
        BadSignature,
        CallCount,
        ChainMismatch,
        OverVoucher,
        Underfunded,
        RecordMismatch,
        KeyExpired,
        KeyOverCap
    }

    /// @notice A way to pack records; `specHash` is the keccak256 of its description and never changes.
    /// @param codec Number of the codec.
    /// @param specHash keccak256 of its description.
    event CodecRegistered(uint8 indexed codec, bytes32 specHash);
    /// @notice An account may or may not record batches from now on.
    /// @param operator The account.
    /// @param allowed Whether it may record.
    event OperatorSet(address indexed operator, bool allowed);
    /// @notice While paused nothing is recorded, committed or settled.
    /// @param paused The new value.
    event PausedSet(bool paused);
    /// @notice Last event of a batch: every `LaneSkipped` and every `Charged` of it precede it.
    /// @param batchId The batch.
    /// @param operator Whose batch.
    /// @param codec How `data` is packed.
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
    /// @param batchId The batch.
    /// @param lane Index of the lane from 0; `payer`, `modelId` and `termsVersion` are those of its records.
    /// @param payer Who signed for the lane.
    /// @param modelId The model of the lane.
    /// @param termsVersion The terms of the lane.
    /// @param reason A `SkipReason`.
    event LaneSkipped(
        uint256 indexed batchId,
        uint32 indexed lane,
        address indexed payer,
        uint32 modelId,
        uint16 termsVersion,
        uint8 reason
    );
    /// @notice Records were committed to; they count once the batch is settled.
    /// @param batchId The batch.
    /// @param operator Whose batch.
    /// @param root OrderedMerkle over the records in order, a leaf being the bytes of a record.
    /// @param codec How the records are packed.
    /// @param calls Number of records.
    /// @param dataHash sha256 of the body, the records without gaps.
    /// @param daCommitment Where the body is: 0x00 ‖ keccak256(body), or what an alt-DA layer returned.
    event BatchCommitted(
        uint256 indexed batchId,
        address indexed operator,
        bytes32 indexed root,
        uint8 codec,
        uint32 calls,
        bytes32 dataHash,
        bytes daCommitment
    );
    /// @notice A lane moved to these absolute values in a settlement.
    /// @param payer Who signed for the lane.
    /// @param operator The operator of the lane.
    /// @param modelId The model of the lane.
    /// @param termsVersion The terms of the lane.
    /// @param calls All calls of the lane so far.
    /// @param charged Fees of all calls of the lane so far.
    /// @param callsChain Hash chain over all its requests so far.
    event LaneSettled(
        address indexed payer,
        address indexed operator,
        uint32 indexed modelId,
        uint16 termsVersion,
        uint64 calls,
        uint128 charged,
        bytes32 callsChain
    );
    /// @notice All records of a committed batch count from now on; follows the lanes of its settlement.
    /// @param batchId The batch.
    event BatchSettled(uint256 indexed batchId);
    /// @notice A committed batch will never be settled.
    /// @param batchId The batch.
    event BatchDropped(uint256 indexed batchId);

    /// @notice The zero address was given.
    error ZeroAddress();
    /// @notice A hash of 0 was given.
    error ZeroHash();
    /// @notice The escrow obeys another ledger.
    /// @param ledger The other one.
    error EscrowOfAnotherLedger(address ledger);
    /// @notice Only registered operators record.
    /// @param caller Who called.
    error NotOperator(address caller);
    /// @notice Nothing is recorded for now.
    error LedgerPaused();
    /// @notice No such codec, or not in this mode.
    /// @param codec Number of the codec.
    error UnknownCodec(uint8 codec);
    /// @notice Codecs are written once.
    /// @param codec Number of the codec.
    error CodecTaken(uint8 codec);
    /// @notice A batch without records or a settlement without batches.
    error EmptyBatch();
    /// @notice A lane without calls.
    /// @param lane Index of the lane from 0.
    error EmptyLane(uint256 lane);
    /// @notice The lanes need `expected` bytes of records.
    /// @param expected Bytes.
    /// @param actual Bytes.
    error LengthMismatch(uint256 expected, uint256 actual);
    /// @notice A record of another lane among those of `lane`.
    /// @param lane Index of the lane from 0.
    /// @param record Index of the record.
    error MixedLane(uint256 lane, uint256 record);
    /// @notice Two neighbouring lanes with one key: readers of the log could not tell them apart.
    /// @param lane Index of the lane from 0.
    error LaneNotSeparate(uint256 lane);
    /// @notice A commitment has 1 to 512 bytes.
    /// @param length As given.
    error CommitmentLength(uint256 length);
    /// @notice Not a batch of the caller that waits for its settlement, or not as it was committed.
    /// @param batchId The batch.
    error NotCommitted(uint256 batchId);
    /// @notice Batches are settled in ascending order, each once.
    /// @param batchId The batch.
    error NotAscending(uint256 batchId);
    /// @notice The lanes of a settlement have `lanes` calls, its batches `batches`.
    /// @param batches Calls of the batches.
    /// @param lanes Calls of the lanes.
    error CallsMismatch(uint256 batches, uint256 lanes);
    /// @notice A lane of a settlement fails, and with it the settlement.
    /// @param lane Index of the lane from 0.
    /// @param reason Why.
    error LaneRejected(uint256 lane, SkipReason reason);

    /// @notice Records a batch and charges its payers; only operators, only in their own lanes. A lane that
    /// fails is skipped; a batch whose lanes cannot be told apart in `data` reverts as a whole.
    /// @param codec How `data` is packed; 1 is the only one whose layout the ledger can check.
    /// @param data Records sorted by lane, lanes in the order of `lanes`.
    /// @param dataHash sha256 of the citations artifact.
    /// @param lanes One per run of records.
    /// @return batchId Counter from 1.
    function recordBatch(uint8 codec, bytes calldata data, bytes32 dataHash, Lane[] calldata lanes)
        external
        returns (uint256 batchId);

    /// @notice Commits to a batch whose records are off-chain; only operators. Nothing is charged yet.
    /// @param codec How the records are packed; any registered one.
    /// @param calls Number of records.
    /// @param root OrderedMerkle over the records.
    /// @param dataHash sha256 of the body.
    /// @param daCommitment Where the body is; 1 to 512 bytes.
    /// @return batchId Counter from 1, shared with packed batches.
    function commitBatch(
        uint8 codec,
        uint32 calls,
        bytes32 root,
        bytes32 dataHash,
        bytes calldata daCommitment
    ) external returns (uint256 batchId);

    /// @notice Charges the lanes of committed batches of the caller. Unlike in `recordBatch` one failing lane
    /// reverts everything: a batch counts as a whole or not at all.
    /// @param batches In ascending order of their ids.
    /// @param lanes Together exactly as many calls as the batches.
    function settle(CommittedBatch[] calldata batches, SettledLane[] calldata lanes) external;

    /// @notice Gives a committed batch of the caller up for good.
    /// @param batch As it was committed.
    function dropBatch(CommittedBatch calldata batch) external;

    /// @notice Allows or forbids an account to record; only the role REGISTRAR.
    /// @param operator The account.
    /// @param allowed False to forbid; committed batches then stay unsettled.
    function setOperator(address operator, bool allowed) external;

    /// @notice Registers a way to pack records for committed batches, for good; only the role REGISTRAR.
    /// @param codec Not registered yet.
    /// @param specHash keccak256 of its description.
    function registerCodec(uint8 codec, bytes32 specHash) external;

    /// @notice Stops or resumes recording; only the role GUARDIAN.
    /// @param paused_ True to stop.
    function setPaused(bool paused_) external;

    /// @notice Holds the money that batches charge.
    /// @return The escrow.
    function escrow() external view returns (IInferenceEscrow);

    /// @notice Batches so far, packed and committed; also the last batch id.
    /// @return Their number.
    function batchCount() external view returns (uint256);

    /// @notice True while nothing is recorded.
    /// @return True if so.
    function paused() external view returns (bool);

    /// @notice True if the account may record.
    /// @param account The account.
    /// @return True if so.
    function isOperator(address account) external view returns (bool);

    /// @notice Description hash of a codec; 0 if there is none.
    /// @param codec Number of the codec.
    /// @return The hash.
    function specHashOf(uint8 codec) external view returns (bytes32);

    /// @notice keccak256(abi.encode(BatchAnchor)) of a batch; 0 if there is none or it was dropped.
    /// @param batchId The batch.
    /// @return The hash.
    function anchorOf(uint256 batchId) external view returns (bytes32);

    /// @notice What the lane has recorded so far; the next voucher continues from here.
    /// @param payer The payer of the lane.
    /// @param operator The operator of the lane.
    /// @param modelId The model of the lane.
    /// @param termsVersion The terms of the lane.
    /// @return state All zero before the first call.
    function laneOf(address payer, address operator, uint32 modelId, uint16 termsVersion)
        external
        view
        returns (LaneState memory state);

    /// @notice The EIP-712 digest that the payer signs.
    /// @param voucher What is signed.
    /// @return digest EIP-712.
    function hashVoucher(Voucher calldata voucher) external view returns (bytes32 digest);

    /// @notice True if `signature` is the signer's as batches see it: ECDSA, or else ERC-1271 within
    /// 200,000 gas.
    /// @param signer Payer or session key.
    /// @param digest What was signed.
    /// @param signature As the lane carries it.
    /// @return valid True if so.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool valid);
}
