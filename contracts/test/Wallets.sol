// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @dev A payer that is a contract; its owner signs.
contract Wallet is IERC1271 {
    address private immutable _owner;

    constructor(address owner) {
        _owner = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(digest, signature) == _owner ? this.isValidSignature.selector : bytes4(0);
    }
}

/// @dev A payer that tries to take the whole batch down by burning its gas.
contract GasBurner is IERC1271 {
    function isValidSignature(bytes32 digest, bytes calldata) external pure returns (bytes4) {
        while (digest != 0) digest = keccak256(abi.encode(digest));
        return 0;
    }
}

/// @dev A payer that answers with more data than anyone wants to copy.
contract ReturnBomb {
    fallback() external {
        assembly {
            return(0, 1000000)
        }
    }
}
