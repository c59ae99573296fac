// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may do what
/// @notice One AccessManager for all contracts. The three roles are held by three accounts: whoever posts
/// an epoch must not be the one who can stop it, and whoever charges must not be the one who pays out.
contract ProvenantAccess is AccessManager {
    /// @notice Records batches of calls in its own lanes.
    uint64 public constant OPERATOR = 1;
    /// @notice Proposes epochs.
    uint64 public constant EPOCH_POSTER = 2;
    /// @notice Rejects proposed epochs.
    uint64 public constant GUARDIAN = 3;

    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
