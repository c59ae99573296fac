// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {RegistryProxy} from "../src/RegistryProxy.sol";
import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {TestBase} from "./Base.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

/// @dev Both registries behind their proxies; the test itself is admin.
abstract contract RegistryFixture is TestBase {
    address internal constant GUARDIAN = address(0x0808);
    address internal constant STRANGER = address(0x0909);
    address internal constant UPGRADER = address(0x0a0a);
    address internal constant VALIDATOR = address(0x0b0b);
    address internal constant OTHER_VALIDATOR = address(0x0c0c);
    address internal constant CONTRIBUTOR = address(0xc0);
    uint256 internal constant START = 1_000_000;
    bytes32 internal constant ROOT = keccak256("root");
    bytes32 internal constant LEAVES = keccak256("leaves");
    IDatanetRegistry.DatanetKind internal constant TEXT = IDatanetRegistry.DatanetKind.Text;
    IDatanetRegistry.Admission internal constant OPEN = IDatanetRegistry.Admission.Open;
    IDatanetRegistry.Admission internal constant APPROVAL = IDatanetRegistry.Admission.Approval;
    IDatanetRegistry.ContributionStatus internal constant SUBMITTED =
    IDatanetRegistry.ContributionStatus.Submitted;

    ProvenantAccess internal access;
    DatanetRegistry internal datanets;
    ModelRegistry internal models;

    function setUp() public virtual {
        vm.warp(START);
        access = new ProvenantAccess(address(this));
        datanets = DatanetRegistry(
            _proxy(
                address(new DatanetRegistry()), abi.encodeCall(DatanetRegistry.initialize, (address(access)))
            )
        );
        models = ModelRegistry(
            _proxy(
                address(new ModelRegistry()),
                abi.encodeCall(ModelRegistry.initialize, (address(access), datanets))
            )
        );
        _restrict(address(datanets), datanets.scoreContribution.selector, access.VALIDATOR());
        _restrict(address(datanets), datanets.penalise.selector, access.VALIDATOR());
        _restrict(address(models), models.attestLds.selector, access.VALIDATOR());
        address[2] memory registries = [address(datanets), address(models)];
        for (uint256 i; i < 2; ++i) {
            _restrict(registries[i], datanets.setPaused.selector, access.GUARDIAN());
            _restrict(registries[i], datanets.upgradeToAndCall.selector, access.UPGRADER());
        }
        access.grantRole(access.GUARDIAN(), GUARDIAN, 0);
        access.grantRole(access.UPGRADER(), UPGRADER, 0);
        access.grantRole(access.VALIDATOR(), VALIDATOR, 0);
        access.grantRole(access.VALIDATOR(), OTHER_VALIDATOR, 0);
    }

    function _proxy(address implementation, bytes memory initializeCall) internal returns (address) {
        return address(new RegistryProxy(implementation, initializeCall));
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev Datanet 1 of this test with a contribution of somebody else.
    function _submit() internal returns (uint256) {
        datanets.createDatanet(ROOT, "ipfs://meta", 1);
        vm.prank(CONTRIBUTOR);
        return datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
    }

    /// @dev The next call comes from `caller`, who does not own Datanet 1.
    function _expectNotOwner(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, 1, caller));
        vm.prank(caller);
    }

    function _expectNotPending(uint256 id, IDatanetRegistry.ContributionStatus status) internal {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionNotPending.selector, id, status));
    }

    function _restrict(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        access.setTargetFunctionRole(target, selectors, role);
    }
}
