// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ClaimHandler} from "./ClaimHandler.sol";
import {DisputeHandler} from "./DisputeHandler.sol";
import {HandlerBase} from "./HandlerBase.sol";
import {SettlementHandler} from "./SettlementHandler.sol";
import {StakingHandler} from "./StakingHandler.sol";

/// @dev Everything that can happen to the money core together.
contract Handler is SettlementHandler, ClaimHandler, StakingHandler, DisputeHandler {
    constructor(bool hostile) HandlerBase(hostile) {}
}
