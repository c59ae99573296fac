// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {TestBase} from "./Base.sol";

contract ProvenantAccessTest is TestBase {
    function test_roles_have_the_numbers_that_deployments_give_away() public {
        ProvenantAccess access = new ProvenantAccess(address(0xad111));
        vm.assertEq(access.ADMIN_ROLE(), 0, "admin");
        vm.assertEq(access.REGISTRAR(), 1, "registrar");
        vm.assertEq(access.EPOCH_POSTER(), 2, "poster");
        vm.assertEq(access.GUARDIAN(), 3, "guardian");
        vm.assertEq(access.UPGRADER(), 4, "upgrader");
        vm.assertEq(access.DISPUTES(), 5, "disputes");
        vm.assertEq(access.SLASHER(), 6, "slasher");
        vm.assertEq(access.VALIDATOR(), 7, "validator");
    }

    function test_the_initial_admin_holds_the_admin_role_and_the_deployer_nothing() public {
        ProvenantAccess access = new ProvenantAccess(address(0xad111));
        for (uint64 role; role <= 7; ++role) {
            (bool isAdmin,) = access.hasRole(role, address(0xad111));
            (bool isDeployer,) = access.hasRole(role, address(this));
            vm.assertTrue(isAdmin == (role == 0), "admin");
            vm.assertTrue(!isDeployer, "deployer");
        }
    }
}
