// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {RegistryProxy} from "../src/RegistryProxy.sol";
import {UpgradeableRegistry} from "../src/UpgradeableRegistry.sol";
import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {IUpgradeableRegistry} from "../src/interfaces/IUpgradeableRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";
import {DatanetRegistryV2, ModelRegistryV2, NotARegistry} from "./RegistryV2.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC1967} from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

interface VmStorage {
    function load(address target, bytes32 slot) external view returns (bytes32);
}

contract RegistryUpgradeTest is RegistryFixture {
    VmStorage private constant STORAGE = VmStorage(address(vm));
    uint256[] private ids;

    function _upgrade(address registry, address implementation, bytes memory data) private {
        vm.prank(UPGRADER);
        UUPSUpgradeable(registry).upgradeToAndCall(implementation, data);
    }

    function _implementationOf(address proxy) private view returns (address) {
        return address(uint160(uint256(STORAGE.load(proxy, ERC1967Utils.IMPLEMENTATION_SLOT))));
    }

    function _populate() private {
        _submit();
        datanets.acceptContribution(1);
        datanets.grantAccess(1, STRANGER, uint64(START + 100));
        vm.prank(VALIDATOR);
        datanets.scoreContribution(1, 7777, LEAVES);
        ids.push(1);
        models.registerModel("kept", ROOT, ids);
        models.recordTrainingRun(1, ROOT, ROOT, ROOT, LEAVES);
        models.publishVersion(1, 1);
        models.setTerms(1, 10, 20, 1000, 2000, 500, 6500, 3000);
        models.recordLds(1, 400_000, 32, LEAVES);
        vm.prank(GUARDIAN);
        models.setPaused(true);
    }

    function _snapshot() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                datanets.datanetOf(1),
                datanets.contributionOf(1),
                datanets.accessOf(1, STRANGER),
                datanets.standingOf(1, CONTRIBUTOR),
                datanets.datanetCount(),
                datanets.contributionCount(),
                datanets.authority(),
                datanets.paused(),
                keccak256(
                    abi.encode(
                        models.modelOf(1),
                        models.statusOf(1),
                        models.runOf(1),
                        models.versionOf(1, 1),
                        models.termsOf(1, 1),
                        models.ldsOf(1, address(this)),
                        models.modelIdOf("kept"),
                        models.modelCount(),
                        models.runCount(),
                        address(models.datanets()),
                        models.authority(),
                        models.paused()
                    )
                )
            )
        );
    }

    function test_an_upgrade_keeps_all_state_and_runs_the_new_code() public {
        _populate();
        bytes32 before = _snapshot();
        address datanetsV2 = address(new DatanetRegistryV2());
        vm.expectEmit(address(datanets));
        emit IERC1967.Upgraded(datanetsV2);
        _upgrade(address(datanets), datanetsV2, abi.encodeCall(DatanetRegistryV2.initializeV2, (7)));
        _upgrade(address(models), address(new ModelRegistryV2()), "");
        vm.assertEq(_snapshot(), before, "state");
        vm.assertEq(_implementationOf(address(datanets)), datanetsV2, "implementation");
        vm.assertEq(DatanetRegistryV2(address(datanets)).note(), 7, "new state");
        vm.assertEq(ModelRegistryV2(address(models)).version(), 2, "new code");
        vm.assertEq(datanets.createDatanet(ROOT, "", 1), 2, "counter goes on");
    }

    function test_only_the_upgrader_upgrades() public {
        address implementation = address(new DatanetRegistryV2());
        address[3] memory others = [address(this), GUARDIAN, VALIDATOR];
        for (uint256 i; i < others.length; ++i) {
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            datanets.upgradeToAndCall(implementation, "");
            _expectUnauthorized(others[i]);
            vm.prank(others[i]);
            models.upgradeToAndCall(implementation, "");
        }
    }

    function test_an_upgrade_with_a_delay_waits_for_it() public {
        address implementation = address(new DatanetRegistryV2());
        access.grantRole(access.UPGRADER(), STRANGER, 3 days);
        bytes memory call = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (implementation, ""));
        vm.prank(STRANGER);
        access.schedule(address(datanets), call, 0);
        vm.warp(START + 3 days);
        vm.prank(STRANGER);
        datanets.upgradeToAndCall(implementation, "");
        vm.assertEq(_implementationOf(address(datanets)), implementation, "implementation");
    }

    function test_an_upgrade_refuses_what_is_not_a_registry() public {
        address implementation = address(new NotARegistry());
        vm.expectRevert(
            abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, implementation)
        );
        _upgrade(address(datanets), implementation, "");
    }

    function test_an_implementation_cannot_be_initialised_or_upgraded() public {
        DatanetRegistry datanetsCode = new DatanetRegistry();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        datanetsCode.initialize(address(access));
        ModelRegistry modelsCode = new ModelRegistry();
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        modelsCode.initialize(address(access), datanets);
        vm.expectRevert(UUPSUpgradeable.UUPSUnauthorizedCallContext.selector);
        vm.prank(UPGRADER);
        datanetsCode.upgradeToAndCall(address(modelsCode), "");
    }

    function test_a_registry_is_initialised_once() public {
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        datanets.initialize(STRANGER);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        models.initialize(STRANGER, datanets);
    }

    function test_a_proxy_without_initialisation_is_not_created() public {
        address implementation = address(new DatanetRegistry());
        vm.expectRevert(ERC1967Proxy.ERC1967ProxyUninitialized.selector);
        new RegistryProxy(implementation, "");
    }

    function test_a_new_registry_tells_its_initial_state() public {
        address implementation = address(new ModelRegistry());
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        vm.expectEmit(next);
        emit IERC1967.Upgraded(implementation);
        vm.expectEmit(next);
        emit IAccessManaged.AuthorityUpdated(address(access));
        vm.expectEmit(next);
        emit IModelRegistry.DatanetsSet(address(datanets));
        new RegistryProxy(
            implementation, abi.encodeCall(ModelRegistry.initialize, (address(access), datanets))
        );
        vm.assertEq(ModelRegistry(next).authority(), address(access), "authority");
    }

    function test_state_lies_in_the_namespaces_of_erc7201() public {
        datanets.createDatanet(ROOT, "", 1);
        _assertSlot(address(datanets), "provenant.storage.DatanetRegistry", 1);
        _assertSlot(address(models), "provenant.storage.ModelRegistry", uint160(address(datanets)));
        vm.prank(GUARDIAN);
        datanets.setPaused(true);
        _assertSlot(address(datanets), "provenant.storage.UpgradeableRegistry", 1);
        vm.assertEq(uint256(STORAGE.load(address(datanets), 0)), 0, "nothing in slot 0");
    }

    function _assertSlot(address registry, string memory namespace, uint256 expected) private view {
        bytes32 slot =
            keccak256(abi.encode(uint256(keccak256(bytes(namespace))) - 1)) & ~bytes32(uint256(0xff));
        vm.assertEq(uint256(STORAGE.load(registry, slot)), expected, namespace);
    }

    function test_the_guardian_alone_pauses_and_resumes() public {
        UpgradeableRegistry[2] memory registries = [UpgradeableRegistry(datanets), models];
        for (uint256 i; i < 2; ++i) {
            _expectUnauthorized(address(this));
            registries[i].setPaused(true);
            vm.expectEmit(address(registries[i]));
            emit IUpgradeableRegistry.PausedSet(true);
            vm.prank(GUARDIAN);
            registries[i].setPaused(true);
            vm.assertTrue(registries[i].paused(), "paused");
            vm.expectEmit(address(registries[i]));
            emit IUpgradeableRegistry.PausedSet(false);
            vm.prank(GUARDIAN);
            registries[i].setPaused(false);
            vm.assertTrue(!registries[i].paused(), "resumed");
        }
    }

    function test_a_paused_datanet_registry_takes_no_writes() public {
        uint256 id = _submit();
        datanets.transferDatanet(1, STRANGER);
        vm.prank(GUARDIAN);
        datanets.setPaused(true);
        bytes[] memory calls = new bytes[](13);
        calls[0] = abi.encodeWithSignature("createDatanet(bytes32,string,uint16)", ROOT, "", 1);
        calls[1] =
            abi.encodeWithSignature("createDatanet(bytes32,string,uint16,uint8,uint8)", ROOT, "", 1, 0, 0);
        calls[2] = abi.encodeCall(IDatanetRegistry.updateDatanet, (1, ROOT, "", OPEN));
        calls[3] = abi.encodeCall(IDatanetRegistry.transferDatanet, (1, STRANGER));
        calls[4] = abi.encodeCall(IDatanetRegistry.acceptDatanet, (1));
        calls[5] =
            abi.encodeCall(IDatanetRegistry.setDatanetStatus, (1, IDatanetRegistry.DatanetStatus.Closed));
        calls[6] = abi.encodeCall(IDatanetRegistry.requestAccess, (1, ROOT));
        calls[7] = abi.encodeCall(IDatanetRegistry.grantAccess, (1, STRANGER, uint64(START + 1)));
        calls[8] = abi.encodeCall(IDatanetRegistry.submitContribution, (1, ROOT, 1, 1, LEAVES));
        calls[9] = abi.encodeCall(IDatanetRegistry.acceptContribution, (id));
        calls[10] = abi.encodeCall(IDatanetRegistry.rejectContribution, (id, 1));
        calls[11] = abi.encodeCall(IDatanetRegistry.scoreContribution, (id, 1, LEAVES));
        calls[12] = abi.encodeCall(IDatanetRegistry.penalise, (id, 1, 1));
        access.grantRole(access.VALIDATOR(), address(this), 0);
        _expectAllPaused(address(datanets), calls);
    }

    function test_a_paused_datanet_registry_still_takes_rights_and_data_away() public {
        uint256 id = _submit();
        datanets.grantAccess(1, STRANGER, uint64(START + 1));
        vm.prank(GUARDIAN);
        datanets.setPaused(true);
        datanets.revokeAccess(1, STRANGER);
        vm.prank(CONTRIBUTOR);
        datanets.revokeContribution(id, 1);
        _upgrade(address(datanets), address(new DatanetRegistryV2()), "");
    }

    function test_a_paused_model_registry_takes_no_writes() public {
        _populate();
        access.grantRole(access.VALIDATOR(), address(this), 0);
        bytes[] memory calls = new bytes[](8);
        calls[0] = abi.encodeCall(IModelRegistry.registerModel, ("other", ROOT, ids));
        calls[1] = abi.encodeCall(IModelRegistry.setModelStatus, (1, IModelRegistry.ModelStatus.Retired));
        calls[2] = abi.encodeCall(IModelRegistry.recordTrainingRun, (1, ROOT, ROOT, ROOT, ROOT));
        calls[3] = abi.encodeCall(IModelRegistry.recordLds, (1, 1, 1, ROOT));
        calls[4] = abi.encodeCall(IModelRegistry.attestLds, (1, 1, 1, ROOT));
        calls[5] = abi.encodeWithSignature("publishVersion(uint256,uint256)", 1, 1);
        calls[6] = abi.encodeWithSignature(
            "publishVersion(uint256,uint256,(uint32,uint32)[])", 1, 1, new IModelRegistry.VersionRef[](0)
        );
        calls[7] = abi.encodeCall(IModelRegistry.setTerms, (1, 10, 20, 1000, 2000, 500, 6500, 3000));
        _expectAllPaused(address(models), calls);
    }

    function _expectAllPaused(address registry, bytes[] memory calls) private {
        for (uint256 i; i < calls.length; ++i) {
            (bool success, bytes memory reason) = registry.call(calls[i]);
            vm.assertTrue(!success, "refused");
            vm.assertEq(
                keccak256(reason),
                keccak256(abi.encodeWithSelector(IUpgradeableRegistry.RegistryPaused.selector)),
                "because it is paused"
            );
        }
    }
}
