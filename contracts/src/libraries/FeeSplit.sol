// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {EpochLeaves} from "./EpochLeaves.sol";

/// @title How the fee of a call is split
/// @notice The same arithmetic as `splitFee` and `shareFee` of the engine, to the base unit: every split is
/// by largest remainder, ties go to the lower index, and the shares sum to the fee.
library FeeSplit {
    /// @notice The accounts behind the parts that do not depend on weights.
    struct Payees {
        address platform;
        address owner;
        address stakers;
    }

    /// @notice Parts of one fee; they sum to it.
    struct Parts {
        uint256 platform;
        uint256 owner;
        uint256 stakers;
        uint256 influence;
        uint256 retrieval;
    }

    /// @notice Accounts of both lists together. More could not be proven: a transaction has at most 128 KiB
    /// and, since EIP-7825, 2^24 gas.
    uint256 internal constant MAX_ACCOUNTS = 1024;
    uint256 private constant WHOLE_BPS = 10_000;

    /// @notice What `account` gets of a call over all its roles.
    /// @param account Who asks; anybody.
    /// @param fee Base units.
    /// @param terms The terms that bind the call; their shares are not all zero.
    /// @param payees Who gets the parts without weights.
    /// @param weights Well-formed.
    /// @return amount Base units.
    function amountOf(
        address account,
        uint96 fee,
        IModelRegistry.Terms memory terms,
        Payees memory payees,
        EpochLeaves.CallWeights calldata weights
    ) internal pure returns (uint256 amount) {
        Parts memory parts = partsOf(fee, terms, weights.retrieval.length != 0);
        if (account == payees.platform) amount += parts.platform;
        if (account == payees.owner) amount += parts.owner;
        if (account == payees.stakers) amount += parts.stakers;
        amount += shareOf(account, parts.influence, weights.influence, weights.influenceWeights);
        amount += shareOf(account, parts.retrieval, weights.retrieval, weights.retrievalWeights);
    }

    /// @notice Splits a fee by the shares of the terms.
    /// @param fee Base units.
    /// @param terms Their shares are not all zero.
    /// @param cited Whether there are retrieval weights; else their part is added to the influence part.
    /// @return parts They sum to the fee.
    function partsOf(uint256 fee, IModelRegistry.Terms memory terms, bool cited)
        internal
        pure
        returns (Parts memory parts)
    {
        uint256[4] memory shares =
            [uint256(terms.platformBps), terms.ownerBps, terms.stakersBps, terms.contributorsBps];
        uint256 total = shares[0] + shares[1] + shares[2] + shares[3];
        uint256[4] memory remainders;
        uint256 left = fee;
        for (uint256 i; i < 4; ++i) {
            uint256 product = fee * shares[i];
            shares[i] = product / total;
            remainders[i] = product % total;
            left -= shares[i];
        }
        for (; left != 0; --left) {
            uint256 largest;
            for (uint256 i = 1; i < 4; ++i) {
                if (remainders[i] > remainders[largest]) largest = i;
            }
            ++shares[largest];
            remainders[largest] = 0;
        }
        uint256 retrieval = cited ? shares[3] * terms.retrievalBps / WHOLE_BPS : 0;
        return Parts(shares[0], shares[1], shares[2], shares[3] - retrieval, retrieval);
    }

    /// @notice The account's part of `amount` split by the weights; zero if it is not among the accounts.
    /// @param account Who asks; anybody.
    /// @param amount Base units, less than 2^128.
    /// @param accounts Strictly ascending.
    /// @param weights As many, none zero.
    /// @return share Base units.
    /// @dev Ranks the account's remainder instead of sorting: two passes whatever the number of accounts.
    function shareOf(address account, uint256 amount, address[] calldata accounts, uint128[] calldata weights)
        internal
        pure
        returns (uint256 share)
    {
        uint256 total;
        uint256 position = type(uint256).max;
        for (uint256 i; i < accounts.length; ++i) {
            total += weights[i];
            if (accounts[i] == account) position = i;
        }
        if (position == type(uint256).max) return 0;
        uint256 remainder = amount * weights[position] % total;
        uint256 left = amount;
        uint256 ahead;
        for (uint256 i; i < weights.length; ++i) {
            uint256 product = amount * weights[i];
            left -= product / total;
            uint256 other = product % total;
            if (other > remainder || (other == remainder && i < position)) ++ahead;
        }
        share = amount * weights[position] / total;
        if (ahead < left) ++share;
    }

    /// @notice Whether the weights can be split by: each list has as many weights as accounts, accounts
    /// strictly ascending and not zero, weights not zero, at most `MAX_ACCOUNTS`, and somebody to take the
    /// influence part if there is one.
    /// @param fee Base units.
    /// @param terms Their shares are not all zero.
    /// @param weights What was committed.
    /// @return wellFormed Whether all of that holds.
    function isWellFormed(
        uint96 fee,
        IModelRegistry.Terms memory terms,
        EpochLeaves.CallWeights calldata weights
    ) internal pure returns (bool wellFormed) {
        uint256 accounts =
            weights.influence.length + weights.retrieval.length;
        if (accounts > MAX_ACCOUNTS) return false;
        if (!_isAscending(weights.influence, weights.influenceWeights)) return false;
        if (!_isAscending(weights.retrieval, weights.retrievalWeights)) return false;
        if (weights.influence.length != 0) return true;
        return partsOf(fee, terms, weights.retrieval.length != 0).influence == 0;
    }

    function _isAscending(address[] calldata accounts, uint128[] calldata weights)
        private
        pure
        returns (bool)
    {
        if (accounts.length != weights.length) return false;
        address previous;
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] <= previous || weights[i] == 0) return false;
            previous = accounts[i];
        }
        return true;
    }
}
