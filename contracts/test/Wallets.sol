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

/// @dev Says yes to everything, but in fewer bytes than ERC-1271 asks for.
contract TersePayer {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            return(0, 4)
        }
    }
}

/// @dev Answers with the right selector and then fails.
contract RevertingPayer {
    fallback() external {
        assembly {
            mstore(0, shl(224, 0x1626ba7e))
            revert(0, 32)
        }
    }
}

/// @dev A payer that says yes and tries to act while it is asked.
contract ReenteringPayer {
    uint256 public entered;
    address private _target;
    bytes private _call;

    function callBack(address target, bytes calldata call_) external {
        _target = target;
        _call = call_;
    }

    function mark() external {
        ++entered;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        // A write in a static call burns all its gas.
        try this.mark{gas: 40_000}() {} catch {}
        (bool success,) = _target.call{gas: 60_000}(_call);
        success;
        return IERC1271.isValidSignature.selector;
    }
}
