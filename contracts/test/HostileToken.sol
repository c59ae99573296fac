// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Every way in which a token can be worse than ours; well-behaved until told otherwise.
contract HostileToken is ERC20 {
    uint256 public feeBps;
    /// What the call from within the last armed transfer came to.
    bool public hookRan;
    bool public hookPassed;
    bytes public hookResult;
    mapping(address account => bool refused) public blocked;
    address private _hookTarget;
    bytes private _hookData;
    bool private _swallow;

    error Blocked(address account);

    constructor(address holder, uint256 supply) ERC20("Hostile", "HOSTILE") {
        _mint(holder, supply);
    }

    /// @dev Keeps a part of every transfer.
    function setFee(uint256 feeBps_) external {
        feeBps = feeBps_;
    }

    /// @dev Refuses transfers to `account`, as a blacklist does.
    function setBlocked(address account, bool refused) external {
        blocked[account] = refused;
    }

    /// @dev Makes the next transfer call `target`; with `swallow` that transfer then moves nothing.
    function arm(address target, bytes calldata data, bool swallow) external {
        (_hookTarget, _hookData, _swallow) = (target, data, swallow);
        hookRan = false;
    }

    /// @dev Forgets a call back that a reverted transfer has left armed.
    function disarm() external {
        (_hookTarget, _swallow) = (address(0), false);
    }

    /// @dev Acts as an account of its own, so that a call from within a transfer has one.
    function execute(address target, bytes calldata data) external {
        (bool ok, bytes memory reason) = target.call(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blocked[to]) revert Blocked(to);
        if (_hookTarget != address(0)) {
            (address target, bytes memory data, bool swallow) = (_hookTarget, _hookData, _swallow);
            (_hookTarget, _swallow) = (address(0), false);
            hookRan = true;
            (hookPassed, hookResult) = target.call(data);
            if (swallow) return;
        }
        uint256 fee = from == address(0) ? 0 : value * feeBps / 10_000;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0xfee), fee);
    }
}
