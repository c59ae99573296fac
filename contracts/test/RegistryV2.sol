// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";

contract DatanetRegistryV2 is DatanetRegistry {
    /// @custom:storage-location erc7201:provenant.test.DatanetRegistryV2
    struct Added {
        uint256 note;
    }

    function initializeV2(uint256 note_) external reinitializer(2) {
        _added().note = note_;
    }

    function note() external view returns (uint256) {
        return _added().note;
    }

    function _added() private pure returns (Added storage $) {
        assembly ("memory-safe") {
            $.slot := 0x4d70259d66314294646e29023095b63bdd5f91612ecbef25e5e71b7c9d88c800
        }
    }
}

contract ModelRegistryV2 is ModelRegistry {
    function version() external pure returns (uint256) {
        return 2;
    }
}

contract NotARegistry {}
