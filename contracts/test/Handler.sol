// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {Log} from "./Base.sol";
import {Call, Fixture} from "./Fixture.sol";
import {OrderedTree} from "./OrderedTree.sol";

/// @dev What the invariant runs may do: honest actions, and attacks that must fail for the right reason.
/// A polite handler proves little: most broken contracts keep their invariants until somebody attacks.
contract Handler is Fixture {
    uint256 public constant ACTORS = 4;
    uint256 public constant ACCOUNTS = 8;
    uint256 private constant MAX_AMOUNT = 1e18;

    address[4] public payers;
    address[2] public operators = [OPERATOR, OTHER_OPERATOR];
    /// Sums that the contracts must agree with, counted here without them.
    uint256 public deposits;
    uint256 public charges;
    uint256 public withdrawals;
    uint256 public directFunding;
    uint256 public claims;
    uint256 public recordedCalls;

    uint256[4] private _keys;
    uint256 private _seed;
    mapping(bytes32 requestHash => bool recorded) private _recorded;
    mapping(uint256 payer => mapping(uint256 operator => bytes data)) private _lastData;
    mapping(uint256 payer => mapping(uint256 operator => IInferenceLedger.Lane lane)) private _lastLane;

    uint256[8] private _earned;
    uint256[8] private _proposed;
    uint256[8] private _active;
    uint256 private _sumEarned;

    constructor() {
        _deployAll();
        staking.stake(POSTER, BOND);
        for (uint256 i; i < ACTORS; ++i) {
            _keys[i] = 0xa11ce + i;
            payers[i] = vm.addr(_keys[i]);
        }
    }

    // Escrow

    function deposit(uint256 i, uint256 o, uint128 amount) external {
        amount = uint128(bound(amount, 1, MAX_AMOUNT));
        escrow.depositFor(payers[i % ACTORS], operators[o % 2], amount);
        deposits += amount;
    }

    function startThaw(uint256 i, uint256 o, uint128 amount) external {
        address payer = payers[i % ACTORS];
        uint128 balance = escrow.balanceOf(payer, operators[o % 2]);
        if (balance == 0) return;
        vm.prank(payer);
        escrow.startThaw(operators[o % 2], uint128(bound(amount, 1, balance)));
    }

    function withdraw(uint256 i, uint256 o) external {
        address payer = payers[i % ACTORS];
        IInferenceEscrow.Account memory account = escrow.accountOf(payer, operators[o % 2]);
        if (account.thawing == 0) return;
        vm.warp(vm.getBlockTimestamp() + THAW);
        uint256 before = token.balanceOf(payer);
        vm.prank(payer);
        uint128 amount = escrow.withdraw(operators[o % 2]);
        require(token.balanceOf(payer) - before == amount, "withdrawn but not paid");
        withdrawals += amount;
    }

    function attackWithdrawEarly(uint256 i, uint256 o) external {
        address payer = payers[i % ACTORS];
        IInferenceEscrow.Account memory account = escrow.accountOf(payer, operators[o % 2]);
        if (account.thawing == 0 || account.thawEnd <= vm.getBlockTimestamp()) return;
        vm.prank(payer);
        try escrow.withdraw(operators[o % 2]) {
            revert("withdrawn before the thaw ended");
        } catch (bytes memory reason) {
            _requireReason(reason, IInferenceEscrow.StillThawing.selector);
        }
    }

    function attackThawTooMuch(uint256 i, uint256 o, uint128 extra) external {
        address payer = payers[i % ACTORS];
        uint128 amount = escrow.balanceOf(payer, operators[o % 2]) + uint128(bound(extra, 1, MAX_AMOUNT));
        vm.prank(payer);
        try escrow.startThaw(operators[o % 2], amount) {
            revert("thawed more than the balance");
        } catch (bytes memory reason) {
            _requireReason(reason, IInferenceEscrow.InsufficientBalance.selector);
        }
    }

    function attackCharge(uint256 i, uint256 o, uint128 amount) external {
        vm.prank(operators[o % 2]);
        try escrow.charge(1, payers[i % ACTORS], operators[o % 2], payers[i % ACTORS], amount, 1) {
            revert("charged without the ledger");
        } catch (bytes memory reason) {
            _requireReason(reason, IInferenceEscrow.NotLedger.selector);
        }
    }

    // Ledger

    function record(uint256 i, uint256 o, uint256 count, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, count, fee);
        _recordAndExpect(o, _pack(calls), _only(lane), uint32(calls.length), 0, 0);
        _count(i, o, calls, lane);
    }

    function recordBesideAnUnderfundedLane(uint256 i, uint256 o, uint256 count, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, count, fee);
        uint256 j = (i % ACTORS + 1) % ACTORS;
        uint128 balance = escrow.balanceOf(payers[j], operators[o % 2]);
        Call[] memory poor = _calls(payers[j], 1, uint96(balance + 1), ++_seed);
        IInferenceLedger.Lane[] memory lanes = _both(_honestLane(_keys[j], operators[o % 2], poor), lane);
        bytes memory data = bytes.concat(_pack(poor), _pack(calls));
        _recordAndExpect(
            o, data, lanes, uint32(calls.length), 1, uint8(IInferenceLedger.SkipReason.Underfunded)
        );
        _count(i, o, calls, lane);
    }

    function attackReplay(uint256 i, uint256 o) external {
        bytes memory data = _lastData[i % ACTORS][o % 2];
        if (data.length == 0) return;
        _expectSkip(o, data, _lastLane[i % ACTORS][o % 2], IInferenceLedger.SkipReason.CallCount);
    }

    /// @dev The honest lane twice in one batch, another one between them.
    function attackReplayWithinTheBatch(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        uint256 j = (i % ACTORS + 1) % ACTORS;
        Call[] memory between = _calls(payers[j], 1, 0, ++_seed);
        IInferenceLedger.Lane[] memory lanes = new IInferenceLedger.Lane[](3);
        lanes[0] = lane;
        lanes[1] = _honestLane(_keys[j], operators[o % 2], between);
        lanes[2] = lane;
        bytes memory data = bytes.concat(_pack(calls), _pack(between), _pack(calls));
        _recordAndExpect(o, data, lanes, 2, 1, uint8(IInferenceLedger.SkipReason.CallCount));
        _count(j, o, between, lanes[1]);
        _count(i, o, calls, lane);
    }

    function attackOverdraw(uint256 i, uint256 o, uint96 extra) external {
        uint128 balance = escrow.balanceOf(payers[i % ACTORS], operators[o % 2]);
        uint96 fee = uint96(balance + bound(extra, 1, MAX_AMOUNT));
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _draft(i, o, 1, fee);
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.Underfunded);
    }

    function attackOverVoucher(uint256 i, uint256 o, uint96 extra) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, 0);
        calls[1].fee += uint96(bound(extra, 1, MAX_AMOUNT));
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.OverVoucher);
    }

    function attackForgedVoucher(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        lane = _signed(_keys[(i % ACTORS + 1) % ACTORS], lane.voucher, 1);
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.BadSignature);
    }

    function attackInventedCall(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, fee);
        calls[1].requestHash = keccak256(abi.encode("invented", ++_seed));
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.ChainMismatch);
    }

    function attackForeignRecords(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 2, fee);
        address other = payers[(i % ACTORS + 1) % ACTORS];
        calls[1].payer = other;
        vm.prank(operators[o % 2]);
        try ledger.recordBatch(1, _pack(calls), DATA_HASH, _only(lane)) {
            revert("record of another payer inside a lane");
        } catch (bytes memory reason) {
            _requireReason(reason, IInferenceLedger.MixedLane.selector);
        }
        calls[0].payer = other;
        _expectSkip(o, _pack(calls), lane, IInferenceLedger.SkipReason.RecordMismatch);
    }

    function attackForeignVoucher(uint256 i, uint256 o, uint96 fee) external {
        (Call[] memory calls, IInferenceLedger.Lane memory lane) = _affordable(i, o, 1, fee);
        _expectSkip(o + 1, _pack(calls), lane, IInferenceLedger.SkipReason.RecordMismatch);
    }

    // Rewards

    function fund(uint128 amount) external {
        amount = uint128(bound(amount, 1, MAX_AMOUNT));
        rewards.fund(amount);
        directFunding += amount;
    }

    function earn(uint256 i, uint256 amount) external {
        uint256 room = rewards.funded() - _sumEarned;
        amount = bound(amount, 0, room);
        _earned[i % ACCOUNTS] += amount;
        _sumEarned += amount;
    }

    /// @dev With `lie` the tree promises one account more than the epoch declares.
    function propose(bool lie, uint256 i, uint256 extra) external {
        if (_inFlight() != 0) return;
        _proposed = _earned;
        if (lie) _proposed[i % ACCOUNTS] += bound(extra, 1, MAX_AMOUNT);
        _propose(uint128(_sumEarned));
    }

    function activate() external {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        rewards.activate(epoch);
        _active = _proposed;
    }

    function reject() external {
        uint256 epoch = _inFlight();
        if (epoch == 0) return;
        vm.prank(GUARDIAN);
        rewards.reject(epoch, 1);
    }

    function claim(uint256 i) external {
        i %= ACCOUNTS;
        uint256 epoch = rewards.activeEpoch();
        address account = accountOf(i);
        if (epoch == 0 || _active[i] <= rewards.claimedOf(account)) return;
        uint256 amount = _active[i] - rewards.claimedOf(account);
        uint256 before = token.balanceOf(account);
        bool withinCap = rewards.claimedTotal() + amount <= rewards.epochOf(epoch).totalEarned;
        try rewards.claim(account, _claim(i, _active[i])) {
            require(withinCap, "claimed past the cap");
            require(token.balanceOf(account) - before == amount, "claimed but not paid");
            claims += amount;
        } catch (bytes memory reason) {
            require(!withinCap, "claim refused within the cap");
            _requireReason(reason, IRewardsDistributor.ClaimExceedsEarned.selector);
        }
    }

    function attackClaimTwice(uint256 i) external {
        i %= ACCOUNTS;
        if (rewards.activeEpoch() == 0 || rewards.claimedOf(accountOf(i)) < _active[i]) return;
        try rewards.claim(accountOf(i), _claim(i, _active[i])) {
            revert("claimed twice");
        } catch (bytes memory reason) {
            _requireReason(reason, IRewardsDistributor.NothingToClaim.selector);
        }
    }

    function attackClaimForged(uint256 i, uint256 extra) external {
        i %= ACCOUNTS;
        if (rewards.activeEpoch() == 0) return;
        uint256 cumulative = _active[i] + bound(extra, 1, MAX_AMOUNT);
        try rewards.claim(accountOf(i), _claim(i, cumulative)) {
            revert("claimed what is in no leaf");
        } catch (bytes memory reason) {
            _requireReason(reason, IRewardsDistributor.InvalidProof.selector);
        }
    }

    function attackUnfundedEpoch(uint128 extra) external {
        if (_inFlight() != 0) return;
        uint128 total = rewards.funded() + uint128(bound(extra, 1, MAX_AMOUNT));
        _expectProposalFails(total, IRewardsDistributor.EarnedExceedsFunded.selector);
    }

    function attackShrinkingEpoch(uint128 less) external {
        uint128 total = rewards.epochOf(rewards.activeEpoch()).totalEarned;
        if (_inFlight() != 0 || total == 0) return;
        total -= uint128(bound(less, 1, total));
        _expectProposalFails(total, IRewardsDistributor.EarnedDecreases.selector);
    }

    function attackSecondProposal() external {
        if (_inFlight() == 0) return;
        _expectProposalFails(uint128(_sumEarned), IRewardsDistributor.EpochInFlight.selector);
    }

    function attackEarlyActivation() external {
        uint256 epoch = _inFlight();
        if (epoch == 0 || vm.getBlockTimestamp() >= rewards.epochOf(epoch).activatesAt) return;
        try rewards.activate(epoch) {
            revert("activated inside the window");
        } catch (bytes memory reason) {
            _requireReason(reason, IRewardsDistributor.WindowOpen.selector);
        }
    }

    // What the invariants read

    function accountOf(uint256 i) public pure returns (address) {
        return address(uint160(0xacc000 + i));
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(escrow), address(ledger), address(rewards));
    }

    function stakingAddress() external view returns (address) {
        return address(staking);
    }

    function laneOf(uint256 i, uint256 o) external view returns (IInferenceLedger.LaneState memory) {
        return ledger.laneOf(payers[i], operators[o], MODEL, TERMS);
    }

    // Helpers

    function _draft(uint256 i, uint256 o, uint256 count, uint96 fee)
        private
        returns (Call[] memory calls, IInferenceLedger.Lane memory lane)
    {
        calls = _calls(payers[i % ACTORS], count, fee, ++_seed);
        lane = _honestLane(_keys[i % ACTORS], operators[o % 2], calls);
    }

    function _affordable(uint256 i, uint256 o, uint256 count, uint96 fee)
        private
        returns (Call[] memory, IInferenceLedger.Lane memory)
    {
        count = bound(count, 1, 3);
        uint128 balance = escrow.balanceOf(payers[i % ACTORS], operators[o % 2]);
        return _draft(i, o, count, uint96(bound(fee, 0, balance / count)));
    }

    function _count(uint256 i, uint256 o, Call[] memory calls, IInferenceLedger.Lane memory lane) private {
        for (uint256 k; k < calls.length; ++k) {
            require(!_recorded[calls[k].requestHash], "a call was recorded twice");
            _recorded[calls[k].requestHash] = true;
            charges += calls[k].fee;
        }
        recordedCalls += calls.length;
        _lastData[i % ACTORS][o % 2] = _pack(calls);
        _lastLane[i % ACTORS][o % 2] = lane;
    }

    function _expectSkip(
        uint256 o,
        bytes memory data,
        IInferenceLedger.Lane memory lane,
        IInferenceLedger.SkipReason reason
    ) private {
        _recordAndExpect(o, data, _only(lane), 0, 1, uint8(reason));
    }

    /// @dev Records a batch and reads from its logs how many calls counted and which lanes were skipped.
    function _recordAndExpect(
        uint256 o,
        bytes memory data,
        IInferenceLedger.Lane[] memory lanes,
        uint32 calls,
        uint256 skips,
        uint8 reason
    ) private {
        vm.recordLogs();
        _record(operators[o % 2], data, lanes);
        Log[] memory logs = vm.getRecordedLogs();
        uint256 skipped;
        for (uint256 k; k < logs.length; ++k) {
            if (logs[k].topics[0] == IInferenceLedger.LaneSkipped.selector) {
                (,, uint8 actual) = abi.decode(logs[k].data, (uint32, uint16, uint8));
                require(actual == reason, "skipped for another reason");
                ++skipped;
            } else if (logs[k].topics[0] == IInferenceLedger.BatchPacked.selector) {
                (, uint32 actual,,,) = abi.decode(logs[k].data, (uint8, uint32, bytes32, bytes32, bytes));
                require(actual == calls, "another number of calls");
            }
        }
        require(skipped == skips, "another number of skipped lanes");
    }

    function _inFlight() private view returns (uint256 epoch) {
        epoch = rewards.epochCount();
        if (rewards.epochOf(epoch).status != IRewardsDistributor.EpochStatus.Proposed) return 0;
    }

    function _propose(uint128 total) private {
        uint64 next = rewards.epochOf(rewards.activeEpoch()).toBlock + 1;
        vm.roll(vm.getBlockNumber() + 1);
        vm.prank(POSTER);
        rewards.propose(_proposal(OrderedTree.rootOf(_leaves(_proposed)), total, next));
    }

    function _expectProposalFails(uint128 total, bytes4 selector) private {
        uint64 next = rewards.epochOf(rewards.activeEpoch()).toBlock + 1;
        vm.prank(POSTER);
        try rewards.propose(_proposal(DATA_HASH, total, next)) {
            revert("illegal epoch accepted");
        } catch (bytes memory reason) {
            _requireReason(reason, selector);
        }
    }

    function _requireReason(bytes memory reason, bytes4 selector) private pure {
        // forge-lint: disable-next-line(unsafe-typecast)
        require(bytes4(reason) == selector, "failed for another reason");
    }

    function _proposal(bytes32 root, uint128 total, uint64 next)
        private
        pure
        returns (IRewardsDistributor.Proposal memory)
    {
        return IRewardsDistributor.Proposal(
            root, total, 8, DATA_HASH, 1, DATA_HASH, 1, DATA_HASH, DATA_HASH, next, next, DATA_HASH
        );
    }

    function _leaves(uint256[8] memory amounts) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ACCOUNTS);
        uint128 before;
        for (uint256 i; i < ACCOUNTS; ++i) {
            leaves[i] = EpochLeaves.hashReward(accountOf(i), uint128(amounts[i]), before);
            before += uint128(amounts[i]);
        }
    }

    function _claim(uint256 i, uint256 cumulative) private view returns (IRewardsDistributor.Claim memory) {
        uint128 before;
        for (uint256 k; k < i; ++k) {
            before += uint128(_active[k]);
        }
        bytes32[] memory proof = OrderedTree.proofOf(_leaves(_active), i);
        return IRewardsDistributor.Claim(uint128(cumulative), before, uint32(i), proof);
    }
}
