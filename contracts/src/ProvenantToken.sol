// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The token in which calls are paid and credit is claimed
/// @notice Fixed supply, no owner, no fee on transfer: the escrow and the distributor rely on that.
contract ProvenantToken is ERC20, ERC20Permit {
    /// @notice Mints the whole supply, once and for all.
    /// @param holder Receives the whole supply.
    /// @param supply Base units, 18 decimals.
    constructor(address holder, uint256 supply) ERC20("Provenant", "PROV") ERC20Permit("Provenant") {
        _mint(holder, supply);
    }
}
