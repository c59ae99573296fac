// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// @title The address of an upgradeable registry
/// @notice Keeps the storage and forwards every call to the implementation in the slot of ERC-1967. It has
/// no function of its own: upgrading is a function of the implementation (UUPS).
contract RegistryProxy is ERC1967Proxy {
    /// @notice Sets the implementation and initialises the registry in the same transaction, so that
    /// nobody can come between.
    /// @param implementation A registry; its own storage stays empty.
    /// @param initializeCall Encoded call of `initialize`; an empty one reverts.
    constructor(address implementation, bytes memory initializeCall)
        ERC1967Proxy(implementation, initializeCall)
    {}
}
