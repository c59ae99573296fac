// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title FaultKinds
/// @notice Numbers of the faults, as in `FaultProven` and, plus 1,000, in `EpochRejected`.
library FaultKinds {
    uint8 internal constant DECREASED_CUMULATIVE = 1;
    uint8 internal constant MISORDERED_ACCOUNTS = 2;
    uint8 internal constant SUM_MISMATCH = 3;
    uint8 internal constant OMITTED_ACCOUNT = 4;
    uint8 internal constant WRONG_DELTA = 5;
    uint8 internal constant WRONG_SPLIT = 6;
    uint8 internal constant FALSE_CALL = 7;
    uint8 internal constant OMITTED_CALL = 8;
    uint8 internal constant WRONG_BLOCK_HASH = 9;
    uint8 internal constant MISORDERED_LEAVES = 10;
}
