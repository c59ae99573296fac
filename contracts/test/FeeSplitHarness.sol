// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {FeeSplit} from "../src/libraries/FeeSplit.sol";

/// @dev The library behind an address, for calldata arguments and for the tests in TypeScript.
contract FeeSplitHarness {
    function amountsOf(
        address[] calldata accounts,
        uint96 fee,
        IModelRegistry.Terms calldata terms,
        FeeSplit.Payees calldata payees,
        EpochLeaves.CallWeights calldata weights
    ) external pure returns (uint256[] memory amounts) {
        amounts = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            amounts[i] = FeeSplit.amountOf(accounts[i], fee, terms, payees, weights);
        }
    }

    function partsOf(uint256 fee, IModelRegistry.Terms calldata terms, bool cited)
        external
        pure
        returns (FeeSplit.Parts memory)
    {
        return FeeSplit.partsOf(fee, terms, cited);
    }

    function sharesOf(uint256 amount, address[] calldata accounts, uint128[] calldata weights)
        external
        pure
        returns (uint256[] memory shares)
    {
        shares = new uint256[](accounts.length);
        for (uint256 i; i < accounts.length; ++i) {
            shares[i] = FeeSplit.shareOf(accounts[i], amount, accounts, weights);
        }
    }

    function isWellFormed(
        uint96 fee,
        IModelRegistry.Terms calldata terms,
        EpochLeaves.CallWeights calldata weights
    ) external pure returns (bool) {
        return FeeSplit.isWellFormed(fee, terms, weights);
    }
}
