// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Pausing a registry
/// @notice Upgrading is `upgradeToAndCall` of OpenZeppelin's UUPSUpgradeable, for the role UPGRADER.
interface IUpgradeableRegistry {
    /// @notice The registry was paused or runs again.
    /// @param paused The new value.
    event PausedSet(bool paused);

    /// @notice The registry takes no writes for now.
    error RegistryPaused();

    /// @notice Stops or resumes writes; only the role GUARDIAN.
    /// @param paused_ True stops every write but those that take a right or data away.
    function setPaused(bool paused_) external;

    /// @notice Whether writes are stopped.
    /// @return Whether writes are stopped.
    function paused() external view returns (bool);
}
