// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {EpochLeaves} from "../src/libraries/EpochLeaves.sol";
import {FeeSplit} from "../src/libraries/FeeSplit.sol";

/// @dev The split of the engine word for word: floors, then one unit each in the order of the remainders.
library ReferenceSplit {
    function split(uint256 amount, uint256[] memory weights) internal pure returns (uint256[] memory parts) {
        uint256 n = weights.length;
        parts = new uint256[](n);
        uint256[] memory order = new uint256[](n);
        uint256[] memory remainders = new uint256[](n);
        uint256 total;
        for (uint256 i; i < n; ++i) {
            total += weights[i];
        }
        uint256 left = amount;
        for (uint256 i; i < n; ++i) {
            parts[i] = amount * weights[i] / total;
            remainders[i] = amount * weights[i] % total;
            left -= parts[i];
            uint256 at = i;
            for (; at > 0 && remainders[order[at - 1]] < remainders[i]; --at) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        for (uint256 i; left > 0; ++i) {
            ++parts[order[i]];
            --left;
        }
    }

    /// @dev One entry per role and claim, an account perhaps several times.
    function shares(
        uint96 fee,
        IModelRegistry.Terms memory terms,
        FeeSplit.Payees memory payees,
        EpochLeaves.CallWeights memory weights
    ) internal pure returns (address[] memory accounts, uint256[] memory amounts) {
        uint256[] memory parts = _parts(fee, terms);
        uint256 retrieval = parts[3] * terms.retrievalBps / 10_000;
        uint256 influence = parts[3] - retrieval;
        if (weights.retrieval.length == 0) (influence, retrieval) = (influence + retrieval, 0);
        uint256 n = weights.influence.length;
        uint256 m = weights.retrieval.length;
        accounts = new address[](3 + n + m);
        amounts = new uint256[](3 + n + m);
        (accounts[0], accounts[1], accounts[2]) = (payees.platform, payees.owner, payees.stakers);
        (amounts[0], amounts[1], amounts[2]) = (parts[0], parts[1], parts[2]);
        _fill(accounts, amounts, 3, influence, weights.influence, weights.influenceWeights);
        _fill(accounts, amounts, 3 + n, retrieval, weights.retrieval, weights.retrievalWeights);
    }

    function _parts(uint96 fee, IModelRegistry.Terms memory terms) private pure returns (uint256[] memory) {
        uint256[] memory bps = new uint256[](4);
        (bps[0], bps[1], bps[2], bps[3]) =
        (terms.platformBps, terms.ownerBps, terms.stakersBps, terms.contributorsBps);
        return split(fee, bps);
    }

    function _fill(
        address[] memory accounts,
        uint256[] memory amounts,
        uint256 start,
        uint256 amount,
        address[] memory claimants,
        uint128[] memory weights
    ) private pure {
        if (claimants.length == 0 || amount == 0) return;
        uint256[] memory wide = new uint256[](weights.length);
        for (uint256 i; i < weights.length; ++i) {
            wide[i] = weights[i];
        }
        uint256[] memory parts = split(amount, wide);
        for (uint256 i; i < claimants.length; ++i) {
            accounts[start + i] = claimants[i];
            amounts[start + i] = parts[i];
        }
    }
}
