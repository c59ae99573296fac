// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract DatanetRegistryAccessTest is RegistryFixture {
    uint64 private constant EXPIRY = uint64(START + 100);

    function setUp() public override {
        super.setUp();
        datanets.createDatanet(ROOT, "", 1, TEXT, APPROVAL);
    }

    function _expectNoAccess(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NoAccess.selector, 1, account));
    }

    function test_requestAccess_waits_for_an_answer_and_gives_nothing() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.AccessRequested(1, STRANGER, "purpose");
        vm.prank(STRANGER);
        datanets.requestAccess(1, "purpose");
        vm.assertTrue(datanets.accessOf(1, STRANGER).requested, "requested");
        vm.assertTrue(!datanets.hasAccess(1, STRANGER), "no access");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.AccessAlreadyRequested.selector, 1, STRANGER));
        vm.prank(STRANGER);
        datanets.requestAccess(1, "purpose");
    }

    function test_requestAccess_refuses_an_unknown_datanet() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, 2));
        datanets.requestAccess(2, "purpose");
    }

    function test_requestAccess_is_possible_again_after_a_grant_and_keeps_it() public {
        vm.prank(STRANGER);
        datanets.requestAccess(1, "purpose");
        datanets.grantAccess(1, STRANGER, EXPIRY);
        vm.assertTrue(!datanets.accessOf(1, STRANGER).requested, "answered");
        vm.prank(STRANGER);
        datanets.requestAccess(1, "longer");
        vm.assertEq(datanets.accessOf(1, STRANGER).expiry, EXPIRY, "kept");
        vm.assertTrue(datanets.hasAccess(1, STRANGER), "access");
    }

    function test_grantAccess_holds_until_its_expiry() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.AccessGranted(1, STRANGER, EXPIRY);
        datanets.grantAccess(1, STRANGER, EXPIRY);
        vm.assertEq(datanets.accessOf(1, STRANGER).expiry, EXPIRY, "expiry");
        vm.warp(EXPIRY - 1);
        vm.assertTrue(datanets.hasAccess(1, STRANGER), "before");
        vm.assertTrue(!datanets.hasAccess(1, CONTRIBUTOR), "not for others");
        vm.warp(EXPIRY);
        vm.assertTrue(!datanets.hasAccess(1, STRANGER), "after");
    }

    function test_grantAccess_is_for_the_owner_and_ends_in_the_future() public {
        _expectNotOwner(STRANGER);
        datanets.grantAccess(1, STRANGER, EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ExpiryPassed.selector, START));
        datanets.grantAccess(1, STRANGER, uint64(START));
        datanets.grantAccess(1, STRANGER, uint64(START + 1));
    }

    function test_grantAccess_replaces_an_earlier_grant_even_by_a_shorter_one() public {
        datanets.grantAccess(1, STRANGER, EXPIRY);
        datanets.grantAccess(1, STRANGER, EXPIRY - 50);
        vm.assertEq(datanets.accessOf(1, STRANGER).expiry, EXPIRY - 50, "shorter");
    }

    function test_revokeAccess_ends_a_grant_at_once() public {
        datanets.grantAccess(1, STRANGER, EXPIRY);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.AccessRevoked(1, STRANGER, address(this));
        datanets.revokeAccess(1, STRANGER);
        vm.assertTrue(!datanets.hasAccess(1, STRANGER), "gone");
        _expectNoAccess(STRANGER);
        datanets.revokeAccess(1, STRANGER);
    }

    function test_revokeAccess_turns_a_request_down() public {
        vm.prank(STRANGER);
        datanets.requestAccess(1, "purpose");
        datanets.revokeAccess(1, STRANGER);
        vm.assertTrue(!datanets.accessOf(1, STRANGER).requested, "answered");
    }

    function test_revokeAccess_is_for_the_owner_and_the_account_itself() public {
        datanets.grantAccess(1, STRANGER, EXPIRY);
        _expectNotOwner(CONTRIBUTOR);
        datanets.revokeAccess(1, STRANGER);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.AccessRevoked(1, STRANGER, STRANGER);
        vm.prank(STRANGER);
        datanets.revokeAccess(1, STRANGER);
    }

    function test_revokeAccess_of_an_unknown_datanet_fails() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, 2));
        datanets.revokeAccess(2, STRANGER);
    }

    function test_hasAccess_knows_owner_open_datanets_and_unknown_ones() public {
        vm.assertTrue(datanets.hasAccess(1, address(this)), "owner");
        vm.assertTrue(!datanets.hasAccess(2, address(this)), "unknown");
        vm.assertTrue(!datanets.hasAccess(2, address(0)), "unknown for nobody");
        datanets.updateDatanet(1, 0, "", OPEN);
        vm.assertTrue(datanets.hasAccess(1, STRANGER), "open");
    }

    function test_an_approval_datanet_takes_rows_from_granted_accounts_and_its_owner() public {
        _expectNoAccess(CONTRIBUTOR);
        vm.prank(CONTRIBUTOR);
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        datanets.grantAccess(1, CONTRIBUTOR, EXPIRY);
        vm.prank(CONTRIBUTOR);
        uint256 id = datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        vm.warp(EXPIRY);
        _expectNoAccess(CONTRIBUTOR);
        vm.prank(CONTRIBUTOR);
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        datanets.acceptContribution(id);
    }

    function testFuzz_a_grant_holds_exactly_before_its_expiry(uint64 expiry, uint64 at) public {
        expiry = uint64(bound(expiry, START + 1, type(uint64).max));
        at = uint64(bound(at, START, type(uint64).max));
        datanets.grantAccess(1, STRANGER, expiry);
        vm.warp(at);
        vm.assertTrue(datanets.hasAccess(1, STRANGER) == (at < expiry), "boundary");
    }
}
