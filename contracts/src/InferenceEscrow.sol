// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Money that payers set aside for one operator each
/// @notice See {IInferenceEscrow}.
contract InferenceEscrow is IInferenceEscrow, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev A charge reads and writes the first slot alone.
    struct StoredAccount {
        /// Deposited minus withdrawn.
        uint128 net;
        uint128 charged;
        uint128 withdrawn;
        /// As announced; charges may have taken a part since.
        uint128 thawing;
        uint64 thawEnd;
    }

    /// @dev One slot.
    struct StoredSigner {
        uint64 validUntil;
        uint96 cap;
        uint96 spent;
    }

    /// @inheritdoc IInferenceEscrow
    IERC20 public immutable token;
    /// @inheritdoc IInferenceEscrow
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IInferenceEscrow
    address public immutable ledger;
    /// @inheritdoc IInferenceEscrow
    uint64 public immutable thawPeriod;
    mapping(address payer => mapping(address operator => StoredAccount account)) private _accounts;
    mapping(address payer => mapping(address key => StoredSigner signer)) private _signers;
    uint128 private _unsettled;
    /// @inheritdoc IInferenceEscrow
    bool public paused;

    /// @notice Sets what never changes and emits it.
    /// @param authority The AccessManager; it can pause and nothing else.
    /// @param rewards_ Receives every charge; also names the token.
    /// @param ledger_ The only contract that may charge.
    /// @param thawPeriod_ Seconds that a withdrawal waits.
    constructor(address authority, IRewardsDistributor rewards_, address ledger_, uint64 thawPeriod_)
        AccessManaged(authority)
    {
        if (authority == address(0) || ledger_ == address(0)) revert ZeroAddress();
        token = rewards_.token();
        rewards = rewards_;
        ledger = ledger_;
        thawPeriod = thawPeriod_;
        emit EscrowCreated(address(token), address(rewards_), ledger_, thawPeriod_);
        token.forceApprove(address(rewards_), type(uint256).max);
    }

    /// @inheritdoc IInferenceEscrow
    function deposit(address operator, uint128 amount) external nonReentrant {
        _deposit(msg.sender, operator, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function depositFor(address payer, address operator, uint128 amount) external nonReentrant {
        _deposit(payer, operator, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function startThaw(address operator, uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        StoredAccount storage account = _accounts[msg.sender][operator];
        uint128 balance = account.net - account.charged;
        if (amount > balance) revert InsufficientBalance(balance, amount);
        uint64 thawEnd = uint64(block.timestamp) + thawPeriod;
        account.thawing = amount;
        account.thawEnd = thawEnd;
        emit ThawStarted(msg.sender, operator, amount, thawEnd);
    }

    /// @inheritdoc IInferenceEscrow
    function cancelThaw(address operator) external {
        StoredAccount storage account = _accounts[msg.sender][operator];
        uint128 amount = _thawing(account);
        if (amount == 0) revert NothingThawing();
        account.thawing = 0;
        emit ThawCancelled(msg.sender, operator, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function withdraw(address operator) external returns (uint128 amount) {
        StoredAccount storage account = _accounts[msg.sender][operator];
        amount = _thawing(account);
        if (amount == 0) revert NothingThawing();
        if (block.timestamp < account.thawEnd) revert StillThawing(account.thawEnd);
        account.thawing = 0;
        account.net -= amount;
        uint128 withdrawnCumulative = account.withdrawn + amount;
        account.withdrawn = withdrawnCumulative;
        emit Withdrawn(msg.sender, operator, amount, withdrawnCumulative);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function setSigner(address key, uint64 validUntil, uint128 cap) external {
        if (key == address(0)) revert ZeroAddress();
        if (key == msg.sender) revert KeyIsPayer();
        if (validUntil < block.timestamp) revert KeyAlreadyExpired(validUntil);
        StoredSigner storage signer = _signers[msg.sender][key];
        bool isLive = block.timestamp <= signer.validUntil;
        if (isLive && (validUntil < signer.validUntil || cap < signer.cap)) {
            revert KeyWouldShrink(signer.validUntil, signer.cap);
        }
        signer.validUntil = validUntil;
        signer.cap = SafeCast.toUint96(cap);
        emit SignerSet(msg.sender, key, validUntil, cap, signer.spent);
    }

    /// @inheritdoc IInferenceEscrow
    function revokeSigner(address key) external {
        StoredSigner storage signer = _signers[msg.sender][key];
        uint64 validUntil = signer.validUntil;
        if (validUntil == 0) revert UnknownKey(key);
        uint64 latest = uint64(block.timestamp) + thawPeriod;
        if (validUntil > latest) validUntil = latest;
        signer.validUntil = validUntil;
        emit SignerSet(msg.sender, key, validUntil, signer.cap, signer.spent);
    }

    /// @inheritdoc IInferenceEscrow
    function charge(
        uint256 batchId,
        address payer,
        address operator,
        address signer,
        uint128 amount,
        uint64 calls
    ) external returns (ChargeResult) {
        if (msg.sender != ledger) revert NotLedger(msg.sender);
        if (paused) revert EscrowPaused();
        StoredAccount storage account = _accounts[payer][operator];
        uint128 charged = account.charged;
        if (amount > account.net - charged) return ChargeResult.Underfunded;
        if (signer != payer) {
            ChargeResult result = _spend(payer, signer, amount);
            if (result != ChargeResult.Covered) return result;
        }
        charged += amount;
        account.charged = charged;
        _unsettled += amount;
        emit Charged(batchId, payer, operator, amount, charged, calls);
        return ChargeResult.Covered;
    }

    /// @inheritdoc IInferenceEscrow
    function settle() external {
        uint128 amount = _unsettled;
        if (amount == 0) return;
        _unsettled = 0;
        rewards.fund(amount);
    }

    /// @inheritdoc IInferenceEscrow
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc IInferenceEscrow
    function accountOf(address payer, address operator) external view returns (Account memory) {
        StoredAccount storage account = _accounts[payer][operator];
        return Account(
            account.net + account.withdrawn,
            account.charged,
            account.withdrawn,
            _thawing(account),
            account.thawEnd
        );
    }

    /// @inheritdoc IInferenceEscrow
    function balanceOf(address payer, address operator) external view returns (uint128) {
        StoredAccount storage account = _accounts[payer][operator];
        return account.net - account.charged;
    }

    /// @inheritdoc IInferenceEscrow
    function availableOf(address payer, address operator) external view returns (uint128) {
        StoredAccount storage account = _accounts[payer][operator];
        return account.net - account.charged - _thawing(account);
    }

    /// @inheritdoc IInferenceEscrow
    function signerOf(address payer, address key) external view returns (Signer memory) {
        StoredSigner storage signer = _signers[payer][key];
        return Signer(signer.validUntil, signer.cap, signer.spent);
    }

    function _deposit(address payer, address operator, uint128 amount) private {
        if (paused) revert EscrowPaused();
        if (amount == 0) revert ZeroAmount();
        if (payer == address(0) || operator == address(0)) revert ZeroAddress();
        StoredAccount storage account = _accounts[payer][operator];
        // Else new money would stand in for thawing money that was charged away, and leave without a thaw.
        account.thawing = _thawing(account);
        account.net += amount;
        emit Deposited(payer, operator, amount, account.net + account.withdrawn);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received < amount) revert FeeOnTransfer(amount, received);
    }

    function _spend(address payer, address key, uint128 amount) private returns (ChargeResult) {
        StoredSigner storage signer = _signers[payer][key];
        if (block.timestamp > signer.validUntil) return ChargeResult.KeyExpired;
        uint256 spent = uint256(signer.spent) + amount;
        if (spent > signer.cap) return ChargeResult.KeyOverCap;
        // At most the 96-bit cap, checked above.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint96 total = uint96(spent);
        signer.spent = total;
        emit SignerSet(payer, key, signer.validUntil, signer.cap, total);
        return ChargeResult.Covered;
    }

    /// @dev What is thawing and not charged away, as charges take it last but do not write it down.
    function _thawing(StoredAccount storage account) private view returns (uint128) {
        uint128 balance = account.net - account.charged;
        uint128 thawing = account.thawing;
        return thawing < balance ? thawing : balance;
    }
}
