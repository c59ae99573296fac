// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IRewardsDistributor} from "../src/interfaces/IRewardsDistributor.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {OrderedMerkle} from "../src/libraries/OrderedMerkle.sol";
import {GovernanceFixture} from "./GovernanceFixture.sol";

/// @dev Whole transactions against trees of a million accounts; the figures of the contracts' pages.
contract ContributionVotesGasTest is GovernanceFixture {
    uint32 private constant ACCOUNTS = 1_000_000;
    uint32 private constant FIRST = 699_050;
    uint256 private constant LEVELS = 20;

    event GasUsed(string what, uint256 gas);

    address[] private _targets = [address(access)];
    uint256[] private _values = [0];
    bytes[] private _calldatas = [abi.encodeCall(access.grantRole, (1, DAVE, 0))];
    string private _description = "Let DAVE register operators";

    /// forge-config: default.isolate = true
    function test_everyStepStaysWithinItsGas() public {
        rewards.fund(1e25);
        _syncs();
        _sync("later sync", 2, 149_000);
        vm.prank(CAROL);
        votes.renew();
        _spent("renew", 26_500);
        _skip(1);
        _proposes();
        _skip(ACTIVITY + 1);
        _expire(CAROL);
        _spent("expire", 99_500);
    }

    function _syncs() private {
        _register(_root(1), 1, "first register", 82_000);
        _sync("first sync", 1, 252_000);
        _register(_root(2), 2, "later register", 82_000);
    }

    function _proposes() private {
        vm.prank(CAROL);
        uint256 id = governor.propose(_targets, _values, _calldatas, _description);
        _spent("propose", 76_500);
        _skip(1 days + 1);
        vm.prank(CAROL);
        governor.castVote(id, 1);
        _spent("castVote", 132_500);
        _skip(5 days + 1);
        bytes32 hash = keccak256(bytes(_description));
        governor.queue(_targets, _values, _calldatas, hash);
        _spent("queue", 149_500);
        _skip(DELAY);
        governor.execute(_targets, _values, _calldatas, hash);
        _spent("execute", 125_000);
    }

    function _sync(string memory what, uint256 round, uint256 limit) private {
        IRewardsDistributor.Claim memory leaf = _leafOf(round, CAROL);
        vm.prank(CAROL);
        votes.sync(round, leaf);
        _spent(what, limit);
    }

    function _register(bytes32 root, uint256 round, string memory what, uint256 limit) private {
        uint128 total = uint128(round) * 2e24;
        uint256 epoch = _activateTree(
            IRewardsDistributor.Proposal(root, total, ACCOUNTS, HASH, 1, HASH, 1, HASH, HASH, 0, 0, HASH)
        );
        votes.registerEpoch(epoch, _leafOf(round, PLATFORM));
        _spent(what, limit);
        _skip(MATURITY);
    }

    function _spent(string memory what, uint256 limit) private {
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        emit GasUsed(what, gas);
        vm.assertLe(gas, limit, what);
    }

    /// @dev Two neighbours of a million and the siblings above them.
    function _root(uint256 round) private pure returns (bytes32 node) {
        node = OrderedMerkle.hashNode(_hash(round, CAROL), _hash(round, PLATFORM));
        for (uint256 level = 1; level < LEVELS; ++level) {
            bytes32 sibling = keccak256(abi.encode(round, level));
            bool right = (FIRST >> level) & 1 == 1;
            node = right ? OrderedMerkle.hashNode(sibling, node) : OrderedMerkle.hashNode(node, sibling);
        }
    }

    function _leafOf(uint256 round, address account)
        private
        pure
        returns (IRewardsDistributor.Claim memory leaf)
    {
        bytes32[] memory proof = new bytes32[](LEVELS);
        proof[0] = _hash(round, account == CAROL ? PLATFORM : CAROL);
        for (uint256 level = 1; level < LEVELS; ++level) {
            proof[level] = keccak256(abi.encode(round, level));
        }
        (uint128 cumulative, uint128 before) = _amounts(round, account);
        leaf = IRewardsDistributor.Claim(cumulative, before, account == CAROL ? FIRST : FIRST + 1, proof);
    }

    function _hash(uint256 round, address account) private pure returns (bytes32) {
        (uint128 cumulative, uint128 before) = _amounts(round, account);
        return EpochLeaves.hashReward(account, cumulative, before);
    }

    function _amounts(uint256 round, address account) private pure returns (uint128, uint128) {
        uint128 earned_ = uint128(round) * 12_345678901234567890123;
        return
            account == CAROL
                ? (earned_, 4_234567890123456789012)
                : (earned_, 4_234567890123456789012 + earned_);
    }
}
