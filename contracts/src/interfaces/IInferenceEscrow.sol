// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "./IRewardsDistributor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Money that payers set aside for one operator each
/// @notice Accounts are keyed by (payer, operator), so one deposit is never promised to two operators.
/// Withdrawals wait out a thaw, during which the operator may still charge what was signed. A payer may let
/// other keys sign vouchers, up to a cap and a moment; neither can be lowered under an operator's feet.
interface IInferenceEscrow {
    /// @notice One payer's money at one operator; the sums only grow.
    struct Account {
        uint128 deposited;
        uint128 charged;
        uint128 withdrawn;
        /// Part of the balance on its way out; charges take it last.
        uint128 thawing;
        uint64 thawEnd;
    }

    /// @notice A key that may sign vouchers in a payer's name.
    struct Signer {
        /// Last second at which its vouchers can be charged; 0 for a key that was never set.
        uint64 validUntil;
        /// The most that may ever be charged through the key, at all operators together.
        uint128 cap;
        /// Charged through the key so far; setting the key again does not reset it.
        uint128 spent;
    }

    /// @notice What became of a charge; nothing changes unless it is `Covered`.
    enum ChargeResult {
        Covered,
        Underfunded,
        KeyExpired,
        KeyOverCap
    }

    /// @notice The immutable settings, emitted once at deployment.
    /// @param token The token of all accounts.
    /// @param rewards Receives every charge.
    /// @param ledger The only contract that may charge.
    /// @param thawPeriod Seconds that a withdrawal waits.
    event EscrowCreated(address token, address rewards, address ledger, uint64 thawPeriod);
    /// @notice Tokens came in; `depositedCumulative` is the account's total.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @param amount Base units.
    /// @param depositedCumulative All that was ever deposited in the account.
    event Deposited(
        address indexed payer, address indexed operator, uint128 amount, uint128 depositedCumulative
    );
    /// @notice `amount` is on its way out, in place of whatever was before.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @param amount Base units.
    /// @param thawEnd Unix seconds.
    event ThawStarted(address indexed payer, address indexed operator, uint128 amount, uint64 thawEnd);
    /// @notice `amount` stays after all; nothing thaws now.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @param amount Base units.
    event ThawCancelled(address indexed payer, address indexed operator, uint128 amount);
    /// @notice Tokens went back to the payer; `withdrawnCumulative` is the account's total.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @param amount Base units.
    /// @param withdrawnCumulative All that was ever withdrawn from it.
    event Withdrawn(
        address indexed payer, address indexed operator, uint128 amount, uint128 withdrawnCumulative
    );
    /// @notice A lane was charged; `chargedCumulative` is the account's total.
    /// @param batchId The packed batch, or the last batch of the settlement.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @param amount Base units.
    /// @param chargedCumulative All that was ever charged to it.
    /// @param calls How many calls it pays for.
    event Charged(
        uint256 indexed batchId,
        address indexed payer,
        address indexed operator,
        uint128 amount,
        uint128 chargedCumulative,
        uint64 calls
    );
    /// @notice State of a session key after it was set, revoked or charged through.
    /// @param payer Whose key.
    /// @param key Who may sign for the payer.
    /// @param validUntil Last second at which its vouchers can be charged.
    /// @param cap The most that may ever be charged through it.
    /// @param spent Charged through it so far.
    event SignerSet(
        address indexed payer, address indexed key, uint64 validUntil, uint128 cap, uint128 spent
    );
    /// @notice While paused there are no deposits and no charges; withdrawals go on.
    /// @param paused The new value.
    event PausedSet(bool paused);

    /// @notice An amount of 0 was given.
    error ZeroAmount();
    /// @notice The zero address was given.
    error ZeroAddress();
    /// @notice Only the ledger charges.
    /// @param caller Who called.
    error NotLedger(address caller);
    /// @notice No deposits and no charges for now.
    error EscrowPaused();
    /// @notice The token delivered less than was asked for; such tokens cannot be held in accounts.
    /// @param expected What was asked for.
    /// @param received What came.
    error FeeOnTransfer(uint256 expected, uint256 received);
    /// @notice More than the account holds.
    /// @param available What is there.
    /// @param amount Base units.
    error InsufficientBalance(uint128 available, uint128 amount);
    /// @notice Nothing is on its way out, or charges took all of it.
    error NothingThawing();
    /// @notice Too early to withdraw.
    /// @param thawEnd Unix seconds.
    error StillThawing(uint64 thawEnd);
    /// @notice A payer needs no permission of its own.
    error KeyIsPayer();
    /// @notice The key would be expired from the start.
    /// @param validUntil Last second at which its vouchers can be charged.
    error KeyAlreadyExpired(uint64 validUntil);
    /// @notice A live key keeps at least these limits; `revokeSigner` ends it after the thaw period.
    /// @param validUntil Last second at which its vouchers can be charged.
    /// @param cap The most that may ever be charged through it.
    error KeyWouldShrink(uint64 validUntil, uint128 cap);
    /// @notice The caller never set this key.
    /// @param key As given.
    error UnknownKey(address key);

    /// @notice Sets tokens of the caller aside for `operator`.
    /// @param operator Who may charge them.
    /// @param amount Base units.
    function deposit(address operator, uint128 amount) external;

    /// @notice Sets tokens of the caller aside for `operator` in the name of `payer`, who alone may withdraw.
    /// @param payer Whose vouchers the money covers.
    /// @param operator Who may charge it.
    /// @param amount Base units.
    function depositFor(address payer, address operator, uint128 amount) external;

    /// @notice Announces a withdrawal and starts its clock anew; a second call replaces the first.
    /// @param operator Whose account of the caller.
    /// @param amount Base units, at most the balance.
    function startThaw(address operator, uint128 amount) external;

    /// @notice Takes the announcement back; the money can be served against again.
    /// @param operator Whose account of the caller.
    function cancelThaw(address operator) external;

    /// @notice Pays out what has thawed and was not charged meanwhile, to the caller. Nobody can stop this.
    /// @param operator Whose account of the caller.
    /// @return amount Base units paid.
    function withdraw(address operator) external returns (uint128 amount);

    /// @notice Lets `key` sign vouchers in the caller's name, at every operator. On a key that is still valid
    /// both limits can only rise: an operator that served against them must be able to charge.
    /// @param key Neither the caller nor 0; a contract signs through ERC-1271.
    /// @param validUntil Last second at which its vouchers can be charged.
    /// @param cap The most that may ever be charged through it, below 2^96.
    function setSigner(address key, uint64 validUntil, uint128 cap) external;

    /// @notice Ends a key of the caller one thaw period from now, or when it would have ended if that is
    /// earlier: an immediate end would let a payer take calls and refuse to pay for them.
    /// @param key A key that the caller has set.
    function revokeSigner(address key) external;

    /// @notice Books a charge; only the ledger, which checked that `signer` signed the payer's voucher.
    /// @param batchId The packed batch, or the last batch of the settlement.
    /// @param payer Whose account.
    /// @param operator At whom.
    /// @param signer The payer, or a key of the payer whose limits then count too.
    /// @param amount Base units; may be 0.
    /// @param calls How many calls it pays for.
    /// @return result `Covered`, or why nothing changed.
    function charge(
        uint256 batchId,
        address payer,
        address operator,
        address signer,
        uint128 amount,
        uint64 calls
    ) external returns (ChargeResult result);

    /// @notice Hands everything charged so far to the distributor; the ledger calls it in every batch.
    function settle() external;

    /// @notice Stops or resumes deposits and charges; only the role GUARDIAN.
    /// @param paused_ True to stop.
    function setPaused(bool paused_) external;

    /// @notice The token of all accounts.
    /// @return The ERC-20.
    function token() external view returns (IERC20);

    /// @notice Receives every charge.
    /// @return The distributor.
    function rewards() external view returns (IRewardsDistributor);

    /// @notice The only contract that may charge.
    /// @return The ledger.
    function ledger() external view returns (address);

    /// @notice Seconds between `startThaw` and `withdraw`; longer than operators take to post a batch.
    /// @return Seconds.
    function thawPeriod() external view returns (uint64);

    /// @notice True while there are no deposits and no charges.
    /// @return True if so.
    function paused() external view returns (bool);

    /// @notice The account of `payer` at `operator`.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @return account All zero if there is none.
    function accountOf(address payer, address operator) external view returns (Account memory account);

    /// @notice Deposited minus charged minus withdrawn: what the operator can still charge.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @return balance Base units.
    function balanceOf(address payer, address operator) external view returns (uint128 balance);

    /// @notice Balance that is not thawing: what an operator should serve against.
    /// @param payer Whose account.
    /// @param operator At which operator.
    /// @return available Base units.
    function availableOf(address payer, address operator) external view returns (uint128 available);

    /// @notice Limits of `key` for vouchers of `payer`. An operator shares `cap − spent` with all others.
    /// @param payer Whose key.
    /// @param key The key.
    /// @return signer All zero for a key that was never set.
    function signerOf(address payer, address key) external view returns (Signer memory signer);
}
