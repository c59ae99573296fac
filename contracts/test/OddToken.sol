// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that keeps a part of every transfer and lets somebody act in the middle of one.
contract OddToken is ERC20 {
    uint256 private _fee;
    address private _target;
    bytes private _call;

    constructor(uint256 fee) ERC20("Odd", "ODD") {
        _mint(msg.sender, 1e27);
        _mint(address(this), 1e27);
        _fee = fee;
    }

    function setFee(uint256 fee) external {
        _fee = fee;
    }

    /// @dev With the tokens of this contract, once, in the middle of the next transfer.
    function callBack(address target, bytes calldata call_) external {
        _target = target;
        _call = call_;
        _approve(address(this), target, type(uint256).max);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        address target = _target;
        _target = address(0);
        super.transferFrom(from, to, amount - _fee);
        if (target == address(0)) return true;
        (bool success, bytes memory reason) = target.call(_call);
        if (!success) {
            assembly {
                revert(add(reason, 32), mload(reason))
            }
        }
        return true;
    }
}
