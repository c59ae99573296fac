// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BalanceFaults} from "./faults/BalanceFaults.sol";
import {BlockFaults} from "./faults/BlockFaults.sol";
import {CallFaults} from "./faults/CallFaults.sol";
import {EpochEvidence} from "./faults/EpochEvidence.sol";
import {SplitFaults} from "./faults/SplitFaults.sol";
import {TreeFaults} from "./faults/TreeFaults.sol";
import {IInferenceLedger} from "./interfaces/IInferenceLedger.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {IRewardsDistributor} from "./interfaces/IRewardsDistributor.sol";

/// @title EpochFaults
/// @notice Checks the evidence of faults; see `IEpochFaults` for each of them.
/// @dev Has no storage and no function that returns three words but those that find a fault:
/// `EpochDisputes` takes whatever returns three words for a finding.
contract EpochFaults is TreeFaults, BalanceFaults, SplitFaults, CallFaults, BlockFaults {
    /// @notice Fixes where the evidence is looked up.
    /// @param rewards_ Whose epochs these are.
    /// @param ledger_ Where the calls are recorded.
    /// @param models_ Where the terms are set.
    constructor(IRewardsDistributor rewards_, IInferenceLedger ledger_, IModelRegistry models_)
        EpochEvidence(rewards_, ledger_, models_)
    {}
}
