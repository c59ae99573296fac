// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Reward epochs as cumulative Merkle roots
/// @notice Holds the fees. The poster proposes a root, the guardian may reject it until it is activated,
/// anyone activates it after the dispute window, anyone claims for an account, and the account is paid.
/// Always: claimedTotal ≤ totalEarned of the active epoch ≤ funded, so a false tree can never draw more
/// than was declared, nor what later epochs earn.
interface IRewardsDistributor {
    enum EpochStatus {
        None,
        Proposed,
        Active,
        Rejected
    }

    struct Epoch {
        bytes32 root;
        /// Sum of all leaves under `root`, cumulative over epochs.
        uint128 totalEarned;
        uint64 toBlock;
        uint56 activatesAt;
        EpochStatus status;
    }

    event Funded(address indexed from, uint128 amount, uint128 fundedCumulative);
    event EpochProposed(
        uint256 indexed epoch,
        bytes32 indexed root,
        uint128 totalEarned,
        bytes32 dataHash,
        uint64 fromBlock,
        uint64 toBlock,
        bytes32 toBlockHash,
        bytes32 engineHash,
        uint64 activatesAt
    );
    event EpochRejected(uint256 indexed epoch, uint16 reasonCode);
    event EpochActivated(uint256 indexed epoch);
    event Claimed(
        address indexed account,
        address indexed recipient,
        uint256 amount,
        uint256 cumulative,
        uint256 indexed epoch
    );
    event RecipientSet(address indexed account, address oldRecipient, address newRecipient);

    error ZeroAmount();
    error ZeroHash();
    error EpochInFlight(uint256 epoch);
    error EpochNotProposed(uint256 epoch, EpochStatus status);
    error WindowOpen(uint256 epoch, uint64 activatesAt);
    error EarnedExceedsFunded(uint128 totalEarned, uint128 funded);
    error EarnedDecreases(uint128 totalEarned, uint128 activeTotal);
    error InvalidBlockRange(uint64 fromBlock, uint64 toBlock);
    error NoActiveEpoch();
    error InvalidProof();
    error NothingToClaim(address account, uint256 claimed);
    error ClaimExceedsEarned(uint256 amount, uint256 remaining);
    error InvalidRecipient(address recipient);

    /// @notice Moves tokens of the caller into the pot; the escrow does it with every batch.
    function fund(uint128 amount) external;

    /// @notice Proposes the next epoch; only the role EPOCH_POSTER, one in flight.
    /// @param root Merkle root over keccak256(keccak256(abi.encode(account, token, cumulative))), not zero.
    /// @param totalEarned Sum of all leaves: at most what was funded, at least that of the active epoch.
    /// @param dataHash sha256 of the epoch manifest.
    /// @param fromBlock First block of the epoch, after the last block of the active one.
    /// @param toBlock Last block of the epoch, already mined.
    /// @param toBlockHash Hash of `toBlock` on the chain that the engine read.
    /// @param engineHash What computed the epoch: code, models and settings.
    /// @return epoch Counter from 1; rejected epochs keep their number.
    function propose(
        bytes32 root,
        uint128 totalEarned,
        bytes32 dataHash,
        uint64 fromBlock,
        uint64 toBlock,
        bytes32 toBlockHash,
        bytes32 engineHash
    ) external returns (uint256 epoch);

    /// @notice Rejects a proposed epoch before it is activated; only the role GUARDIAN.
    function reject(uint256 epoch, uint16 reasonCode) external;

    /// @notice Makes a proposed epoch claimable once its window is over; anyone.
    function activate(uint256 epoch) external;

    /// @notice Pays what `account` has earned and not yet claimed, to its recipient or itself; anyone.
    /// @param cumulative The account's leaf in the active epoch, base units.
    /// @return amount Base units paid now.
    function claim(address account, uint256 cumulative, bytes32[] calldata proof)
        external
        returns (uint256 amount);

    /// @notice Sends the caller's claims to `recipient` from now on; zero means to the caller again.
    function setRecipient(address recipient) external;

    function token() external view returns (IERC20);

    /// @notice Seconds between `propose` and `activate`.
    function disputeWindow() external view returns (uint64);

    function funded() external view returns (uint128);

    function claimedTotal() external view returns (uint128);

    function epochCount() external view returns (uint256);

    /// @return epoch Zero before the first activation.
    function activeEpoch() external view returns (uint256 epoch);

    function epochOf(uint256 epoch) external view returns (Epoch memory data);

    function claimedOf(address account) external view returns (uint256 cumulative);

    /// @return recipient Zero if claims go to the account itself.
    function recipientOf(address account) external view returns (address recipient);
}
