// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {IInferenceLedger} from "../src/interfaces/IInferenceLedger.sol";
import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {DisputesFixture} from "./DisputesFixture.sol";

/// @dev What the proofs cost as whole transactions, for trees of a million leaves. Of a tree only two
/// neighbours are made, everything beside their paths is a made-up hash.
contract FaultGasTest is DisputesFixture {
    struct Pair {
        bytes32 root;
        bytes32[] left;
        bytes32[] right;
    }

    event Gas(string what, uint256 used);

    uint32 private constant LEAVES = 1_000_000;
    uint32 private constant INDEX = 699_050;
    uint256 private constant KEY = 0xa11ce;
    address private constant LOW = 0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984;
    address private constant MIDDLE = 0x514910771AF9Ca656af840dff83E8264EcF986CA;
    address private constant HIGH = 0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2;
    uint128 private constant A = 1.234567890123456789e21;
    uint128 private constant B = 4.234567890123456789e23;

    IRewardsDistributor.Proposal private _proposal;
    uint256 private _epoch;
    bytes private _data;
    IInferenceLedger.BatchAnchor private _packed;
    IInferenceLedger.BatchAnchor private _settled;

    function setUp() public {
        _deploy();
        rewards.fund(1e25);
        escrow.depositFor(vm.addr(KEY), OPERATOR, 1e24);
        uint256[] memory datanets = new uint256[](1);
        datanets[0] = models.datanets().createDatanet(HASH, "", 0);
        models.registerModel("model", HASH, datanets);
        models.setTerms(1, 0, 0, 1000, 1500, 500, 7000, 2000);
        vm.warp(vm.getBlockTimestamp() + 1);
        _recordThousand();
        _settleThousand();
        vm.roll(vm.getBlockNumber() + 2);
        // An active epoch whose root has the leaves of LOW and HIGH.
        _proposal.root = _pair(_rewardHash(LOW, B, A), _rewardHash(HIGH, A, A + B)).root;
        _proposal.totalEarned = A + B;
        _proposal.callsRoot = HASH;
        _proposal.creditsRoot = HASH;
        _proposal.toBlock = 500;
        _propose();
        vm.warp(vm.getBlockTimestamp() + WINDOW);
        rewards.activate(1);
        vm.warp(vm.getBlockTimestamp() + 12);
        _proposal.fromBlock = 501;
        _proposal.toBlock = uint64(vm.getBlockNumber()) - 1;
        _proposal.totalEarned = 2 * (A + B);
    }

    /// forge-config: default.isolate = true
    function test_gasOfDecreasedCumulative() public {
        Pair memory before = _pair(_rewardHash(LOW, B, A), _rewardHash(HIGH, A, A + B));
        Pair memory now_ = _pair(_rewardHash(LOW, A, A), _rewardHash(HIGH, B, A + B));
        _proposal.root = now_.root;
        _propose();
        _measure(
            "1 decreased cumulative",
            1,
            abi.encodeCall(
                faults.decreasedCumulative,
                (
                    _epoch,
                    _context(),
                    IEpochFaults.RewardProof(LOW, B, A, INDEX, before.left),
                    IEpochFaults.RewardProof(LOW, A, A, INDEX, now_.left)
                )
            )
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfMisorderedAccounts() public {
        Pair memory pair = _pair(_rewardHash(LOW, A, A), _rewardHash(LOW, B, A + A));
        _proposal.root = pair.root;
        _propose();
        _measure(
            "2 duplicate account",
            2,
            abi.encodeCall(
                faults.misorderedAccounts,
                (
                    _epoch,
                    _context(),
                    IEpochFaults.RewardProof(LOW, A, A, INDEX, pair.left),
                    IEpochFaults.RewardProof(LOW, B, A + A, INDEX + 1, pair.right)
                )
            )
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfSumMismatch() public {
        Pair memory pair = _pair(_rewardHash(LOW, A, A), _rewardHash(HIGH, B, A));
        _proposal.root = pair.root;
        _propose();
        IEpochFaults.RewardProof[] memory leaves = new IEpochFaults.RewardProof[](2);
        leaves[0] = IEpochFaults.RewardProof(LOW, A, A, INDEX, pair.left);
        leaves[1] = IEpochFaults.RewardProof(HIGH, B, A, INDEX + 1, pair.right);
        _measure("3 sum mismatch", 3, abi.encodeCall(faults.sumMismatch, (_epoch, _context(), leaves)));
    }

    /// forge-config: default.isolate = true
    function test_gasOfOmittedAccount() public {
        Pair memory before = _pair(_rewardHash(LOW, B, A), _rewardHash(HIGH, A, A + B));
        address below = address(uint160(LOW) - 1);
        Pair memory now_ = _pair(_rewardHash(below, A, A), _rewardHash(HIGH, B, A + A));
        _proposal.root = now_.root;
        _propose();
        IEpochFaults.RewardProof[] memory around = new IEpochFaults.RewardProof[](2);
        around[0] = IEpochFaults.RewardProof(below, A, A, INDEX, now_.left);
        around[1] = IEpochFaults.RewardProof(HIGH, B, A + A, INDEX + 1, now_.right);
        IEpochFaults.RewardProof memory previous = IEpochFaults.RewardProof(LOW, B, A, INDEX, before.left);
        _measure(
            "4 omitted account",
            4,
            abi.encodeCall(faults.omittedAccount, (_epoch, _context(), previous, around))
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongDelta() public {
        Pair memory before = _pair(_rewardHash(LOW, B, A), _rewardHash(HIGH, A, A + B));
        Pair memory now_ = _pair(_rewardHash(LOW, A, A), _rewardHash(MIDDLE, B, A + A));
        // MIDDLE has no credit and was not there before.
        bytes32 left = EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(LOW, 1 << 32, A, A));
        bytes32 right = EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(HIGH, 1 << 32, A, A + A));
        Pair memory credits = _pair(left, right);
        _proposal.root = now_.root;
        _proposal.creditsRoot = credits.root;
        _propose();
        IEpochFaults.WrongDelta memory evidence;
        evidence.current = IEpochFaults.RewardProof(MIDDLE, B, A + A, INDEX + 1, now_.right);
        evidence.previous = new IEpochFaults.RewardProof[](2);
        evidence.previous[0] = IEpochFaults.RewardProof(LOW, B, A, INDEX, before.left);
        evidence.previous[1] = IEpochFaults.RewardProof(HIGH, A, A + B, INDEX + 1, before.right);
        evidence.start = new IEpochFaults.CreditProof[](2);
        evidence.start[0] = IEpochFaults.CreditProof(LOW, 1 << 32, A, A, INDEX, credits.left);
        evidence.start[1] = IEpochFaults.CreditProof(HIGH, 1 << 32, A, A + A, INDEX + 1, credits.right);
        evidence.end = evidence.start;
        _measure(
            "5 wrong delta (seven paths)",
            5,
            abi.encodeCall(faults.wrongDelta, (_epoch, _context(), evidence))
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongSplitAmong4() public {
        _measureSplit("6 wrong split, 4 shares", 4);
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongSplitAmong32() public {
        _measureSplit("6 wrong split, 32 shares", 32);
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongSplitAmong256() public {
        _measureSplit("6 wrong split, 256 shares", 256);
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongSplitAmong1024() public {
        _measureSplit("6 wrong split, 1024 shares", 1024);
    }

    /// forge-config: default.isolate = true
    function test_gasOfFalseCallInAPackedBatch() public {
        IEpochFaults.FalseCall memory evidence;
        evidence.call = _callLeaf(1, 500, HASH, HASH);
        evidence.anchor = _packed;
        evidence.data = _data;
        _measure(
            "7 false call, packed batch of 1,000 calls",
            7,
            abi.encodeCall(faults.falseCall, (_epoch, _context(), evidence))
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfFalseCallInASettledBatch() public {
        IEpochFaults.FalseCall memory evidence;
        evidence.call = _callLeaf(2, 500, HASH, HASH);
        evidence.anchor = _settled;
        evidence.data = _record(500);
        (, evidence.recordProof) = _recordTree(500);
        _measure(
            "7 false call, committed batch of 1,000 calls",
            7,
            abi.encodeCall(faults.falseCall, (_epoch, _context(), evidence))
        );
    }

    /// forge-config: default.isolate = true
    function test_gasOfOmittedCallOfAPackedBatch() public {
        _measureOmitted("8 omitted call, packed batch", 1);
    }

    /// forge-config: default.isolate = true
    function test_gasOfOmittedCallOfASettledBatch() public {
        _measureOmitted("8 omitted call, committed batch", 2);
    }

    /// forge-config: default.isolate = true
    function test_gasOfWrongBlockHash() public {
        _propose();
        _measure("9 wrong block hash", 9, abi.encodeCall(faults.wrongBlockHash, (_epoch, _context())));
    }

    /// forge-config: default.isolate = true
    function test_gasOfMisorderedCredits() public {
        bytes32 left = EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(LOW, 7 << 32, A, A));
        bytes32 right = EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(LOW, 7 << 32, B, A + A));
        Pair memory credits = _pair(left, right);
        _proposal.creditsRoot = credits.root;
        _propose();
        _measure(
            "10 misordered credits",
            10,
            abi.encodeCall(
                faults.misorderedCredits,
                (
                    _epoch,
                    _context(),
                    IEpochFaults.CreditProof(LOW, 7 << 32, A, A, INDEX, credits.left),
                    IEpochFaults.CreditProof(LOW, 7 << 32, B, A + A, INDEX + 1, credits.right)
                )
            )
        );
    }

    function _measureSplit(string memory what, uint256 shares) private {
        EpochLeaves.CallWeights memory weights;
        weights.influence = new address[](shares);
        weights.influenceWeights = new uint128[](shares);
        uint160 account = uint160(LOW);
        for (uint256 i; i < shares; ++i) {
            weights.influence[i] = address(account);
            weights.influenceWeights[i] = uint128(uint64(uint256(keccak256(abi.encode(i)))) | 1);
            account += uint160(uint256(keccak256(abi.encode(i))) >> 112);
        }
        IEpochFaults.WrongSplit memory evidence;
        evidence.account = weights.influence[shares / 2];
        evidence.record = _record(500);
        bytes32 left = EpochLeaves.hashCredit(EpochLeaves.CreditLeaf(evidence.account, (1 << 32) | 500, B, A));
        Pair memory credits = _pair(left, HASH);
        _proposal.creditsRoot = credits.root;
        evidence.call = _callLeaf(1, 500, keccak256(evidence.record), keccak256(abi.encode(weights)));
        evidence.anchor = _packed;
        evidence.weights = weights;
        evidence.credit = new IEpochFaults.CreditProof[](1);
        evidence.credit[0] =
            IEpochFaults.CreditProof(evidence.account, (1 << 32) | 500, B, A, INDEX, credits.left);
        _measure(what, 6, abi.encodeCall(faults.wrongSplit, (_epoch, _context(), evidence)));
    }

    function _measureOmitted(string memory what, uint64 batchId) private {
        IEpochFaults.OmittedCall memory evidence;
        evidence.callKey = EpochLeaves.callKey(batchId, 500);
        evidence.anchor = batchId == 1 ? _packed : _settled;
        evidence.neighbours = new IEpochFaults.CallProof[](2);
        bytes32 left =
            EpochLeaves.hashCall(EpochLeaves.CallLeaf(EpochLeaves.callKey(batchId, 499), HASH, HASH));
        bytes32 right =
            EpochLeaves.hashCall(EpochLeaves.CallLeaf(EpochLeaves.callKey(batchId, 501), HASH, HASH));
        Pair memory calls = _pair(left, right);
        _proposal.callsRoot = calls.root;
        _propose();
        evidence.neighbours[0] =
            IEpochFaults.CallProof(EpochLeaves.callKey(batchId, 499), HASH, HASH, INDEX, calls.left);
        evidence.neighbours[1] =
            IEpochFaults.CallProof(EpochLeaves.callKey(batchId, 501), HASH, HASH, INDEX + 1, calls.right);
        if (batchId == 2) {
            evidence.sibling = new IEpochFaults.CallProof[](1);
            evidence.sibling[0] = evidence.neighbours[0];
        }
        _measure(what, 8, abi.encodeCall(faults.omittedCall, (_epoch, _context(), evidence)));
    }

    /// @dev Proposes an epoch with this call leaf.
    function _callLeaf(uint64 batchId, uint32 index, bytes32 recordHash, bytes32 weightsHash)
        private
        returns (IEpochFaults.CallProof memory)
    {
        uint96 key = EpochLeaves.callKey(batchId, index);
        Pair memory calls =
            _pair(EpochLeaves.hashCall(EpochLeaves.CallLeaf(key, recordHash, weightsHash)), HASH);
        _proposal.callsRoot = calls.root;
        _propose();
        return IEpochFaults.CallProof(key, recordHash, weightsHash, INDEX, calls.left);
    }

    function _measure(string memory what, uint8 kind, bytes memory proof) private {
        vm.prank(CHALLENGER);
        disputes.prove(proof);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit Gas(what, used);
        vm.assertTrue(rewards.epochOf(_epoch).status == IRewardsDistributor.EpochStatus.Rejected, "rejected");
        vm.assertEq(staking.slashableOf(POSTER), BOND - SLASH, "slashed");
        // EIP-7825.
        vm.assertLe(used, 1 << 24, "one transaction");
        vm.assertLe(kind, 10, "kind");
    }

    function _propose() private {
        _proposal.accounts = LEAVES;
        _proposal.credits = LEAVES;
        _proposal.calls = LEAVES;
        _proposal.dataHash = keccak256("data");
        _proposal.engineHash = keccak256("engine");
        _proposal.toBlockHash = keccak256("block");
        IRewardsDistributor.Proposal memory proposal = _proposal;
        vm.prank(POSTER);
        _epoch = rewards.propose(proposal);
    }

    function _context() private view returns (IEpochFaults.Context memory) {
        return IEpochFaults.Context(_proposal, POSTER, 1);
    }

    function _rewardHash(address account, uint128 cumulative, uint128 before) private pure returns (bytes32) {
        return EpochLeaves.hashReward(account, cumulative, before);
    }

    function _pair(bytes32 leftLeaf, bytes32 rightLeaf) private pure returns (Pair memory pair) {
        pair.left = new bytes32[](20);
        pair.right = new bytes32[](20);
        (pair.left[0], pair.right[0]) = (rightLeaf, leftLeaf);
        pair.root = keccak256(bytes.concat(hex"01", leftLeaf, rightLeaf));
        for (uint256 level = 1; level < 20; ++level) {
            bytes32 sibling = keccak256(abi.encode(leftLeaf, level));
            (pair.left[level], pair.right[level]) = (sibling, sibling);
            pair.root = (INDEX >> level) & 1 == 0
                ? keccak256(bytes.concat(hex"01", pair.root, sibling))
                : keccak256(bytes.concat(hex"01", sibling, pair.root));
        }
    }

    function _record(uint256 i) private view returns (bytes memory record) {
        record = new bytes(116);
        for (uint256 k; k < 116; ++k) {
            record[k] = _data[i * 116 + k];
        }
    }

    /// @dev Path of a record of the settled batch, which has the same records.
    function _recordTree(uint256 index) private view returns (bytes32 root, bytes32[] memory proof) {
        bytes memory data = _data;
        bytes32[] memory nodes = new bytes32[](1024);
        for (uint256 i; i < 1000; ++i) {
            bytes memory leaf = new bytes(117);
            for (uint256 k; k < 116; ++k) {
                leaf[k + 1] = data[i * 116 + k];
            }
            nodes[i] = keccak256(leaf);
        }
        proof = new bytes32[](10);
        for (uint256 level; level < 10; ++level) {
            proof[level] = nodes[index ^ 1];
            for (uint256 i; i < 512 >> level; ++i) {
                bytes32 left = nodes[2 * i];
                nodes[i] = left == 0 ? bytes32(0) : keccak256(bytes.concat(hex"01", left, nodes[2 * i + 1]));
            }
            index /= 2;
        }
        root = nodes[0];
    }

    function _recordThousand() private {
        IInferenceLedger.Voucher memory voucher =
            IInferenceLedger.Voucher(vm.addr(KEY), OPERATOR, 1, 1, 1000, type(uint128).max, 0);
        bytes memory data = new bytes(0);
        bytes[] memory parts = new bytes[](20);
        for (uint256 part; part < 20; ++part) {
            for (uint256 i; i < 50; ++i) {
                bytes32 request = keccak256(abi.encode(part, i));
                parts[part] = bytes.concat(
                    parts[part],
                    abi.encodePacked(vm.addr(KEY), uint32(1), uint16(1), uint16(1), uint96(1.23456789e18)),
                    abi.encodePacked(uint32(512), uint32(1024), uint32(1_760_000_000), request),
                    keccak256(abi.encode(request))
                );
                voucher.callsChain = keccak256(abi.encodePacked(voucher.callsChain, request));
            }
            data = bytes.concat(data, parts[part]);
        }
        _data = data;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, ledger.hashVoucher(voucher));
        IInferenceLedger.Lane[] memory lanes = new IInferenceLedger.Lane[](1);
        lanes[0] = IInferenceLedger.Lane(voucher, voucher.payer, 1000, abi.encodePacked(r, s, v));
        vm.prank(OPERATOR);
        ledger.recordBatch(1, data, HASH, lanes);
        _packed = _anchor(1, keccak256(data));
    }

    function _settleThousand() private {
        (bytes32 root,) = _recordTree(0);
        IInferenceLedger.CommittedBatch[] memory batches = new IInferenceLedger.CommittedBatch[](1);
        batches[0] = IInferenceLedger.CommittedBatch(
            2, uint64(vm.getBlockNumber()), uint64(vm.getBlockTimestamp()), 1000, root
        );
        vm.prank(OPERATOR);
        ledger.commitBatch(1, 1000, root, HASH, hex"00");
        IInferenceLedger.Voucher memory voucher =
            IInferenceLedger.Voucher(vm.addr(KEY), OPERATOR, 1, 2, 1000, type(uint128).max, HASH);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, ledger.hashVoucher(voucher));
        IInferenceLedger.SettledLane[] memory lanes = new IInferenceLedger.SettledLane[](1);
        lanes[0] = IInferenceLedger.SettledLane(voucher, voucher.payer, 1, 1000, abi.encodePacked(r, s, v));
        vm.prank(OPERATOR);
        ledger.settle(batches, lanes);
        _settled = _anchor(3, root);
    }

    function _anchor(uint8 mode, bytes32 digest) private view returns (IInferenceLedger.BatchAnchor memory) {
        return IInferenceLedger.BatchAnchor(
            mode, OPERATOR, uint64(vm.getBlockNumber()), uint64(vm.getBlockTimestamp()), 1000, digest, 0
        );
    }
}
