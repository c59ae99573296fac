// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @dev Stands in for the OptimismPortal and the two configuration contracts of L1. It writes deposits as the
/// real one does and relays withdrawals without their proofs and their waiting time.
contract StubPortal {
    event TransactionDeposited(
        address indexed from, address indexed to, uint256 indexed version, bytes opaqueData
    );

    error WithdrawalFailed();

    address private constant NOBODY = 0x000000000000000000000000000000000000dEaD;
    address private constant ETHER = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
    uint160 private constant ALIAS_OFFSET = 0x001111000000000000000000000000000000001111;

    /// @dev Who sent the withdrawal in progress; the messenger believes only this.
    address public l2Sender = NOBODY;

    function depositTransaction(
        address to,
        uint256 value,
        uint64 gasLimit,
        bool creation,
        bytes calldata data
    ) external payable {
        address from = msg.sender;
        // A contract of L1 must not pass for the contract of L2 that has the same address.
        if (from.code.length > 0) {
            unchecked {
                from = address(uint160(from) + ALIAS_OFFSET);
            }
        }
        emit TransactionDeposited(from, to, 0, abi.encodePacked(msg.value, value, gasLimit, creation, data));
    }

    function relay(address sender, address target, uint256 value, uint256 gasLimit, bytes calldata data)
        external
    {
        l2Sender = sender;
        (bool success,) = target.call{value: value, gas: gasLimit}(data);
        l2Sender = NOBODY;
        if (!success) revert WithdrawalFailed();
    }

    function paused() external pure returns (bool) {
        return false;
    }

    function isCustomGasToken() external pure returns (bool) {
        return false;
    }

    function gasPayingToken() external pure returns (address, uint8) {
        return (ETHER, 18);
    }
}
