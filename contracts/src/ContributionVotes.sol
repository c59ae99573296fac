// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IContributionVotes} from "./interfaces/IContributionVotes.sol";
import {IPlatformFloor} from "./interfaces/IPlatformFloor.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "./libraries/EpochLeaves.sol";
import {OrderedMerkle} from "./libraries/OrderedMerkle.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title ContributionVotes
/// @notice See `IContributionVotes`.
contract ContributionVotes is IContributionVotes, Votes, AccessManaged {
    using Math for uint256;
    using SafeCast for uint256;

    uint256 private constant WHOLE_BPS = 10_000;

    /// @inheritdoc IContributionVotes
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IContributionVotes
    IPlatformFloor public immutable models;
    /// @inheritdoc IContributionVotes
    address public immutable governor;
    address private immutable _platform;
    address private immutable _stakers;
    uint64 private immutable _maturity;
    uint64 private immutable _activityPeriod;
    uint16 private immutable _protocolShareBps;
    uint16 private immutable _capBps;
    uint96 private immutable _minCap;

    /// @inheritdoc IContributionVotes
    uint96 public totalCredited;
    Window private _window;
    mapping(uint256 epoch => EpochRecord record) private _records;
    mapping(address account => Account data) private _accounts;

    /// @notice Sets what never changes.
    /// @param authority The AccessManager.
    /// @param rewards_ Where earnings are proven.
    /// @param models_ Where the least share of the platform is set.
    /// @param governor_ Who reports votes; it may be created after this contract.
    /// @param settings_ The settings.
    constructor(
        address authority,
        IRewardsDistributor rewards_,
        IPlatformFloor models_,
        address governor_,
        Settings memory settings_
    ) AccessManaged(authority) EIP712("Provenant ContributionVotes", "1") {
        if (
            settings_.maturity < rewards_.disputeWindow() || settings_.activityPeriod == 0
                || settings_.protocolShareBps == 0 || settings_.capBps == 0 || settings_.capBps > WHOLE_BPS
                || settings_.minCap == 0
        ) revert InvalidSettings();
        rewards = rewards_;
        models = models_;
        governor = governor_;
        _maturity = settings_.maturity;
        _activityPeriod = settings_.activityPeriod;
        _protocolShareBps = settings_.protocolShareBps;
        _capBps = settings_.capBps;
        _minCap = settings_.minCap;
        IRewardsDistributor.Payees memory payees = rewards_.payees();
        _platform = payees.platform;
        _stakers = payees.stakers;
        _checkFloor(models_, settings_.protocolShareBps);
        emit VotesCreated(
            address(rewards_), address(models_), governor_, payees.platform, payees.stakers, settings_
        );
    }

    /// @inheritdoc IContributionVotes
    function registerEpoch(uint256 epoch, IRewardsDistributor.Claim calldata platformLeaf) external {
        // The registry can be upgraded: if it ever lets terms give less, no later earnings become votes.
        _checkFloor(models, _protocolShareBps);
        IRewardsDistributor.Epoch memory data = rewards.epochOf(epoch);
        if (data.status != IRewardsDistributor.EpochStatus.Active || _records[epoch].maturesAt != 0) {
            revert NotRegistrable(epoch);
        }
        _checkLeaf(data, _platform, platformLeaf);
        // The time of the activation is not stored, and it may be long after the end of the window.
        uint64 maturesAt = (block.timestamp + _maturity).toUint64();
        uint96 protocolFees = uint256(platformLeaf.cumulative).toUint96();
        _records[epoch] = EpochRecord(maturesAt, protocolFees, false);
        emit EpochRegistered(epoch, maturesAt, protocolFees);
    }

    /// @inheritdoc IContributionVotes
    function voidEpoch(uint256 epoch) external restricted {
        EpochRecord storage record = _records[epoch];
        if (record.voided || block.timestamp >= record.maturesAt) revert NotVoidable(epoch);
        record.voided = true;
        emit EpochVoided(epoch);
    }

    /// @inheritdoc IContributionVotes
    function sync(uint256 epoch, IRewardsDistributor.Claim calldata leaf) external returns (uint96 amount) {
        address account = msg.sender;
        if (account == _platform || account == _stakers) revert NotAContributor(account);
        EpochRecord memory record = _records[epoch];
        if (record.maturesAt == 0 || record.voided || block.timestamp < record.maturesAt) {
            revert NotMatured(epoch, record.maturesAt);
        }
        _checkLeaf(rewards.epochOf(epoch), account, leaf);
        _renew(account);
        uint96 units = _accounts[account].units;
        uint256 due = (uint256(leaf.cumulative) * _protocolShareBps / WHOLE_BPS).saturatingSub(units);
        amount = _take(due, record.protocolFees);
        if (amount == 0) return 0;
        if (units == 0 && delegates(account) == address(0)) Votes._delegate(account, account);
        units += amount;
        _accounts[account].units = units;
        _transferVotingUnits(address(0), account, amount);
        Window memory current = _window;
        emit ContributionCredited(
            account,
            epoch,
            leaf.cumulative,
            amount,
            units,
            totalCredited,
            current.epoch,
            current.credited,
            current.cap
        );
    }

    /// @inheritdoc IContributionVotes
    function renew() external {
        _renew(msg.sender);
    }

    /// @inheritdoc IContributionVotes
    function recordVote(address account) external {
        if (msg.sender != governor) revert NotGovernor(msg.sender);
        _renew(account);
    }

    /// @inheritdoc IContributionVotes
    function expire(address[] calldata accounts) external returns (uint256 expired) {
        for (uint256 i; i < accounts.length; ++i) {
            Account storage account = _accounts[accounts[i]];
            uint96 units = account.units;
            if (units == 0 || account.expired) continue;
            if (block.timestamp <= uint256(account.activeAt) + _activityPeriod) continue;
            account.expired = true;
            _transferVotingUnits(accounts[i], address(0), units);
            emit VotesExpired(accounts[i], units);
            ++expired;
        }
    }

    /// @inheritdoc IContributionVotes
    function settings() external view returns (Settings memory) {
        return Settings(_maturity, _activityPeriod, _protocolShareBps, _capBps, _minCap);
    }

    /// @inheritdoc IContributionVotes
    function recordOf(uint256 epoch) external view returns (EpochRecord memory) {
        return _records[epoch];
    }

    /// @inheritdoc IContributionVotes
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc IContributionVotes
    function window() external view returns (Window memory) {
        return _window;
    }

    /// @notice Unix seconds: every chain of the OP Stack has its own block time.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The clock by ERC-6372.
    function CLOCK_MODE() public pure override returns (string memory) {
        // solhint-disable-previous-line func-name-mixedcase
        return "mode=timestamp";
    }

    /// @dev Delegating is an act of the account, by its transaction or its signature. A delegation needs no
    /// date of its own: whoever only lends its votes and does nothing else loses them after a period.
    function _delegate(address account, address delegatee) internal override {
        _renew(account);
        super._delegate(account, delegatee);
    }

    /// @dev Asked only while delegating, which has brought expired votes back.
    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _accounts[account].units;
    }

    function _renew(address account) private {
        Account memory data = _accounts[account];
        bool restored = data.expired;
        data.activeAt = clock();
        data.expired = false;
        _accounts[account] = data;
        if (restored) _transferVotingUnits(address(0), account, data.units);
        emit VotesRenewed(account, data.activeAt, data.units);
    }

    /// @dev What of `due` the cap and the platform's earnings leave, taken from both. The cap belongs to the
    /// active epoch, not to the one proven: else those of many old epochs could be used up at once.
    function _take(uint256 due, uint96 protocolFees) private returns (uint96 amount) {
        Window memory current = _window;
        uint256 active = rewards.activeEpoch();
        if (current.epoch != active) {
            uint256 cap = Math.max(_minCap, _getTotalSupply() * _capBps / WHOLE_BPS);
            current = Window(active.toUint64(), cap.toUint96(), 0);
        }
        uint96 total = totalCredited;
        uint256 room = Math.min(
            uint256(current.cap).saturatingSub(current.credited), uint256(protocolFees).saturatingSub(total)
        );
        amount = Math.min(due, room).toUint96();
        if (amount == 0) return 0;
        current.credited += amount;
        _window = current;
        totalCredited = total + amount;
    }

    function _checkLeaf(
        IRewardsDistributor.Epoch memory data,
        address account,
        IRewardsDistributor.Claim calldata leaf
    ) private pure {
        bytes32 hash = EpochLeaves.hashReward(account, leaf.cumulative, leaf.before);
        if (!OrderedMerkle.verify(data.root, data.accounts, leaf.index, hash, leaf.proof)) {
            revert InvalidLeaf(account);
        }
    }

    function _checkFloor(IPlatformFloor floor, uint16 protocolShareBps) private view {
        uint16 minPlatformBps = floor.minPlatformBps();
        if (minPlatformBps < protocolShareBps) revert FloorTooLow(minPlatformBps, protocolShareBps);
    }
}
