// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {UpgradeableRegistry} from "../src/UpgradeableRegistry.sol";

/// @dev What the upgrade validation must refuse: state of the constructor is not that of the proxy, and
/// nothing initialises the access manager.
contract UnsafeRegistry is UpgradeableRegistry {
    uint256 public note = 1;
}
