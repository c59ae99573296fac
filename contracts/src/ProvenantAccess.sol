// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Who may do what
/// @notice One AccessManager for all contracts; in production a timelock holds its admin role. Whoever posts
/// an epoch must not be the one who can stop it, and only the disputes contract can take a stake.
contract ProvenantAccess is AccessManager {
    /// @notice Allows operators and registers codecs.
    uint64 public constant REGISTRAR = 1;
    /// @notice Proposes epochs, with a bond.
    uint64 public constant EPOCH_POSTER = 2;
    /// @notice Pauses, and rejects proposed epochs; cannot move money.
    uint64 public constant GUARDIAN = 3;
    /// @notice Upgrades the registries.
    uint64 public constant UPGRADER = 4;
    /// @notice Holds and rejects epochs; the disputes contract alone.
    uint64 public constant DISPUTES = 5;
    /// @notice Slashes stakes; the disputes contract alone.
    uint64 public constant SLASHER = 6;
    /// @notice Scores contributions.
    uint64 public constant VALIDATOR = 7;

    /// @notice Gives the admin role to one account.
    /// @param initialAdmin Holds the admin role until it hands it over.
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
