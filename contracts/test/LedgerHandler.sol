// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IInferenceEscrow} from "../src/interfaces/IInferenceEscrow.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {CommittedFixture} from "./CommittedFixture.sol";
import {Call} from "./Lanes.sol";

/// @dev Payers with session keys and one operator in any order of actions. What the rules allow must work,
/// and attacks must fail for the right reason.
contract LedgerHandler is CommittedFixture {
    uint256 public constant PAYERS = 3;
    uint128 private constant MAX_AMOUNT = 1e20;

    uint256 public deposits;
    uint256 public withdrawals;
    uint256 public charges;
    uint256 public calls;
    mapping(uint256 i => uint256) public spentByKey;
    IInferenceLedger.CommittedBatch[] private _open;
    IInferenceLedger.CommittedBatch private _lastSettled;
    uint256 private _seed;

    constructor() {
        _deployLedger();
        deposits = 2000;
    }

    function payerKey(uint256 i) public pure returns (uint256) {
        return i == 0 ? KEY : i == 1 ? OTHER_KEY : 0xca401;
    }

    function payerOf(uint256 i) public pure returns (address) {
        return vm.addr(payerKey(i));
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(escrow), address(ledger), address(sink));
    }

    function laneState(uint256 i) external view returns (IInferenceLedger.LaneState memory) {
        return ledger.laneOf(payerOf(i), OPERATOR, MODEL, TERMS);
    }

    function operator() external pure returns (address) {
        return OPERATOR;
    }

    function sessionKeyAddress() external view returns (address) {
        return sessionKey;
    }

    // Money

    function deposit(uint256 i, uint128 amount) external {
        amount = uint128(bound(amount, 1, MAX_AMOUNT));
        escrow.depositFor(payerOf(i % PAYERS), OPERATOR, amount);
        deposits += amount;
    }

    function thaw(uint256 i, uint128 amount, bool cancel) external {
        address who = payerOf(i % PAYERS);
        uint128 balance = escrow.balanceOf(who, OPERATOR);
        if (balance == 0) return;
        vm.prank(who);
        escrow.startThaw(OPERATOR, uint128(bound(amount, 1, balance)));
        if (!cancel) return;
        vm.prank(who);
        escrow.cancelThaw(OPERATOR);
    }

    function withdraw(uint256 i, bool paused) external {
        address who = payerOf(i % PAYERS);
        IInferenceEscrow.Account memory account = escrow.accountOf(who, OPERATOR);
        if (account.thawing == 0) return;
        if (vm.getBlockTimestamp() < account.thawEnd) vm.warp(account.thawEnd);
        escrow.setPaused(paused);
        vm.prank(who);
        withdrawals += escrow.withdraw(OPERATOR);
        escrow.setPaused(false);
    }

    // Session keys

    function setSigner(uint256 i, uint128 extraCap, uint64 duration) external {
        address who = payerOf(i % PAYERS);
        IInferenceEscrow.Signer memory signer = escrow.signerOf(who, sessionKey);
        uint64 validUntil = uint64(vm.getBlockTimestamp() + bound(duration, 1 days, 30 days));
        if (validUntil < signer.validUntil) validUntil = signer.validUntil;
        vm.prank(who);
        escrow.setSigner(sessionKey, validUntil, signer.cap + uint128(bound(extraCap, 0, MAX_AMOUNT)));
    }

    function revokeSigner(uint256 i) external {
        address who = payerOf(i % PAYERS);
        if (escrow.signerOf(who, sessionKey).validUntil == 0) return;
        vm.prank(who);
        escrow.revokeSigner(sessionKey);
    }

    function pass(uint256 duration) external {
        vm.roll(vm.getBlockNumber() + 1);
        vm.warp(vm.getBlockTimestamp() + bound(duration, 1, 2 days));
    }

    // Recording

    function record(uint256 i, uint256 count, uint96 fee, bool bySession) external {
        i %= PAYERS;
        Call[] memory paid = _draft(i, count, fee);
        IInferenceLedger.Lane memory lane = _honestLane(bySession ? SESSION_KEY : payerKey(i), OPERATOR, paid);
        if (bySession) lane.signer = sessionKey;
        uint256 sum = paid.length * paid[0].fee;
        IInferenceLedger.SkipReason expected = _expectedReason(i, sum, bySession);
        uint256 before = ledger.laneOf(payerOf(i), OPERATOR, MODEL, TERMS).calls;
        _record(OPERATOR, _pack(paid), _only(lane));
        bool counted = ledger.laneOf(payerOf(i), OPERATOR, MODEL, TERMS).calls > before;
        require(counted == (expected == IInferenceLedger.SkipReason.None), "counted against the rules");
        if (counted) _count(i, paid.length, sum, bySession);
    }

    function commit(uint256 count) external {
        if (_open.length < 4) _open.push(_commit(uint32(bound(count, 1, 4))));
    }

    function drop(uint256 k) external {
        if (_open.length == 0) return;
        k %= _open.length;
        vm.prank(OPERATOR);
        ledger.dropBatch(_open[k]);
        for (; k + 1 < _open.length; ++k) {
            _open[k] = _open[k + 1];
        }
        _open.pop();
    }

    /// @dev Settles everything open against one lane.
    function settle(uint256 i, uint96 fee, bool bySession) external {
        i %= PAYERS;
        uint256 count;
        for (uint256 k; k < _open.length; ++k) {
            count += _open[k].calls;
        }
        if (count == 0) return;
        Call[] memory paid = _exact(i, count, fee);
        IInferenceLedger.SettledLane memory lane = _settled(bySession ? SESSION_KEY : payerKey(i), paid);
        if (bySession) lane.signer = sessionKey;
        uint256 sum = count * paid[0].fee;
        IInferenceLedger.SkipReason expected = _expectedReason(i, sum, bySession);
        vm.prank(OPERATOR);
        try ledger.settle(_open, _alone(lane)) {
            require(expected == IInferenceLedger.SkipReason.None, "settled against the rules");
            _count(i, count, sum, bySession);
            _lastSettled = _open[0];
            delete _open;
        } catch (bytes memory reason) {
            require(
                keccak256(reason)
                    == keccak256(abi.encodeWithSelector(IInferenceLedger.LaneRejected.selector, 0, expected)),
                "rejected for another reason"
            );
        }
    }

    // Attacks

    function attackSettleTwice(uint256 i) external {
        if (_lastSettled.calls == 0) return;
        IInferenceLedger.SettledLane memory lane =
            _settled(payerKey(i % PAYERS), _exact(i % PAYERS, _lastSettled.calls, 0));
        vm.prank(OPERATOR);
        try ledger.settle(_one(_lastSettled), _alone(lane)) {
            revert("settled twice");
        } catch (bytes memory reason) {
            // forge-lint: disable-next-line(unsafe-typecast)
            require(bytes4(reason) == IInferenceLedger.NotCommitted.selector, "another reason");
        }
    }

    function attackMoreCallsThanSigned(uint256 i, uint256 extra) external {
        if (_open.length == 0) return;
        i %= PAYERS;
        IInferenceLedger.SettledLane memory lane = _settled(payerKey(i), _exact(i, _open[0].calls, 0));
        lane.calls += uint32(bound(extra, 1, 5));
        vm.prank(OPERATOR);
        try ledger.settle(_one(_open[0]), _alone(lane)) {
            revert("settled calls that nobody signed");
        } catch (bytes memory reason) {
            // forge-lint: disable-next-line(unsafe-typecast)
            require(bytes4(reason) == IInferenceLedger.LaneRejected.selector, "another reason");
        }
    }

    function attackLowerKey(uint256 i, uint128 cap) external {
        address who = payerOf(i % PAYERS);
        IInferenceEscrow.Signer memory signer = escrow.signerOf(who, sessionKey);
        if (signer.validUntil < vm.getBlockTimestamp() || signer.cap == 0) return;
        vm.prank(who);
        try escrow.setSigner(sessionKey, signer.validUntil, uint128(bound(cap, 0, signer.cap - 1))) {
            revert("lowered the cap of a live key");
        } catch (bytes memory reason) {
            // forge-lint: disable-next-line(unsafe-typecast)
            require(bytes4(reason) == IInferenceEscrow.KeyWouldShrink.selector, "another reason");
        }
    }

    function _draft(uint256 i, uint256 count, uint96 fee) private returns (Call[] memory) {
        return _exact(i, bound(count, 1, 3), fee);
    }

    /// @dev Fees around what the account holds, so that both sides of the limit are met.
    function _exact(uint256 i, uint256 count, uint96 fee) private returns (Call[] memory) {
        uint256 most = (uint256(escrow.balanceOf(payerOf(i), OPERATOR)) * 5) / 4 / count;
        return _calls(payerOf(i), count, uint96(bound(fee, 0, most)), ++_seed);
    }

    function _expectedReason(uint256 i, uint256 sum, bool bySession)
        private
        view
        returns (IInferenceLedger.SkipReason)
    {
        if (sum > escrow.balanceOf(payerOf(i), OPERATOR)) return IInferenceLedger.SkipReason.Underfunded;
        if (!bySession) return IInferenceLedger.SkipReason.None;
        IInferenceEscrow.Signer memory signer = escrow.signerOf(payerOf(i), sessionKey);
        if (vm.getBlockTimestamp() > signer.validUntil) return IInferenceLedger.SkipReason.KeyExpired;
        if (spentByKey[i] + sum > signer.cap) return IInferenceLedger.SkipReason.KeyOverCap;
        return IInferenceLedger.SkipReason.None;
    }

    function _count(uint256 i, uint256 count, uint256 sum, bool bySession) private {
        calls += count;
        charges += sum;
        if (bySession) spentByKey[i] += sum;
    }
}
