// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantTokenL2} from "../src/ProvenantTokenL2.sol";
import {IOptimismMintableERC20} from "../src/interfaces/IOptimismMintableERC20.sol";
import {TestBase} from "./Base.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

contract ProvenantTokenL2Test is TestBase {
    address private constant BRIDGE = 0x4200000000000000000000000000000000000010;
    address private constant SUPERCHAIN_BRIDGE = 0x4200000000000000000000000000000000000028;
    address private constant L1_TOKEN = address(0x1111);
    address private constant ALICE = address(0xa11ce);

    event RemoteTokenLinked(
        address indexed remoteToken, address indexed bridge, address superchainTokenBridge
    );
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Mint(address indexed account, uint256 amount);
    event Burn(address indexed account, uint256 amount);
    event CrosschainMint(address indexed to, uint256 value, address indexed sender);
    event CrosschainBurn(address indexed from, uint256 value, address indexed sender);

    ProvenantTokenL2 private token = new ProvenantTokenL2(L1_TOKEN);

    function test_namesItsBridgeAndTheTokenItStandsFor() public {
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit RemoteTokenLinked(L1_TOKEN, BRIDGE, SUPERCHAIN_BRIDGE);
        ProvenantTokenL2 created = new ProvenantTokenL2(L1_TOKEN);
        vm.assertEq(created.remoteToken(), L1_TOKEN, "remote token");
        vm.assertEq(created.bridge(), BRIDGE, "bridge");
        vm.assertEq(created.totalSupply(), 0, "born empty");
        vm.assertEq(keccak256(bytes(created.symbol())), keccak256("PROV"), "symbol");
    }

    function test_refusesToStandForNothing() public {
        vm.expectRevert(ProvenantTokenL2.ZeroRemoteToken.selector);
        new ProvenantTokenL2(address(0));
    }

    function test_claimsTheBridgesInterfaceAndNotItsLegacyOne() public view {
        vm.assertTrue(type(IOptimismMintableERC20).interfaceId == 0xec4fc8e3, "id of the interface");
        vm.assertTrue(token.supportsInterface(0xec4fc8e3), "IOptimismMintableERC20");
        vm.assertTrue(token.supportsInterface(0x33331994), "ERC-7802");
        vm.assertTrue(token.supportsInterface(0x01ffc9a7), "ERC-165");
        vm.assertTrue(!token.supportsInterface(0x1d1d8b63), "legacy");
        vm.assertTrue(!token.supportsInterface(0xffffffff), "none");
    }

    function test_eachBridgeMintsAndBurnsWithItsOwnEvents() public {
        vm.expectEmit(address(token));
        emit Transfer(address(0), ALICE, 7);
        vm.expectEmit(address(token));
        emit Mint(ALICE, 7);
        vm.prank(BRIDGE);
        token.mint(ALICE, 7);

        vm.expectEmit(address(token));
        emit CrosschainMint(ALICE, 5, SUPERCHAIN_BRIDGE);
        vm.prank(SUPERCHAIN_BRIDGE);
        token.crosschainMint(ALICE, 5);

        vm.expectEmit(address(token));
        emit Burn(ALICE, 3);
        vm.prank(BRIDGE);
        token.burn(ALICE, 3);

        vm.expectEmit(address(token));
        emit CrosschainBurn(ALICE, 2, SUPERCHAIN_BRIDGE);
        vm.prank(SUPERCHAIN_BRIDGE);
        token.crosschainBurn(ALICE, 2);
        vm.assertEq(token.balanceOf(ALICE), 7, "balance");
        vm.assertEq(token.totalSupply(), 7, "supply");
    }

    function testFuzz_nobodyElseMintsOrBurns(address caller, uint256 amount) public {
        vm.assume(caller != BRIDGE && caller != SUPERCHAIN_BRIDGE && caller != address(0));
        vm.prank(BRIDGE);
        token.mint(caller, amount);
        _refused(caller, abi.encodeCall(token.mint, (caller, 1)));
        _refused(caller, abi.encodeCall(token.burn, (caller, 1)));
        _refused(caller, abi.encodeCall(token.crosschainMint, (caller, 1)));
        _refused(caller, abi.encodeCall(token.crosschainBurn, (caller, 1)));
        vm.assertEq(token.totalSupply(), amount, "supply");
    }

    function test_oneBridgeMayNotUseTheOthersDoor() public {
        _refused(SUPERCHAIN_BRIDGE, abi.encodeCall(token.mint, (ALICE, 1)));
        _refused(SUPERCHAIN_BRIDGE, abi.encodeCall(token.burn, (ALICE, 1)));
        _refused(BRIDGE, abi.encodeCall(token.crosschainMint, (ALICE, 1)));
        _refused(BRIDGE, abi.encodeCall(token.crosschainBurn, (ALICE, 1)));
    }

    function testFuzz_transfersMoveExactlyTheirAmount(uint256 minted, uint256 sent, address to) public {
        vm.assume(to != address(0) && to != ALICE);
        sent = bound(sent, 0, minted);
        vm.prank(BRIDGE);
        token.mint(ALICE, minted);
        vm.prank(ALICE);
        token.transfer(to, sent);
        vm.assertEq(token.balanceOf(ALICE), minted - sent, "sender");
        vm.assertEq(token.balanceOf(to), sent, "receiver");
        vm.assertEq(token.totalSupply(), minted, "supply");
    }

    function testFuzz_permitApprovesOnce(uint256 key, address spender, uint256 amount) public {
        key = bound(key, 1, 2 ** 128);
        vm.assume(spender != address(0));
        address owner = vm.addr(key);
        uint256 deadline = vm.getBlockTimestamp() + 1;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                owner,
                spender,
                amount,
                0,
                deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        IERC20Permit(address(token)).permit(owner, spender, amount, deadline, v, r, s);
        vm.assertEq(token.allowance(owner, spender), amount, "allowance");
        (bool replayed,) = address(token)
            .call(abi.encodeCall(IERC20Permit.permit, (owner, spender, amount, deadline, v, r, s)));
        vm.assertTrue(!replayed, "a permit is used up");
    }

    function _refused(address caller, bytes memory data) private {
        vm.prank(caller);
        (bool success, bytes memory reason) = address(token).call(data);
        vm.assertTrue(!success, "refused");
        bytes memory expected = abi.encodeWithSelector(ProvenantTokenL2.NotBridge.selector, caller);
        vm.assertEq(keccak256(reason), keccak256(expected), "reason");
    }
}
