// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantToken} from "../src/ProvenantToken.sol";
import {TestBase} from "./Base.sol";

contract ProvenantTokenTest is TestBase {
    address private constant HOLDER = address(0x1111);

    event Transfer(address indexed from, address indexed to, uint256 value);

    function testFuzz_mintsTheSupplyOnceToOneHolder(uint256 supply) public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit Transfer(address(0), HOLDER, supply);
        ProvenantToken token = new ProvenantToken(HOLDER, supply);
        vm.assertEq(token.totalSupply(), supply, "supply");
        vm.assertEq(token.balanceOf(HOLDER), supply, "holder");
        vm.assertEq(token.decimals(), 18, "decimals");
    }

    function testFuzz_transfersMoveExactlyTheirAmount(uint256 supply, uint256 amount, address to) public {
        vm.assume(to != address(0) && to != HOLDER);
        amount = bound(amount, 0, supply);
        ProvenantToken token = new ProvenantToken(HOLDER, supply);
        vm.prank(HOLDER);
        token.transfer(to, amount);
        vm.assertEq(token.balanceOf(to), amount, "receiver");
        vm.assertEq(token.balanceOf(HOLDER), supply - amount, "sender");
        vm.assertEq(token.totalSupply(), supply, "supply");
    }

    function test_nobodyMintsBurnsOrPauses() public {
        ProvenantToken token = new ProvenantToken(HOLDER, 1);
        bytes[5] memory attempts = [
            abi.encodeWithSignature("mint(address,uint256)", HOLDER, 1),
            abi.encodeWithSignature("burn(address,uint256)", HOLDER, 1),
            abi.encodeWithSignature("burn(uint256)", 1),
            abi.encodeWithSignature("pause()"),
            abi.encodeWithSignature("transferOwnership(address)", HOLDER)
        ];
        for (uint256 i; i < attempts.length; ++i) {
            vm.prank(HOLDER);
            (bool success,) = address(token).call(attempts[i]);
            vm.assertTrue(!success, "no such function");
        }
    }
}
