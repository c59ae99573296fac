// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract ModelRegistryLineageTest is RegistryFixture {
    bytes32 private constant BASE = keccak256("base");
    bytes32 private constant OTHER_BASE = keccak256("other base");
    bytes32 private constant ARTEFACT = keccak256("artefact");
    bytes32 private constant REPORT = keccak256("report");
    uint256[] private ids;

    function setUp() public override {
        super.setUp();
        datanets.createDatanet(0, "", 0);
        ids.push(1);
        models.registerModel("first", BASE, ids);
        models.registerModel("second", BASE, ids);
        models.registerModel("foreign", OTHER_BASE, ids);
    }

    function _run(uint256 modelId) private returns (uint256) {
        return models.recordTrainingRun(modelId, BASE, BASE, BASE, ARTEFACT);
    }

    function _publish(uint256 modelId) private returns (uint32) {
        return models.publishVersion(modelId, _run(modelId));
    }

    function _publishOn(uint256 modelId, IModelRegistry.VersionRef[] memory parents)
        private
        returns (uint32)
    {
        return models.publishVersion(modelId, _run(modelId), parents);
    }

    function _refs(uint32 modelA, uint32 versionA, uint32 modelB, uint32 versionB)
        private
        pure
        returns (IModelRegistry.VersionRef[] memory refs)
    {
        refs = new IModelRegistry.VersionRef[](2);
        refs[0] = IModelRegistry.VersionRef(modelA, versionA);
        refs[1] = IModelRegistry.VersionRef(modelB, versionB);
    }

    function _ref(uint32 modelId, uint32 version)
        private
        pure
        returns (IModelRegistry.VersionRef[] memory refs)
    {
        refs = new IModelRegistry.VersionRef[](1);
        refs[0] = IModelRegistry.VersionRef(modelId, version);
    }

    function test_publishVersion_without_parents_stands_on_the_base_alone() public {
        uint256 runId = _run(3);
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelVersionPublished(3, 1, runId, ARTEFACT);
        vm.expectEmit(address(models));
        emit IModelRegistry.VersionLineage(3, 1, OTHER_BASE, new uint32[](0), new uint32[](0));
        models.publishVersion(3, runId);
        IModelRegistry.Version memory version = models.versionOf(3, 1);
        vm.assertEq(version.artefactHash, ARTEFACT, "artefact");
        vm.assertEq(version.baseModelHash, OTHER_BASE, "base");
        vm.assertEq(version.runId, runId, "run");
        vm.assertEq(version.parents.length, 0, "parents");
        vm.assertEq(models.versionOf(3, 2).runId, 0, "no second version");
    }

    function test_publishVersion_names_the_parents_of_a_merge() public {
        _publish(1);
        _publish(2);
        _publish(2);
        uint32[] memory parentModels = new uint32[](2);
        uint32[] memory parentVersions = new uint32[](2);
        (parentModels[0], parentVersions[0]) = (1, 1);
        (parentModels[1], parentVersions[1]) = (2, 2);
        uint256 runId = _run(1);
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelVersionPublished(1, 2, runId, ARTEFACT);
        vm.expectEmit(address(models));
        emit IModelRegistry.VersionLineage(1, 2, BASE, parentModels, parentVersions);
        models.publishVersion(1, runId, _refs(1, 1, 2, 2));
        IModelRegistry.Version memory version = models.versionOf(1, 2);
        vm.assertEq(version.parents.length, 2, "parents");
        vm.assertEq(version.parents[0].modelId, 1, "first model");
        vm.assertEq(version.parents[0].version, 1, "first version");
        vm.assertEq(version.parents[1].modelId, 2, "second model");
        vm.assertEq(version.parents[1].version, 2, "second version");
    }

    function test_publishVersion_refuses_parents_that_do_not_exist() public {
        _publish(1);
        bytes4 unknown = IModelRegistry.UnknownVersion.selector;
        uint256 runId = _run(1);
        vm.expectRevert(abi.encodeWithSelector(unknown, 2, 1));
        models.publishVersion(1, runId, _ref(2, 1));
        vm.expectRevert(abi.encodeWithSelector(unknown, 1, 2));
        models.publishVersion(1, runId, _ref(1, 2));
        vm.expectRevert(abi.encodeWithSelector(unknown, 0, 1));
        models.publishVersion(1, runId, _ref(0, 1));
        models.publishVersion(1, runId, _ref(1, 1));
    }

    function test_publishVersion_refuses_parents_out_of_order() public {
        _publish(1);
        _publish(1);
        _publish(2);
        uint256 runId = _run(1);
        bytes4 misordered = IModelRegistry.MisorderedParents.selector;
        vm.expectRevert(abi.encodeWithSelector(misordered, 1));
        models.publishVersion(1, runId, _refs(1, 1, 1, 1));
        vm.expectRevert(abi.encodeWithSelector(misordered, 1));
        models.publishVersion(1, runId, _refs(1, 2, 1, 1));
        vm.expectRevert(abi.encodeWithSelector(misordered, 1));
        models.publishVersion(1, runId, _refs(2, 1, 1, 2));
        vm.expectRevert(abi.encodeWithSelector(misordered, 0));
        models.publishVersion(1, runId, _ref(0, 0));
        models.publishVersion(1, runId, _refs(1, 2, 2, 1));
    }

    function test_publishVersion_refuses_a_parent_on_another_base() public {
        _publish(3);
        uint256 runId = _run(1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.BaseMismatch.selector, 3, 1));
        models.publishVersion(1, runId, _ref(3, 1));
    }

    function test_publishVersion_accepts_8_parents_and_no_more() public {
        IModelRegistry.VersionRef[] memory nine = new IModelRegistry.VersionRef[](9);
        IModelRegistry.VersionRef[] memory eight = new IModelRegistry.VersionRef[](8);
        for (uint32 i; i < 9; ++i) {
            nine[i] = IModelRegistry.VersionRef(1, _publish(1));
            if (i < 8) eight[i] = nine[i];
        }
        uint256 runId = _run(2);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.TooManyParents.selector, 9));
        models.publishVersion(2, runId, nine);
        models.publishVersion(2, runId, eight);
        vm.assertEq(models.versionOf(2, 1).parents.length, 8, "parents");
    }

    function test_publishVersion_with_parents_makes_the_checks_of_the_other() public {
        _publish(1);
        uint256 runId = _run(2);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, 2, STRANGER));
        vm.prank(STRANGER);
        models.publishVersion(2, runId, _ref(1, 1));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownRun.selector, 1, runId));
        models.publishVersion(1, runId, _ref(1, 1));
        models.publishVersion(2, runId, _ref(1, 1));
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RunAlreadyPublished.selector, runId, 1));
        models.publishVersion(2, runId, _ref(1, 1));
    }

    function testFuzz_lineage_in_ascending_order_is_kept_as_given(uint256 seed) public {
        for (uint256 i; i < 4; ++i) {
            _publish(1);
            _publish(2);
        }
        uint256 count;
        for (uint256 i; i < 8; ++i) {
            count += seed >> i & 1;
        }
        IModelRegistry.VersionRef[] memory parents = new IModelRegistry.VersionRef[](count);
        uint256 next;
        for (uint32 i; i < 8; ++i) {
            if (seed >> i & 1 == 0) continue;
            parents[next++] = IModelRegistry.VersionRef(1 + i / 4, 1 + i % 4);
        }
        uint32 version = _publishOn(2, parents);
        vm.assertEq(
            keccak256(abi.encode(models.versionOf(2, version).parents)),
            keccak256(abi.encode(parents)),
            "lineage"
        );
    }

    function test_setModelStatus_stops_versions_and_terms_and_can_be_undone() public {
        models.setTerms(1, 10, 20, 1000, 2000, 500, 6500, 3000);
        uint256 runId = _run(1);
        vm.assertTrue(models.statusOf(1) == IModelRegistry.ModelStatus.Active, "active");
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelStatusChanged(
            1, IModelRegistry.ModelStatus.Active, IModelRegistry.ModelStatus.Retired
        );
        models.setModelStatus(1, IModelRegistry.ModelStatus.Retired);
        vm.assertTrue(models.statusOf(1) == IModelRegistry.ModelStatus.Retired, "retired");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelNotActive.selector, 1));
        models.publishVersion(1, runId);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ModelNotActive.selector, 1));
        models.setTerms(1, 10, 20, 1000, 2000, 500, 6500, 3000);
        vm.assertEq(models.termsOf(1, 1).pricePer1kIn, 10, "old terms stay");
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelStatusChanged(
            1, IModelRegistry.ModelStatus.Retired, IModelRegistry.ModelStatus.Active
        );
        models.setModelStatus(1, IModelRegistry.ModelStatus.Active);
        models.publishVersion(1, runId);
    }

    function test_setModelStatus_refuses_strangers_none_and_no_change() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, 4));
        models.setModelStatus(4, IModelRegistry.ModelStatus.Retired);
        vm.assertTrue(models.statusOf(4) == IModelRegistry.ModelStatus.None, "none");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, 1, STRANGER));
        vm.prank(STRANGER);
        models.setModelStatus(1, IModelRegistry.ModelStatus.Retired);
        bytes4 invalid = IModelRegistry.InvalidStatus.selector;
        vm.expectRevert(abi.encodeWithSelector(invalid, 1, IModelRegistry.ModelStatus.Active));
        models.setModelStatus(1, IModelRegistry.ModelStatus.Active);
        vm.expectRevert(abi.encodeWithSelector(invalid, 1, IModelRegistry.ModelStatus.None));
        models.setModelStatus(1, IModelRegistry.ModelStatus.None);
    }

    function test_recordLds_is_for_the_trainer_once() public {
        vm.prank(CONTRIBUTOR);
        uint256 runId = _run(1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotTrainer.selector, runId, address(this)));
        models.recordLds(runId, 1, 1, REPORT);
        vm.expectEmit(address(models));
        emit IModelRegistry.LdsRecorded(runId, 1, CONTRIBUTOR, -250_000, 40, REPORT, true);
        vm.prank(CONTRIBUTOR);
        models.recordLds(runId, -250_000, 40, REPORT);
        IModelRegistry.Lds memory lds = models.ldsOf(runId, CONTRIBUTOR);
        vm.assertTrue(lds.ldsMicros == -250_000, "score");
        vm.assertEq(lds.queries, 40, "queries");
        vm.assertEq(models.ldsOf(runId, VALIDATOR).queries, 0, "nobody else's");
        vm.expectRevert(
            abi.encodeWithSelector(IModelRegistry.LdsAlreadyRecorded.selector, runId, CONTRIBUTOR)
        );
        vm.prank(CONTRIBUTOR);
        models.recordLds(runId, 1, 1, REPORT);
    }

    function test_recordLds_refuses_a_run_that_was_never_recorded() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotTrainer.selector, 9, address(this)));
        models.recordLds(9, 1, 1, REPORT);
    }

    function test_attestLds_stands_beside_the_trainers_under_the_validators_name() public {
        uint256 runId = _run(2);
        models.recordLds(runId, 500_000, 40, REPORT);
        vm.expectEmit(address(models));
        emit IModelRegistry.LdsRecorded(runId, 2, VALIDATOR, 300_000, 64, REPORT, false);
        vm.prank(VALIDATOR);
        models.attestLds(runId, 300_000, 64, REPORT);
        vm.assertTrue(models.ldsOf(runId, address(this)).ldsMicros == 500_000, "trainer's");
        vm.assertTrue(models.ldsOf(runId, VALIDATOR).ldsMicros == 300_000, "validator's");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.LdsAlreadyRecorded.selector, runId, VALIDATOR));
        vm.prank(VALIDATOR);
        models.attestLds(runId, 1, 1, REPORT);
        vm.prank(OTHER_VALIDATOR);
        models.attestLds(runId, 1, 1, REPORT);
    }

    function test_attestLds_by_a_validator_who_trained_is_marked_as_the_trainers() public {
        vm.prank(VALIDATOR);
        uint256 runId = _run(1);
        vm.expectEmit(address(models));
        emit IModelRegistry.LdsRecorded(runId, 1, VALIDATOR, 1, 1, REPORT, true);
        vm.prank(VALIDATOR);
        models.attestLds(runId, 1, 1, REPORT);
    }

    function test_attestLds_is_for_validators_and_known_runs() public {
        uint256 runId = _run(1);
        _expectUnauthorized(address(this));
        models.attestLds(runId, 1, 1, REPORT);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownRun.selector, 0, 9));
        vm.prank(VALIDATOR);
        models.attestLds(9, 1, 1, REPORT);
    }

    function test_an_lds_needs_queries_and_a_report() public {
        uint256 runId = _run(1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidLds.selector, 1, 0));
        models.recordLds(runId, 1, 0, REPORT);
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.recordLds(runId, 1, 1, 0);
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        vm.prank(VALIDATOR);
        models.attestLds(runId, 1, 1, 0);
    }

    function testFuzz_an_lds_is_a_correlation(int32 ldsMicros) public {
        _checkLds(ldsMicros);
        _checkLds(1_000_000);
        _checkLds(1_000_001);
        _checkLds(-1_000_000);
        _checkLds(-1_000_001);
    }

    function _checkLds(int32 ldsMicros) private {
        uint256 runId = _run(1);
        if (ldsMicros > 1_000_000 || ldsMicros < -1_000_000) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidLds.selector, ldsMicros, 1));
        }
        models.recordLds(runId, ldsMicros, 1, REPORT);
    }

    function test_registerModel_needs_access_to_every_datanet() public {
        datanets.createDatanet(0, "", 0, TEXT, APPROVAL);
        ids.push(2);
        models.registerModel("of-the-owner", BASE, ids);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NoAccess.selector, 2, STRANGER));
        vm.prank(STRANGER);
        models.registerModel("of-a-stranger", BASE, ids);
        datanets.grantAccess(2, STRANGER, uint64(START + 1));
        vm.prank(STRANGER);
        models.registerModel("of-a-stranger", BASE, ids);
    }

    function test_setTerms_leaves_the_platform_its_minimum() public {
        vm.assertEq(models.minPlatformBps(), 100, "minimum");
        models.setTerms(1, 1, 1, 100, 9900, 0, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.PlatformShareTooLow.selector, 99));
        models.setTerms(1, 1, 1, 99, 9901, 0, 0, 0);
    }

    function test_recordTrainingRun_keeps_the_trainer() public {
        vm.prank(CONTRIBUTOR);
        uint256 runId = _run(1);
        vm.assertEq(models.runOf(runId).trainer, CONTRIBUTOR, "trainer");
    }
}
