// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {TestBase} from "./Base.sol";
import {FeeSplitHarness} from "./FeeSplitHarness.sol";
import {ReferenceSplit} from "./ReferenceSplit.sol";

contract FeeSplitTest is TestBase {
    address private constant PLATFORM = address(0x0b0b);
    address private constant OWNER = address(0x0e0e);
    address private constant STAKERS = address(0x0c0c);

    FeeSplitHarness private harness = new FeeSplitHarness();

    function test_theRemainderGoesToTheLargestFractionThenToTheLowerIndex() public view {
        FeeSplit.Parts memory parts = harness.partsOf(10, _terms(2500, 2500, 2500, 2500, 0), false);
        _assertParts(parts, FeeSplit.Parts(3, 3, 2, 2, 0));
        parts = harness.partsOf(7, _terms(1000, 1000, 3000, 5000, 0), false);
        _assertParts(parts, FeeSplit.Parts(1, 1, 2, 3, 0));
        parts = harness.partsOf(0, _terms(1000, 1000, 3000, 5000, 0), false);
        _assertParts(parts, FeeSplit.Parts(0, 0, 0, 0, 0));
    }

    function test_theRetrievalPartIsRoundedDownAndGoesToInfluenceIfNothingWasCited() public view {
        IModelRegistry.Terms memory terms = _terms(0, 0, 0, 10_000, 3333);
        _assertParts(harness.partsOf(100, terms, true), FeeSplit.Parts(0, 0, 0, 67, 33));
        _assertParts(harness.partsOf(100, terms, false), FeeSplit.Parts(0, 0, 0, 100, 0));
    }

    function test_aShareOfNobodyIsZero() public view {
        (address[] memory accounts, uint128[] memory weights) = _two(1, 1);
        uint256[] memory shares = harness.sharesOf(3, accounts, weights);
        vm.assertEq(shares[0], 2, "the tie goes to the lower account");
        vm.assertEq(shares[1], 1, "the other");
        EpochLeaves.CallWeights memory none;
        address[] memory asked = new address[](1);
        asked[0] = address(0x1234);
        uint256[] memory amounts = harness.amountsOf(
            asked, 1000, _terms(10_000, 0, 0, 0, 0), FeeSplit.Payees(PLATFORM, OWNER, STAKERS), none
        );
        vm.assertEq(amounts[0], 0, "a stranger");
    }

    function test_anAccountWithSeveralRolesGetsThemAll() public view {
        EpochLeaves.CallWeights memory weights;
        (weights.influence, weights.influenceWeights) = _two(1, 3);
        (weights.retrieval, weights.retrievalWeights) = _two(1, 1);
        address both = weights.influence[1];
        address[] memory asked = new address[](1);
        asked[0] = both;
        uint256[] memory amounts = harness.amountsOf(
            asked, 1000, _terms(1000, 2000, 3000, 4000, 5000), FeeSplit.Payees(both, both, both), weights
        );
        vm.assertEq(amounts[0], 100 + 200 + 300 + 150 + 100, "all roles");
    }

    function testFuzz_everySplitIsTheReferenceAndLosesNothing(
        uint96 fee,
        uint16[4] memory bps,
        uint16 retrievalBps,
        uint256 seed
    ) public view {
        IModelRegistry.Terms memory terms = _randomTerms(bps, retrievalBps);
        EpochLeaves.CallWeights memory weights = _randomWeights(seed);
        FeeSplit.Payees memory payees = FeeSplit.Payees(PLATFORM, OWNER, STAKERS);
        if (seed % 5 == 0) payees.owner = weights.influence[0];
        if (seed % 7 == 0) payees.stakers = PLATFORM;
        vm.assertTrue(harness.isWellFormed(fee, terms, weights), "well-formed");
        (address[] memory accounts, uint256[] memory expected) =
            ReferenceSplit.shares(fee, terms, payees, weights);
        uint256[] memory amounts = harness.amountsOf(accounts, fee, terms, payees, weights);
        uint256 sum;
        for (uint256 i; i < accounts.length; ++i) {
            uint256 due;
            bool seen;
            for (uint256 k; k < accounts.length; ++k) {
                if (accounts[k] != accounts[i]) continue;
                due += expected[k];
                if (k < i) seen = true;
            }
            vm.assertEq(amounts[i], due, "amount");
            if (!seen) sum += amounts[i];
        }
        vm.assertEq(sum, fee, "the shares sum to the fee");
    }

    function testFuzz_sharesOfExtremeWeightsAreTheReference(uint96 amount, uint128[9] memory raw)
        public
        view
    {
        address[] memory accounts = new address[](9);
        uint128[] memory weights = new uint128[](9);
        uint256[] memory wide = new uint256[](9);
        for (uint256 i; i < 9; ++i) {
            accounts[i] = address(uint160(1 + i * i));
            weights[i] = raw[i] == 0 ? type(uint128).max : raw[i];
            wide[i] = weights[i];
        }
        uint256[] memory shares = harness.sharesOf(amount, accounts, weights);
        uint256[] memory expected = ReferenceSplit.split(amount, wide);
        for (uint256 i; i < 9; ++i) {
            vm.assertEq(shares[i], expected[i], "share");
        }
    }

    function test_malformedWeightsAreSeen() public view {
        IModelRegistry.Terms memory terms = _terms(1000, 0, 0, 9000, 5000);
        EpochLeaves.CallWeights memory weights;
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "nobody takes the influence part");
        vm.assertTrue(harness.isWellFormed(0, terms, weights), "a call without a fee");
        vm.assertTrue(
            harness.isWellFormed(1000, _terms(10_000, 0, 0, 0, 0), weights), "no part for contributors"
        );
        vm.assertTrue(!harness.isWellFormed(1, _terms(1000, 0, 0, 9000, 0), weights), "one unit of a part");

        (weights.influence, weights.influenceWeights) = _two(1, 2);
        vm.assertTrue(harness.isWellFormed(1000, terms, weights), "well-formed");
        weights.influenceWeights[1] = 0;
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "weight of zero");
        (weights.influence, weights.influenceWeights) = _two(1, 2);
        weights.influence[1] = weights.influence[0];
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "an account twice");
        (weights.influence, weights.influenceWeights) = _two(1, 2);
        weights.influence[0] = address(0);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "the zero account");
        (weights.influence, weights.influenceWeights) = _two(1, 2);
        (weights.influence[0], weights.influence[1]) = (weights.influence[1], weights.influence[0]);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "descending accounts");
        (weights.influence, weights.influenceWeights) = _two(1, 2);
        weights.influenceWeights = new uint128[](3);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "more weights than accounts");

        (weights.influence, weights.influenceWeights) = _two(1, 2);
        (weights.retrieval, weights.retrievalWeights) = _two(1, 0);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "retrieval weight of zero");
        (weights.retrieval, weights.retrievalWeights) = _two(1, 2);
        vm.assertTrue(harness.isWellFormed(1000, terms, weights), "well-formed with retrieval");
        weights.influence = new address[](0);
        weights.influenceWeights = new uint128[](0);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "retrieval alone");
        vm.assertTrue(
            harness.isWellFormed(1000, _terms(1000, 0, 0, 9000, 10_000), weights),
            "retrieval alone where it gets everything"
        );
    }

    function test_weightsHoldAtMost1024Accounts() public view {
        IModelRegistry.Terms memory terms = _terms(1000, 0, 0, 9000, 5000);
        EpochLeaves.CallWeights memory weights;
        (weights.influence, weights.influenceWeights) = _many(1000);
        (weights.retrieval, weights.retrievalWeights) = _many(24);
        vm.assertTrue(harness.isWellFormed(1000, terms, weights), "1,024");
        (weights.retrieval, weights.retrievalWeights) = _many(25);
        vm.assertTrue(!harness.isWellFormed(1000, terms, weights), "1,025");
    }

    function _assertParts(FeeSplit.Parts memory actual, FeeSplit.Parts memory expected) private pure {
        vm.assertEq(keccak256(abi.encode(actual)), keccak256(abi.encode(expected)), "parts");
    }

    function _randomTerms(uint16[4] memory bps, uint16 retrievalBps)
        private
        pure
        returns (IModelRegistry.Terms memory)
    {
        uint256 platform = bound(bps[0], 0, 10_000);
        uint256 owner = bound(bps[1], 0, 10_000 - platform);
        uint256 stakers = bound(bps[2], 0, 10_000 - platform - owner);
        uint256 contributors = 10_000 - platform - owner - stakers;
        return _terms(
            uint16(platform),
            uint16(owner),
            uint16(stakers),
            uint16(contributors),
            uint16(bound(retrievalBps, 0, 10_000))
        );
    }

    function _randomWeights(uint256 seed) private pure returns (EpochLeaves.CallWeights memory weights) {
        (weights.influence, weights.influenceWeights) = _random(
            1 + uint256(keccak256(abi.encode(seed, "n"))) % 9, uint256(keccak256(abi.encode(seed, 1)))
        );
        (weights.retrieval, weights.retrievalWeights) =
            _random(uint256(keccak256(abi.encode(seed, "m"))) % 5, uint256(keccak256(abi.encode(seed, 2))));
    }

    function _random(uint256 n, uint256 seed)
        private
        pure
        returns (address[] memory accounts, uint128[] memory weights)
    {
        accounts = new address[](n);
        weights = new uint128[](n);
        uint160 account;
        for (uint256 i; i < n; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            account += uint160(1 + word % 3);
            accounts[i] = address(account);
            weights[i] = uint128(1 + (word >> 8) % (word % 2 == 0 ? 4 : type(uint128).max));
        }
    }

    function _many(uint256 n) private pure returns (address[] memory accounts, uint128[] memory weights) {
        accounts = new address[](n);
        weights = new uint128[](n);
        for (uint256 i; i < n; ++i) {
            (accounts[i], weights[i]) = (address(uint160(i + 1)), 1);
        }
    }

    function _two(uint128 a, uint128 b)
        private
        pure
        returns (address[] memory accounts, uint128[] memory weights)
    {
        (accounts, weights) = _many(2);
        (weights[0], weights[1]) = (a, b);
    }

    function _terms(uint16 platform, uint16 owner, uint16 stakers, uint16 contributors, uint16 retrieval)
        private
        pure
        returns (IModelRegistry.Terms memory)
    {
        return IModelRegistry.Terms(0, 0, platform, owner, stakers, contributors, retrieval, 1);
    }
}
