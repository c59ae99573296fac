// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Signatures of vouchers
/// @notice Checks who signed a voucher.
/// @dev ECDSA first, so that plain accounts cost no look at their code; a key that delegated under EIP-7702
/// signs either way. A contract gets limited gas and one word to answer: it must not be able to burn the gas
/// of everyone else's batch, neither by running long nor by returning much.
library VoucherSignature {
    /// Enough for ERC-1271 wallets with several owners.
    uint256 private constant ERC1271_GAS = 200_000;

    function isSignedBy(address signer, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        (address recovered, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
        return _isSignedByContract(signer, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
    }

    function _isSignedByContract(address signer, bytes memory question) private view returns (bool valid) {
        bytes32 yes = bytes32(IERC1271.isValidSignature.selector);
        assembly ("memory-safe") {
            let success := staticcall(ERC1271_GAS, signer, add(question, 32), mload(question), 0, 32)
            // An account without code returns nothing and so says no.
            valid := and(success, and(gt(returndatasize(), 31), eq(mload(0), yes)))
        }
    }
}
