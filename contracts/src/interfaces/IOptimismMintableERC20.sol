// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title What the L2 Standard Bridge of the OP Stack asks of a token it mints
/// @notice ERC-165 id 0xec4fc8e3: the four functions below.
interface IOptimismMintableERC20 is IERC165 {
    /// @notice Creates tokens for a deposit on L1; only the bridge.
    /// @param to Who receives them.
    /// @param amount Base units.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys tokens for a withdrawal to L1; only the bridge.
    /// @param from Whose tokens.
    /// @param amount Base units.
    function burn(address from, uint256 amount) external;

    /// @notice The token on L1 that backs this one.
    function remoteToken() external view returns (address);

    /// @notice The Standard Bridge of this chain.
    function bridge() external view returns (address);
}
