// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title What votes need to know of the model registry
/// @notice The registry of models implements it; votes need nothing else of it.
interface IPlatformFloor {
    /// @notice The least share of a fee that any terms give to the platform, in 1/10,000.
    function minPlatformBps() external view returns (uint16);
}
