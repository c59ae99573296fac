// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title RewardsDistributor
contract RewardsDistributor is IRewardsDistributor, AccessManaged {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRewardsDistributor
    IERC20 public immutable token;
    /// @inheritdoc IRewardsDistributor
    uint64 public immutable disputeWindow;
    /// @inheritdoc IRewardsDistributor
    uint128 public funded;
    /// @inheritdoc IRewardsDistributor
    uint128 public claimedTotal;
    /// @inheritdoc IRewardsDistributor
    uint256 public epochCount;
    /// @inheritdoc IRewardsDistributor
    uint256 public activeEpoch;
    /// @inheritdoc IRewardsDistributor
    mapping(address account => uint256 cumulative) public claimedOf;
    /// @inheritdoc IRewardsDistributor
    mapping(address account => address recipient) public recipientOf;
    mapping(uint256 epoch => Epoch data) private _epochs;

    /// @param authority The AccessManager.
    /// @param disputeWindow_ Seconds; the guardian needs them to re-compute an epoch.
    constructor(address authority, IERC20 token_, uint64 disputeWindow_) AccessManaged(authority) {
        token = token_;
        disputeWindow = disputeWindow_;
    }

    /// @inheritdoc IRewardsDistributor
    function fund(uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        uint128 fundedCumulative = funded + amount;
        funded = fundedCumulative;
        emit Funded(msg.sender, amount, fundedCumulative);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IRewardsDistributor
    function propose(
        bytes32 root,
        uint128 totalEarned,
        bytes32 dataHash,
        uint64 fromBlock,
        uint64 toBlock,
        bytes32 toBlockHash,
        bytes32 engineHash
    ) external restricted returns (uint256 epoch) {
        if (root == 0 || dataHash == 0 || toBlockHash == 0 || engineHash == 0) {
            revert ZeroHash();
        }
        if (_epochs[epochCount].status == EpochStatus.Proposed) revert EpochInFlight(epochCount);
        Epoch storage active = _epochs[activeEpoch];
        if (totalEarned > funded) revert EarnedExceedsFunded(totalEarned, funded);
        if (totalEarned < active.totalEarned) revert EarnedDecreases(totalEarned, active.totalEarned);
        if (
            fromBlock > toBlock || toBlock >= block.number
                || (activeEpoch != 0 && fromBlock <= active.toBlock)
        ) {
            revert InvalidBlockRange(fromBlock, toBlock);
        }
        epoch = ++epochCount;
        uint64 activatesAt = uint64(block.timestamp) + disputeWindow;
        // 2^56 seconds outlast every chain.
        // forge-lint: disable-next-line(unsafe-typecast)
        _epochs[epoch] = Epoch(root, totalEarned, toBlock, uint56(activatesAt), EpochStatus.Proposed);
        emit EpochProposed(
            epoch, root, totalEarned, dataHash, fromBlock, toBlock, toBlockHash, engineHash, activatesAt
        );
    }

    /// @inheritdoc IRewardsDistributor
    function reject(uint256 epoch, uint16 reasonCode) external restricted {
        _proposed(epoch).status = EpochStatus.Rejected;
        emit EpochRejected(epoch, reasonCode);
    }

    /// @inheritdoc IRewardsDistributor
    function activate(uint256 epoch) external {
        Epoch storage data = _proposed(epoch);
        if (block.timestamp < data.activatesAt) revert WindowOpen(epoch, data.activatesAt);
        data.status = EpochStatus.Active;
        activeEpoch = epoch;
        emit EpochActivated(epoch);
    }

    /// @inheritdoc IRewardsDistributor
    function claim(address account, uint256 cumulative, bytes32[] calldata proof)
        external
        returns (uint256 amount)
    {
        uint256 epoch = activeEpoch;
        if (epoch == 0) revert NoActiveEpoch();
        Epoch storage active = _epochs[epoch];
        // Hashed twice so that no inner node can pass for a leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, address(token), cumulative))));
        if (!MerkleProof.verifyCalldata(proof, active.root, leaf)) revert InvalidProof();
        uint256 claimed = claimedOf[account];
        if (cumulative <= claimed) revert NothingToClaim(account, claimed);
        amount = cumulative - claimed;
        uint256 remaining = active.totalEarned - claimedTotal;
        if (amount > remaining) revert ClaimExceedsEarned(amount, remaining);
        claimedOf[account] = cumulative;
        // At most `remaining`, which has 128 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        claimedTotal += uint128(amount);
        address recipient = recipientOf[account] == address(0) ? account : recipientOf[account];
        emit Claimed(account, recipient, amount, cumulative, epoch);
        token.safeTransfer(recipient, amount);
    }

    /// @inheritdoc IRewardsDistributor
    function setRecipient(address recipient) external {
        if (recipient == address(this)) revert InvalidRecipient(recipient);
        emit RecipientSet(msg.sender, recipientOf[msg.sender], recipient);
        recipientOf[msg.sender] = recipient;
    }

    /// @inheritdoc IRewardsDistributor
    function epochOf(uint256 epoch) external view returns (Epoch memory) {
        return _epochs[epoch];
    }

    function _proposed(uint256 epoch) private view returns (Epoch storage data) {
        data = _epochs[epoch];
        if (data.status != EpochStatus.Proposed) revert EpochNotProposed(epoch, data.status);
    }
}
