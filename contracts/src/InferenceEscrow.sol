// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "./interfaces/IInferenceEscrow.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title InferenceEscrow
contract InferenceEscrow is IInferenceEscrow {
    using SafeERC20 for IERC20;

    /// @inheritdoc IInferenceEscrow
    IERC20 public immutable token;
    /// @inheritdoc IInferenceEscrow
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IInferenceEscrow
    address public immutable ledger;
    /// @inheritdoc IInferenceEscrow
    uint64 public immutable thawPeriod;
    mapping(address payer => mapping(address operator => Account account)) private _accounts;
    uint128 private _unsettled;

    /// @param rewards_ Receives every charge; also names the token.
    /// @param ledger_ The only contract that may charge.
    /// @param thawPeriod_ Seconds that a withdrawal waits.
    constructor(IRewardsDistributor rewards_, address ledger_, uint64 thawPeriod_) {
        if (ledger_ == address(0)) revert ZeroAddress();
        token = rewards_.token();
        rewards = rewards_;
        ledger = ledger_;
        thawPeriod = thawPeriod_;
        token.forceApprove(address(rewards_), type(uint256).max);
    }

    /// @inheritdoc IInferenceEscrow
    function deposit(address operator, uint128 amount) external {
        _deposit(msg.sender, operator, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function depositFor(address payer, address operator, uint128 amount) external {
        _deposit(payer, operator, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function startThaw(address operator, uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        Account storage account = _accounts[msg.sender][operator];
        uint128 balance = _balance(account);
        if (amount > balance) revert InsufficientBalance(balance, amount);
        uint64 thawEnd = uint64(block.timestamp) + thawPeriod;
        account.thawing = amount;
        account.thawEnd = thawEnd;
        emit ThawStarted(msg.sender, operator, amount, thawEnd);
    }

    /// @inheritdoc IInferenceEscrow
    function withdraw(address operator) external returns (uint128 amount) {
        Account storage account = _accounts[msg.sender][operator];
        amount = account.thawing;
        if (amount == 0) revert NothingThawing();
        if (block.timestamp < account.thawEnd) revert StillThawing(account.thawEnd);
        account.thawing = 0;
        uint128 withdrawnCumulative = account.withdrawn + amount;
        account.withdrawn = withdrawnCumulative;
        emit Withdrawn(msg.sender, operator, amount, withdrawnCumulative);
        token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IInferenceEscrow
    function charge(uint256 batchId, address payer, address operator, uint128 amount, uint64 calls)
        external
        returns (bool covered)
    {
        if (msg.sender != ledger) revert NotLedger(msg.sender);
        Account storage account = _accounts[payer][operator];
        uint128 balance = _balance(account);
        if (amount > balance) return false;
        uint128 rest = balance - amount;
        // Else money deposited after the thaw would leave without one.
        if (account.thawing > rest) account.thawing = rest;
        uint128 chargedCumulative = account.charged + amount;
        account.charged = chargedCumulative;
        _unsettled += amount;
        emit Charged(batchId, payer, operator, amount, chargedCumulative, calls);
        return true;
    }

    /// @inheritdoc IInferenceEscrow
    function settle() external {
        uint128 amount = _unsettled;
        if (amount == 0) return;
        _unsettled = 0;
        rewards.fund(amount);
    }

    /// @inheritdoc IInferenceEscrow
    function accountOf(address payer, address operator) external view returns (Account memory) {
        return _accounts[payer][operator];
    }

    /// @inheritdoc IInferenceEscrow
    function balanceOf(address payer, address operator) external view returns (uint128) {
        return _balance(_accounts[payer][operator]);
    }

    /// @inheritdoc IInferenceEscrow
    function availableOf(address payer, address operator) external view returns (uint128) {
        Account storage account = _accounts[payer][operator];
        return _balance(account) - account.thawing;
    }

    function _deposit(address payer, address operator, uint128 amount) private {
        if (amount == 0) revert ZeroAmount();
        if (payer == address(0) || operator == address(0)) revert ZeroAddress();
        Account storage account = _accounts[payer][operator];
        uint128 depositedCumulative = account.deposited + amount;
        account.deposited = depositedCumulative;
        emit Deposited(payer, operator, amount, depositedCumulative);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _balance(Account storage account) private view returns (uint128) {
        return account.deposited - account.charged - account.withdrawn;
    }
}
