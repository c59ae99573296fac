// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochFaults} from "./EpochFaults.sol";
import {IAgentStaking} from "./interfaces/IAgentStaking.sol";
import {IEpochDisputes} from "./interfaces/IEpochDisputes.sol";
import {IEpochFaults} from "./interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "./interfaces/IInferenceLedger.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

/// @title EpochDisputes
/// @notice Fault proofs and disputes about epochs; see `IEpochDisputes` for what is proven and what trusted.
contract EpochDisputes is IEpochDisputes, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint16 private constant MAX_WINNER_BPS = 5_000;
    /// Added to the kind of a fault for the reason of the rejection.
    uint16 private constant FAULT_REASONS = 1_000;
    uint16 private constant UPHELD_REASON = 1_100;
    uint16 private constant UNDECIDED_REASON = 1_101;
    uint256 private constant FINDING_BYTES = 96;
    /// Name a slash, with the kind of the fault or the number of the dispute in the last bytes.
    bytes32 private constant FAULT = "fault";
    bytes32 private constant DISPUTE = "dispute";

    /// @inheritdoc IEpochDisputes
    IEpochFaults public immutable faults;
    /// @inheritdoc IEpochDisputes
    IRewardsDistributor public immutable rewards;
    /// @inheritdoc IEpochDisputes
    IAgentStaking public immutable staking;
    IERC20 private immutable _token;
    address private immutable _treasury;
    /// @inheritdoc IEpochDisputes
    uint256 public disputeCount;
    /// @inheritdoc IEpochDisputes
    mapping(address account => bool attests) public isAttester;
    /// @inheritdoc IEpochDisputes
    mapping(uint256 disputeId => mapping(address attester => bytes32 hash)) public commitmentOf;
    /// @inheritdoc IEpochDisputes
    mapping(address account => uint128 amount) public withdrawable;
    Settings private _settings;
    mapping(uint256 disputeId => Dispute dispute) private _disputes;

    /// @notice Creates the contract that checks the faults, too.
    /// @param authority The AccessManager; gives this contract the roles DISPUTES and SLASHER.
    /// @param rewards_ Whose epochs these are.
    /// @param staking_ Where the posters have their bonds; the distributor's.
    /// @param ledger_ Where the calls are recorded.
    /// @param models_ Where the terms are set.
    /// @param settings_ All settings; they never change.
    constructor(
        address authority,
        IRewardsDistributor rewards_,
        IAgentStaking staking_,
        IInferenceLedger ledger_,
        IModelRegistry models_,
        Settings memory settings_
    ) AccessManaged(authority) {
        faults = new EpochFaults(rewards_, ledger_, models_);
        rewards = rewards_;
        staking = staking_;
        _token = rewards_.token();
        _treasury = staking_.treasury();
        _checkSettings(settings_);
        _settings = settings_;
        emit DisputesCreated(
            address(rewards_), address(staking_), address(faults), staking_.treasury(), settings_
        );
    }

    /// @inheritdoc IEpochDisputes
    function prove(bytes calldata faultCall) external returns (IEpochFaults.Finding memory finding) {
        bytes memory result = Address.functionStaticCall(address(faults), faultCall);
        if (result.length != FINDING_BYTES) revert NotAFault();
        finding = abi.decode(result, (IEpochFaults.Finding));
        uint8 kind = finding.kind;
        rewards.rejectFaulty(finding.epoch, FAULT_REASONS + kind);
        (uint128 slashed, uint128 reward) = _slash(finding.poster, FAULT | bytes32(uint256(kind)), msg.sender);
        emit FaultProven(finding.epoch, kind, msg.sender, slashed, reward);
    }

    /// @inheritdoc IEpochDisputes
    function open(uint256 epoch, IEpochFaults.Context calldata context, bytes32 evidenceHash)
        external
        nonReentrant
        returns (uint256 disputeId)
    {
        IRewardsDistributor.Epoch memory data = rewards.epochOf(epoch);
        if (data.commitment != keccak256(abi.encode(context.proposal, context.poster, context.previousEpoch)))
        {
            revert WrongContext(epoch);
        }
        if (block.timestamp >= data.activatesAt) revert WindowClosed(epoch, data.activatesAt);
        disputeId = ++disputeCount;
        Dispute storage dispute = _disputes[disputeId];
        dispute.epoch = epoch;
        dispute.challenger = msg.sender;
        dispute.poster = context.poster;
        dispute.bond = _settings.challengerBond;
        dispute.commitEnd = uint64(block.timestamp) + _settings.commitPeriod;
        dispute.revealEnd = dispute.commitEnd + _settings.revealPeriod;
        dispute.governanceEnd = dispute.revealEnd + _settings.governancePeriod;
        emit DisputeOpened(
            disputeId, epoch, msg.sender, dispute.bond, evidenceHash, dispute.commitEnd, dispute.revealEnd
        );
        rewards.setDisputed(epoch, true);
        _takeBond(dispute.bond);
    }

    /// @inheritdoc IEpochDisputes
    function commitVote(uint256 disputeId, bytes32 hash) external {
        Dispute storage dispute = _ballotOf(disputeId);
        _checkPhase(0, dispute.commitEnd);
        if (hash == 0) revert ZeroHash();
        if (commitmentOf[disputeId][msg.sender] != 0) revert AlreadyCommitted(disputeId, msg.sender);
        commitmentOf[disputeId][msg.sender] = hash;
        emit VoteCommitted(disputeId, msg.sender, hash);
    }

    /// @inheritdoc IEpochDisputes
    function revealVote(uint256 disputeId, bool uphold, bytes32 salt) external {
        Dispute storage dispute = _ballotOf(disputeId);
        _checkPhase(dispute.commitEnd, dispute.revealEnd);
        bytes32 hash = keccak256(abi.encode(disputeId, msg.sender, uphold, salt));
        if (commitmentOf[disputeId][msg.sender] != hash) revert WrongReveal(disputeId, msg.sender);
        delete commitmentOf[disputeId][msg.sender];
        if (uphold) ++dispute.upholdVotes;
        else ++dispute.dismissVotes;
        emit VoteRevealed(disputeId, msg.sender, uphold, dispute.upholdVotes, dispute.dismissVotes);
    }

    /// @inheritdoc IEpochDisputes
    function resolve(uint256 disputeId) external returns (Outcome outcome) {
        Dispute storage dispute = _openDispute(disputeId);
        uint8 quorum = _settings.quorum;
        if (_isSuperseded(dispute)) {
            outcome = Outcome.Superseded;
        } else if (dispute.upholdVotes >= quorum) {
            outcome = Outcome.Upheld;
        } else if (dispute.dismissVotes >= quorum) {
            outcome = Outcome.Dismissed;
        } else {
            _checkPhase(dispute.governanceEnd, type(uint64).max);
            outcome = Outcome.Undecided;
        }
        _end(disputeId, dispute, outcome);
    }

    /// @inheritdoc IEpochDisputes
    function resolveByGovernance(uint256 disputeId, bool uphold)
        external
        restricted
        returns (Outcome outcome)
    {
        Dispute storage dispute = _openDispute(disputeId);
        _checkPhase(dispute.revealEnd, dispute.governanceEnd);
        uint8 quorum = _settings.quorum;
        if (dispute.upholdVotes >= quorum || dispute.dismissVotes >= quorum) {
            revert DecidedByVotes(disputeId);
        }
        if (_isSuperseded(dispute)) outcome = Outcome.Superseded;
        else outcome = uphold ? Outcome.Upheld : Outcome.Dismissed;
        _end(disputeId, dispute, outcome);
    }

    /// @inheritdoc IEpochDisputes
    function withdrawBond() external returns (uint128 amount) {
        amount = withdrawable[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        withdrawable[msg.sender] = 0;
        emit BondWithdrawn(msg.sender, amount);
        _token.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IEpochDisputes
    function settings() external view returns (Settings memory) {
        return _settings;
    }

    /// @inheritdoc IEpochDisputes
    function disputeOf(uint256 disputeId) external view returns (Dispute memory) {
        return _disputes[disputeId];
    }

    function _end(uint256 disputeId, Dispute storage dispute, Outcome outcome) private {
        dispute.outcome = outcome;
        uint256 epoch = dispute.epoch;
        address challenger = dispute.challenger;
        withdrawable[outcome == Outcome.Dismissed ? _treasury : challenger] += dispute.bond;
        emit DisputeResolved(disputeId, epoch, uint8(outcome));
        if (outcome == Outcome.Dismissed) {
            rewards.setDisputed(epoch, false);
        } else if (outcome == Outcome.Undecided) {
            rewards.rejectFaulty(epoch, UNDECIDED_REASON);
        } else if (outcome == Outcome.Upheld) {
            rewards.rejectFaulty(epoch, UPHELD_REASON);
            _slash(dispute.poster, DISPUTE | bytes32(disputeId), challenger);
        }
    }

    function _slash(address poster, bytes32 reasonId, address winner)
        private
        returns (uint128 slashed, uint128 reward)
    {
        return staking.slash(poster, _settings.slashAmount, reasonId, winner, _settings.winnerBps);
    }

    function _takeBond(uint128 bond) private {
        uint256 before = _token.balanceOf(address(this));
        _token.safeTransferFrom(msg.sender, address(this), bond);
        uint256 received = _token.balanceOf(address(this)) - before;
        if (received != bond) revert FeeOnTransfer(bond, received);
    }

    function _isSuperseded(Dispute storage dispute) private view returns (bool) {
        return rewards.epochOf(dispute.epoch).status != IRewardsDistributor.EpochStatus.Disputed;
    }

    /// @dev The dispute, for somebody who may vote in it.
    function _ballotOf(uint256 disputeId) private view returns (Dispute storage dispute) {
        dispute = _openDispute(disputeId);
        if (!isAttester[msg.sender]) revert NotAttester(msg.sender);
        if (msg.sender == dispute.poster || msg.sender == dispute.challenger) {
            revert PartyOfDispute(disputeId, msg.sender);
        }
    }

    function _openDispute(uint256 disputeId) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        if (dispute.epoch == 0 || dispute.outcome != Outcome.Open) {
            revert NotOpen(disputeId, dispute.outcome);
        }
    }

    function _checkPhase(uint64 from, uint64 until) private view {
        if (block.timestamp < from || block.timestamp >= until) revert OutsidePhase(from, until);
    }

    /// @dev Also fills the set of attesters.
    function _checkSettings(Settings memory settings_) private {
        if (rewards.staking() != staking) revert InvalidSetting("staking");
        if (settings_.challengerBond == 0) revert InvalidSetting("challengerBond");
        if (settings_.slashAmount == 0 || settings_.slashAmount > rewards.minBond()) {
            revert InvalidSetting("slashAmount");
        }
        if (settings_.winnerBps > MAX_WINNER_BPS) revert InvalidSetting("winnerBps");
        if (settings_.commitPeriod == 0) revert InvalidSetting("commitPeriod");
        if (settings_.revealPeriod == 0) revert InvalidSetting("revealPeriod");
        if (settings_.governancePeriod == 0) revert InvalidSetting("governancePeriod");
        // A dispute opened in the last second of the window must end before the poster's stake is gone.
        uint256 adjudication =
            uint256(settings_.commitPeriod) + settings_.revealPeriod + settings_.governancePeriod;
        if (staking.thawPeriod() <= rewards.disputeWindow() + adjudication) {
            revert InvalidSetting("thawPeriod");
        }
        uint256 attesters = settings_.attesters.length;
        // Votes are counted in 8 bits.
        if (attesters > type(uint8).max) revert InvalidSetting("attesters");
        if (uint256(settings_.quorum) * 2 <= attesters || settings_.quorum > attesters) {
            revert InvalidSetting("quorum");
        }
        for (uint256 i; i < attesters; ++i) {
            address attester = settings_.attesters[i];
            if (attester == address(0) || isAttester[attester]) revert InvalidSetting("attesters");
            isAttester[attester] = true;
        }
    }
}
