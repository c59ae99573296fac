// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IUpgradeableRegistry} from "./interfaces/IUpgradeableRegistry.sol";
import {
    AccessManagedUpgradeable
} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title What both registries have in common: who may upgrade and who may pause
/// @notice Storage lies in ERC-7201 namespaces, so that a base contract can grow without moving the fields
/// of another.
abstract contract UpgradeableRegistry is IUpgradeableRegistry, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:provenant.storage.UpgradeableRegistry
    struct RegistryState {
        bool paused;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("provenant.storage.UpgradeableRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant REGISTRY_STATE =
        0x8adbde5cf0070788275c3b92431a0daa435fa9891a92563dec6d0d8375659f00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    modifier whenNotPaused() {
        _checkNotPaused();
        _;
    }

    /// @inheritdoc IUpgradeableRegistry
    function setPaused(bool paused_) external restricted {
        _registryState().paused = paused_;
        emit PausedSet(paused_);
    }

    /// @inheritdoc IUpgradeableRegistry
    function paused() external view returns (bool) {
        return _registryState().paused;
    }

    /// @dev `upgradeToAndCall` is the only way here, so the role is looked up under its selector.
    // solhint-disable-next-line no-empty-blocks
    function _authorizeUpgrade(address) internal override restricted {}

    function _checkNotPaused() private view {
        if (_registryState().paused) revert RegistryPaused();
    }

    function _registryState() private pure returns (RegistryState storage $) {
        assembly ("memory-safe") {
            $.slot := REGISTRY_STATE
        }
    }
}
