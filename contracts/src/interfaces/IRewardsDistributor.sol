// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAgentStaking} from "./IAgentStaking.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Reward epochs as cumulative Merkle roots
/// @notice Holds the fees. A poster with a bond proposes an epoch; until it is activated the guardian may
/// reject it, anyone may prove a fault of it, and a dispute holds it; after the window anyone activates it,
/// anyone claims for an account, and the account is paid.
/// Always: claimedTotal ≤ totalEarned of the active epoch ≤ funded, so a false tree can never draw more
/// than was declared, nor what later epochs earn.
interface IRewardsDistributor {
    /// @notice Where an epoch stands; those that were once active stay `Active`.
    enum EpochStatus {
        None,
        Proposed,
        Active,
        Rejected,
        Disputed
    }

    /// @notice Who is paid from every fee, beside the owners and contributors of the models.
    struct Payees {
        address platform;
        address stakers;
    }

    /// @notice All that a poster declares of an epoch; the trees and their leaves are those of
    /// `OrderedMerkle` and `EpochLeaves`.
    struct Proposal {
        /// What every account has earned over all epochs.
        bytes32 root;
        /// Sum of all leaves under `root`: at most what was funded, at least that of the active epoch.
        uint128 totalEarned;
        /// Leaves under `root`.
        uint32 accounts;
        /// What every account gets of every call of this epoch.
        bytes32 creditsRoot;
        /// Leaves under `creditsRoot`.
        uint32 credits;
        /// Every call of this epoch and the weights the engine gave it.
        bytes32 callsRoot;
        /// Leaves under `callsRoot`.
        uint32 calls;
        /// sha256 of the epoch manifest.
        bytes32 dataHash;
        /// What computed the epoch: code, models and settings.
        bytes32 engineHash;
        /// First block of the epoch, the one after the last of the active epoch.
        uint64 fromBlock;
        /// Last block of the epoch, already mined.
        uint64 toBlock;
        /// Hash of `toBlock` on the chain that the engine read.
        bytes32 toBlockHash;
    }

    /// @notice What the contract remembers of an epoch.
    struct Epoch {
        bytes32 root;
        /// `commitmentOf` the whole proposal; zero once another epoch is proposed.
        bytes32 commitment;
        uint128 totalEarned;
        uint64 toBlock;
        uint32 accounts;
        /// Unix seconds.
        uint64 activatesAt;
        EpochStatus status;
    }

    /// @notice The leaf of an account in the active epoch and where it is.
    struct Claim {
        uint128 cumulative;
        uint128 before;
        uint32 index;
        bytes32[] proof;
    }

    /// @notice One claim of many.
    struct Item {
        address account;
        Claim claim;
    }

    /// @notice The settings, which never change.
    /// @param token The token of all amounts.
    /// @param staking Where posters have their bonds.
    /// @param disputeWindow Seconds between proposal and activation.
    /// @param minBond Active stake that a poster needs, base units.
    /// @param platform Paid from every fee.
    /// @param stakers Paid from every fee.
    event DistributorCreated(
        address token,
        address staking,
        uint64 disputeWindow,
        uint128 minBond,
        address platform,
        address stakers
    );
    /// @notice `from` added `amount`; `fundedCumulative` is all that was ever added.
    /// @param from Who paid; the escrow for fees.
    /// @param amount Base units.
    /// @param fundedCumulative All that was ever added, base units.
    event Funded(address indexed from, uint128 amount, uint128 fundedCumulative);
    /// @notice `poster` proposed an epoch on top of `previousEpoch`, the active one (0 if there is none).
    /// @param epoch Number of the epoch.
    /// @param root Root over what every account has earned.
    /// @param poster Who proposed it.
    /// @param previousEpoch The active epoch at that moment, 0 if there was none.
    /// @param activatesAt First second of its activation, unix seconds.
    /// @param proposal All that is declared of it.
    event EpochProposed(
        uint256 indexed epoch,
        bytes32 indexed root,
        address indexed poster,
        uint256 previousEpoch,
        uint64 activatesAt,
        Proposal proposal
    );
    /// @notice A dispute about the epoch was opened, or ended without rejecting it.
    /// @param epoch Number of the epoch.
    /// @param disputed True if it is held from now on.
    event EpochDisputed(uint256 indexed epoch, bool disputed);
    /// @notice The epoch will never be active; codes from 1,000 are proven faults and lost disputes.
    /// @param epoch Number of the epoch.
    /// @param reasonCode Below 1,000 a decision of the guardian.
    event EpochRejected(uint256 indexed epoch, uint16 reasonCode);
    /// @notice Claims are now made against this epoch.
    /// @param epoch Number of the epoch.
    event EpochActivated(uint256 indexed epoch);
    /// @notice `amount` was paid to `recipient`; `account` now has claimed `cumulative` over all epochs.
    /// @param account Who earned it.
    /// @param recipient Who was paid.
    /// @param amount Base units.
    /// @param cumulative All the account has claimed over all epochs, base units.
    /// @param epoch The active epoch.
    event Claimed(
        address indexed account,
        address indexed recipient,
        uint256 amount,
        uint256 cumulative,
        uint256 indexed epoch
    );
    /// @notice A claim of many was left out; `reason` is the selector of its error.
    /// @param account Whose claim.
    /// @param epoch The active epoch.
    /// @param reason Selector of the error.
    event ClaimSkipped(address indexed account, uint256 indexed epoch, bytes4 reason);
    /// @notice Claims of `account` go to `newRecipient`, or to itself if that is zero.
    /// @param account Whose claims.
    /// @param oldRecipient Before; zero for the account itself.
    /// @param newRecipient From now on; zero for the account itself.
    event RecipientSet(address indexed account, address oldRecipient, address newRecipient);
    /// @notice While paused no epoch can be proposed; those in flight go on.
    /// @param paused True while stopped.
    event ProposalsPaused(bool paused);
    /// @notice No claims before `until`, unix seconds.
    /// @param until First second at which claims are open again.
    event ClaimsPaused(uint64 until);

    /// @notice An address that must name somebody is zero.
    error ZeroAddress();
    /// @notice An amount that must move something is zero.
    error ZeroAmount();
    /// @notice A hash of the proposal is zero.
    error ZeroHash();
    /// @notice A tree of the proposal has no leaves.
    error EmptyTree();
    /// @notice The token delivered less than it was asked to.
    /// @param expected What was asked for.
    /// @param received What came.
    error FeeOnTransfer(uint256 expected, uint256 received);
    /// @notice The guardian stopped proposals.
    error ProposalsStopped();
    /// @notice The guardian stopped claims for a while.
    /// @param until Unix seconds.
    error ClaimsStopped(uint64 until);
    /// @notice A pause of claims is not between 1 second and 3 days.
    /// @param duration As given.
    error InvalidPause(uint64 duration);
    /// @notice The next pause of claims may start only 7 days after the end of the last one.
    /// @param notBefore Unix seconds.
    error PauseTooSoon(uint64 notBefore);
    /// @notice The poster's active stake is below the bond.
    /// @param active What the poster has.
    /// @param minBond What it needs.
    error InsufficientBond(uint128 active, uint128 minBond);
    /// @notice The last proposed epoch is neither active nor rejected yet.
    /// @param epoch The last one.
    error EpochInFlight(uint256 epoch);
    /// @notice The epoch is in another state than this needs.
    /// @param epoch The epoch.
    /// @param status Where it stands.
    error WrongStatus(uint256 epoch, EpochStatus status);
    /// @notice The window ends later.
    /// @param epoch The epoch.
    /// @param activatesAt Unix seconds from which it can be activated.
    error WindowOpen(uint256 epoch, uint64 activatesAt);
    /// @notice More would be paid out than ever came in.
    /// @param totalEarned As declared.
    /// @param funded All that was ever added.
    error EarnedExceedsFunded(uint128 totalEarned, uint128 funded);
    /// @notice What was earned over all epochs cannot shrink.
    /// @param totalEarned As declared.
    /// @param activeTotal Declared by the active epoch.
    error EarnedDecreases(uint128 totalEarned, uint128 activeTotal);
    /// @notice The blocks do not follow the active epoch, are reversed or not mined yet.
    /// @param fromBlock As declared.
    /// @param toBlock As declared.
    error InvalidBlockRange(uint64 fromBlock, uint64 toBlock);
    /// @notice Codes from 1,000 are for proven faults.
    /// @param reasonCode As given.
    error InvalidReason(uint16 reasonCode);
    /// @notice No epoch was activated yet.
    error NoActiveEpoch();
    /// @notice The leaf is not at this place of the active epoch's tree.
    error InvalidProof();
    /// @notice The account has already claimed as much.
    /// @param account Whose claim.
    /// @param claimed Over all epochs.
    error NothingToClaim(address account, uint256 claimed);
    /// @notice The leaves sum to more than the epoch declared; only `remaining` is left of that.
    /// @param amount What the claim would pay.
    /// @param remaining What is left of the declared total.
    error ClaimExceedsEarned(uint256 amount, uint256 remaining);
    /// @notice What is paid to the distributor itself would be lost.
    /// @param recipient As given.
    error InvalidRecipient(address recipient);

    /// @notice Moves tokens of the caller into the pot; the escrow does it with every batch.
    /// @param amount Base units; the token must deliver all of it.
    function fund(uint128 amount) external;

    /// @notice Proposes the next epoch; only the role EPOCH_POSTER with a bond, one in flight.
    /// @param proposal All that the poster declares.
    /// @return epoch Counter from 1; rejected epochs keep their number.
    function propose(Proposal calldata proposal) external returns (uint256 epoch);

    /// @notice Rejects an epoch before it is activated; only the role GUARDIAN.
    /// @param epoch Number of the epoch.
    /// @param reasonCode Below 1,000.
    function reject(uint256 epoch, uint16 reasonCode) external;

    /// @notice Rejects an epoch before it is activated, for a proven fault; only the role DISPUTES.
    /// @param epoch Number of the epoch.
    /// @param reasonCode 1,000 + kind of the fault, or why the dispute was lost.
    function rejectFaulty(uint256 epoch, uint16 reasonCode) external;

    /// @notice Holds a proposed epoch, or lets a held one go on; only the role DISPUTES.
    /// The window goes on while the epoch is held.
    /// @param epoch Number of the epoch.
    /// @param disputed True to hold it, false to let it go on.
    function setDisputed(uint256 epoch, bool disputed) external;

    /// @notice Makes a proposed epoch claimable once its window is over; anyone.
    /// @param epoch Proposed, and not held.
    function activate(uint256 epoch) external;

    /// @notice Pays what `account` has earned and not yet claimed, to its recipient or itself; anyone.
    /// @param account Who earned it.
    /// @param leaf Its leaf in the active epoch and the proof.
    /// @return amount Base units paid now.
    function claim(address account, Claim calldata leaf) external returns (uint256 amount);

    /// @notice Claims for many accounts; what fails is left out with an event, also if the token refuses.
    /// @param items Accounts and their leaves, in any order.
    /// @return paid Base units paid now, over all accounts.
    function claimMany(Item[] calldata items) external returns (uint256 paid);

    /// @notice Sends the caller's claims to `recipient` from now on; zero means to the caller again.
    /// @param recipient Not the distributor; zero for the caller.
    function setRecipient(address recipient) external;

    /// @notice Stops or resumes proposals; only the role GUARDIAN.
    /// @param paused True to stop, false to resume.
    function pauseProposals(bool paused) external;

    /// @notice Stops claims; only the role GUARDIAN. It ends by itself and cannot soon be repeated.
    /// @param duration Seconds, at most 3 days.
    function pauseClaims(uint64 duration) external;

    /// @notice The token of all fees and rewards.
    /// @return The ERC-20.
    function token() external view returns (IERC20);

    /// @notice Where posters have their bonds.
    /// @return The contract.
    function staking() external view returns (IAgentStaking);

    /// @notice Seconds between `propose` and `activate`.
    /// @return Seconds.
    function disputeWindow() external view returns (uint64);

    /// @notice Active stake that a poster needs when it proposes, base units.
    /// @return Base units.
    function minBond() external view returns (uint128);

    /// @notice Who is paid from every fee.
    /// @return Both accounts.
    function payees() external view returns (Payees memory);

    /// @notice All that was ever added, base units.
    /// @return Base units.
    function funded() external view returns (uint128);

    /// @notice All that was ever paid out, base units.
    /// @return Base units.
    function claimedTotal() external view returns (uint128);

    /// @notice Number of the last proposed epoch, zero before the first.
    /// @return The latest epoch.
    function epochCount() external view returns (uint256);

    /// @notice The epoch that claims are made against, zero before the first activation.
    /// @return The epoch.
    function activeEpoch() external view returns (uint256);

    /// @notice Whether `propose` is stopped.
    /// @return True if so.
    function proposalsPaused() external view returns (bool);

    /// @notice Unix seconds before which the last pause ends, zero if there was none.
    /// @return Unix seconds.
    function claimsPausedUntil() external view returns (uint64);

    /// @notice What is remembered of an epoch; all zero if there is no such epoch.
    /// @param epoch Number of the epoch.
    /// @return As stored.
    function epochOf(uint256 epoch) external view returns (Epoch memory);

    /// @notice What an epoch binds its poster to: keccak256 of the ABI encoding of the three arguments.
    /// @param proposal All that the poster declared.
    /// @param poster Who proposed it.
    /// @param previousEpoch The active epoch at the time of the proposal.
    /// @return As in `Epoch.commitment`.
    function commitmentOf(Proposal calldata proposal, address poster, uint256 previousEpoch)
        external
        pure
        returns (bytes32);

    /// @notice What `account` has claimed over all epochs, base units.
    /// @param account Who earned it.
    /// @return Base units.
    function claimedOf(address account) external view returns (uint256);

    /// @notice Who gets the claims of `account`; zero if that is the account itself.
    /// @param account Who earned it.
    /// @return The account that is paid.
    function recipientOf(address account) external view returns (address);
}
