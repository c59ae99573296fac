// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IPlatformFloor} from "./IPlatformFloor.sol";
import {IRewardsDistributor} from "./IRewardsDistributor.sol";

/// @title Votes that are earned and cannot be moved
/// @notice An account that earned money may turn it into votes: a fixed share of what the rewards
/// distributor says it has earned over all time, proven against an epoch that matured here. The earnings
/// stay with the account; nothing is paid or locked. There is no function that moves votes from one account
/// to another, so they can be neither bought nor borrowed; they can be delegated.
///
/// Every vote is backed by at least one base unit that the platform got: the share is at most the least that
/// any terms give to the platform, and all votes together never exceed what the platform has earned. Whoever
/// pays fees to itself to earn votes therefore pays at least one base unit for each, see the page of this
/// contract.
///
/// Votes count while their owner does something. Those of an account that neither voted, synced, delegated
/// nor renewed for an activity period can be expired by anyone, so that they no longer raise the quorum, and
/// come back whole with the account's next act.
///
/// Trusted, not proven: the weights by which the engine attributes a call, as in the distributor. What a
/// false root could add is bounded by the cap of an epoch and can be voided by the guardian until it matures.
interface IContributionVotes {
    /// @notice The settings, which never change.
    struct Settings {
        /// Seconds from the registration of an active epoch until it counts, at least the dispute window.
        uint64 maturity;
        /// Seconds without an act of the account after which its votes can be expired.
        uint64 activityPeriod;
        /// Votes per base unit earned, in 1/10,000, at most the least share of the platform.
        uint16 protocolShareBps;
        /// Votes credited while an epoch is the active one, in 1/10,000 of the votes that count.
        uint16 capBps;
        /// The least such cap, with which the first votes come into being.
        uint96 minCap;
    }

    /// @notice An epoch of the distributor as votes see it.
    struct EpochRecord {
        /// Unix seconds; zero if the epoch was never registered.
        uint64 maturesAt;
        /// What the platform had earned over all time, base units.
        uint96 protocolFees;
        bool voided;
    }

    /// @notice An account as votes see it.
    struct Account {
        /// Votes credited over all time; they count unless `expired`.
        uint96 units;
        /// Unix seconds of the last act.
        uint64 activeAt;
        bool expired;
    }

    /// @notice What may still be credited while `epoch` is the active one.
    struct Window {
        uint64 epoch;
        uint96 cap;
        uint96 credited;
    }

    /// @notice What never changes; emitted once.
    /// @param rewards Where earnings are proven.
    /// @param models Where the least share of the platform is set.
    /// @param governor Who reports votes.
    /// @param platform Payee whose earnings bound all votes.
    /// @param stakers Payee that gets no votes either.
    /// @param settings The settings.
    event VotesCreated(
        address rewards,
        address models,
        address governor,
        address platform,
        address stakers,
        Settings settings
    );
    /// @notice An active epoch was registered.
    /// @param epoch The epoch of the distributor.
    /// @param maturesAt Unix seconds from which it counts.
    /// @param protocolFees What the platform had earned over all time, base units.
    event EpochRegistered(uint256 indexed epoch, uint64 maturesAt, uint96 protocolFees);
    /// @notice An epoch will never count.
    /// @param epoch The epoch of the distributor.
    event EpochVoided(uint256 indexed epoch);
    /// @notice Earnings became votes.
    /// @param account Whose.
    /// @param epoch The epoch they were proven against.
    /// @param earned What the account had earned over all time, base units.
    /// @param amount Votes credited now.
    /// @param units Votes of the account after it.
    /// @param totalCredited Votes credited to all accounts over all time after it.
    /// @param active The active epoch, to which the cap belongs.
    /// @param credited Votes credited in it to all accounts after it.
    /// @param cap The most that is credited in it.
    event ContributionCredited(
        address indexed account,
        uint256 indexed epoch,
        uint128 earned,
        uint96 amount,
        uint96 units,
        uint96 totalCredited,
        uint64 active,
        uint96 credited,
        uint96 cap
    );
    /// @notice An account did something; all its votes count.
    /// @param account Who.
    /// @param activeAt Unix seconds of the act.
    /// @param units Its votes.
    event VotesRenewed(address indexed account, uint64 activeAt, uint96 units);
    /// @notice The votes of an account no longer count.
    /// @param account Whose.
    /// @param units How many.
    event VotesExpired(address indexed account, uint96 units);

    /// @notice A setting is out of its range.
    error InvalidSettings();
    /// @notice The registry lets terms give less to the platform than votes are worth.
    /// @param minPlatformBps What terms have to give at least, in 1/10,000.
    /// @param protocolShareBps Votes per base unit earned, in 1/10,000.
    error FloorTooLow(uint16 minPlatformBps, uint16 protocolShareBps);
    /// @notice Only epochs that became active count, each registered once.
    /// @param epoch The epoch.
    error NotRegistrable(uint256 epoch);
    /// @notice The epoch is not registered, voided, or matures later.
    /// @param epoch The epoch.
    /// @param maturesAt Unix seconds; zero if it is not registered.
    error NotMatured(uint256 epoch, uint64 maturesAt);
    /// @notice The epoch is not registered, voided, or has matured.
    /// @param epoch The epoch.
    error NotVoidable(uint256 epoch);
    /// @notice The leaf is not at this place of the epoch's tree.
    /// @param account Whose leaf it should be.
    error InvalidLeaf(address account);
    /// @notice The payees of the protocol earn without contributing.
    /// @param account The payee.
    error NotAContributor(address account);
    /// @notice Only the governor sees who voted.
    /// @param caller Who tried.
    error NotGovernor(address caller);

    /// @notice Starts the maturity of an active epoch; anyone, once per epoch.
    /// @param epoch The epoch.
    /// @param platformLeaf What the platform has earned in it. If it has earned nothing there is no leaf, and
    /// there are no votes either.
    function registerEpoch(uint256 epoch, IRewardsDistributor.Claim calldata platformLeaf) external;

    /// @notice Takes an epoch that has not matured out for good; only the role GUARDIAN.
    /// @param epoch The epoch.
    function voidEpoch(uint256 epoch) external;

    /// @notice Turns what the caller has earned until a matured epoch into votes, renews its votes and, the
    /// first time, delegates them to the caller unless it chose somebody else before.
    /// @dev What exceeds the cap or the fees of the platform is not lost: a later sync credits it. Only the
    /// account itself can sync, so that nobody can raise the quorum by the votes of those who are away.
    /// @param epoch The matured epoch.
    /// @param leaf What the caller has earned.
    /// @return amount Votes credited now; zero if nothing was left to credit.
    function sync(uint256 epoch, IRewardsDistributor.Claim calldata leaf) external returns (uint96 amount);

    /// @notice Renews the caller's votes for an activity period, and brings back those that expired.
    function renew() external;

    /// @notice Renews the votes of an account that voted; only the governor.
    /// @param account Who voted.
    function recordVote(address account) external;

    /// @notice Stops counting the votes of accounts without an act for an activity period; anyone.
    /// Accounts for which this does not hold are left out.
    /// @param accounts Whose votes.
    /// @return expired How many accounts it held for.
    function expire(address[] calldata accounts) external returns (uint256 expired);

    /// @notice Where earnings are proven.
    function rewards() external view returns (IRewardsDistributor);

    /// @notice Where the least share of the platform is set.
    function models() external view returns (IPlatformFloor);

    /// @notice Who reports votes.
    function governor() external view returns (address);

    /// @notice The settings.
    function settings() external view returns (Settings memory);

    /// @notice Votes credited to all accounts over all time, whether they count or not.
    function totalCredited() external view returns (uint96);

    /// @notice What is remembered of an epoch; all zero if it was never registered.
    /// @param epoch The epoch.
    function recordOf(uint256 epoch) external view returns (EpochRecord memory);

    /// @notice What is remembered of an account.
    /// @param account The account.
    function accountOf(address account) external view returns (Account memory);

    /// @notice What may be credited while the present epoch is the active one, and what was.
    function window() external view returns (Window memory);
}
