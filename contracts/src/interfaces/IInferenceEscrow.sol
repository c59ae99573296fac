// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "./IRewardsDistributor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Money that payers set aside for one operator each
/// @notice Accounts are keyed by (payer, operator), so one deposit is never promised to two operators.
/// Withdrawals wait out a thaw, during which the operator may still charge what was signed.
interface IInferenceEscrow {
    struct Account {
        uint128 deposited;
        uint128 charged;
        uint128 withdrawn;
        /// Part of the balance on its way out; charges take it last.
        uint128 thawing;
        uint64 thawEnd;
    }

    event Deposited(
        address indexed payer, address indexed operator, uint128 amount, uint128 depositedCumulative
    );
    event ThawStarted(address indexed payer, address indexed operator, uint128 amount, uint64 thawEnd);
    event Withdrawn(
        address indexed payer, address indexed operator, uint128 amount, uint128 withdrawnCumulative
    );
    event Charged(
        uint256 indexed batchId,
        address indexed payer,
        address indexed operator,
        uint128 amount,
        uint128 chargedCumulative,
        uint64 calls
    );

    error ZeroAmount();
    error ZeroAddress();
    error NotLedger(address caller);
    error InsufficientBalance(uint128 available, uint128 amount);
    error NothingThawing();
    error StillThawing(uint64 thawEnd);

    /// @notice Sets tokens of the caller aside for `operator`.
    function deposit(address operator, uint128 amount) external;

    /// @notice Sets tokens of the caller aside for `operator` in the name of `payer`, who alone may withdraw.
    function depositFor(address payer, address operator, uint128 amount) external;

    /// @notice Announces a withdrawal and starts its clock anew; a second call replaces the first.
    function startThaw(address operator, uint128 amount) external;

    /// @notice Pays out what has thawed and was not charged meanwhile, to the caller.
    function withdraw(address operator) external returns (uint128 amount);

    /// @notice Books a charge; only the ledger, which checked the payer's voucher.
    /// @return covered False, with nothing changed, if the account does not cover `amount`.
    function charge(uint256 batchId, address payer, address operator, uint128 amount, uint64 calls)
        external
        returns (bool covered);

    /// @notice Hands everything charged so far to the distributor; the ledger calls it in every batch.
    function settle() external;

    function token() external view returns (IERC20);

    function rewards() external view returns (IRewardsDistributor);

    function ledger() external view returns (address);

    /// @notice Seconds between `startThaw` and `withdraw`; longer than operators take to post a batch.
    function thawPeriod() external view returns (uint64);

    function accountOf(address payer, address operator) external view returns (Account memory account);

    /// @notice Deposited minus charged minus withdrawn: what the operator can still charge.
    function balanceOf(address payer, address operator) external view returns (uint128 balance);

    /// @notice Balance that is not thawing: what an operator should serve against.
    function availableOf(address payer, address operator) external view returns (uint128 available);
}
