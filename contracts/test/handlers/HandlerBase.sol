// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantToken} from "../../src/ProvenantToken.sol";
import {Fixture} from "../Fixture.sol";
import {HostileToken} from "../HostileToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @dev Who acts in the invariant runs, and the sums the contracts must agree with, counted without them.
/// A polite handler proves little: most broken contracts keep their invariants until somebody attacks. So
/// every honest action has attacks beside it, each of which must fail for the right reason.
abstract contract HandlerBase is Fixture {
    uint256 public constant PAYERS = 4;
    uint256 public constant OPERATORS = 2;
    uint256 public constant ACCOUNTS = 8;
    uint256 public constant AGENTS = 3;
    uint256 public constant CHALLENGERS = 2;
    uint256 internal constant MAX_AMOUNT = 1e18;

    address[4] public payers;
    address[2] public operators = [OPERATOR, OTHER_OPERATOR];
    uint256 public deposits;
    uint256 public charges;
    uint256 public withdrawals;
    uint256 public recordedCalls;
    uint256 public directFunding;
    uint256 public claims;
    uint256 public stakes;
    uint256 public unstaked;
    uint256 public slashRewardsPaid;
    uint256 public bonds;
    uint256 public bondsPaid;

    uint256[4] internal keys;
    uint256 private _seed;

    constructor(bool hostile) {
        IERC20 token_ = hostile
            ? IERC20(new HostileToken(address(this), SUPPLY))
            : IERC20(new ProvenantToken(address(this), SUPPLY));
        _deployAll(token_);
        for (uint256 i; i < PAYERS; ++i) {
            keys[i] = 0xa11ce + i;
            payers[i] = vm.addr(keys[i]);
        }
        for (uint256 i; i < CHALLENGERS; ++i) {
            token.transfer(challengerOf(i), 1e20);
            vm.prank(challengerOf(i));
            token.approve(address(disputes), type(uint256).max);
        }
        uint256[] memory trainedOn = new uint256[](1);
        trainedOn[0] = datanets.createDatanet(DATA_HASH, "", 0);
        models.registerModel("model", DATA_HASH, trainedOn);
        models.setTerms(MODEL, 1, 1, 1000, 1500, 500, 7000, 2500);
    }

    function accountOf(uint256 i) public pure returns (address) {
        return address(uint160(0xacc000 + i));
    }

    /// @dev Where an account may send its claims.
    function recipientFor(uint256 i) public pure returns (address) {
        return address(uint160(0xdec000 + i));
    }

    /// @dev The poster is an agent among others.
    function agentOf(uint256 i) public pure returns (address) {
        return i % AGENTS == 0 ? POSTER : address(uint160(0xa6e000 + i % AGENTS));
    }

    function challengerOf(uint256 i) public pure returns (address) {
        return address(uint160(0xc4a000 + i % CHALLENGERS));
    }

    function treasury() external pure returns (address) {
        return TREASURY;
    }

    function system() external view returns (IERC20, address, address, address, address) {
        return (token, address(escrow), address(rewards), address(staking), address(disputes));
    }

    function _nextSeed() internal returns (uint256) {
        return ++_seed;
    }

    /// @dev `caller` does what must not work.
    function _refused(address caller, address target, bytes memory data, bytes4 selector) internal {
        vm.prank(caller);
        (bool ok, bytes memory reason) = target.call(data);
        require(!ok, "an attack went through");
        _requireReason(reason, selector);
    }

    function _requireReason(bytes memory reason, bytes4 selector) internal pure {
        // forge-lint: disable-next-line(unsafe-typecast)
        require(bytes4(reason) == selector, "failed for another reason");
    }

    function _later(uint256 duration) internal {
        vm.warp(vm.getBlockTimestamp() + duration);
        vm.roll(vm.getBlockNumber() + 1);
    }
}
