// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IModelRegistry} from "../src/interfaces/IModelRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract ModelRegistryTest is RegistryFixture {
    bytes32 private constant BASE = keccak256("base");
    bytes32 private constant ARTEFACT = keccak256("artefact");
    uint256[] private ids;

    function setUp() public override {
        super.setUp();
        datanets.createDatanet(0, "", 0);
        datanets.createDatanet(0, "", 0);
        ids.push(1);
    }

    function _register() private returns (uint256) {
        return models.registerModel("solidity-helper", BASE, ids);
    }

    function _run(uint256 modelId) private returns (uint256) {
        return models.recordTrainingRun(modelId, BASE, BASE, BASE, ARTEFACT);
    }

    function test_registerModel_numbers_from_one_and_belongs_to_the_caller() public {
        ids.push(2);
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelRegistered(1, address(this), "solidity-helper", BASE, ids);
        vm.assertEq(_register(), 1, "id");
        vm.assertEq(models.modelOf(1).owner, address(this), "owner");
        vm.assertEq(models.modelIdOf("solidity-helper"), 1, "by name");
        vm.assertEq(models.modelIdOf("nobody"), 0, "free name");
        vm.assertEq(models.modelCount(), 1, "count");
        vm.assertEq(address(models.datanets()), address(datanets), "datanets");
    }

    function test_registerModel_refuses_a_name_twice_even_for_its_owner() public {
        _register();
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NameTaken.selector, "solidity-helper", 1));
        _register();
    }

    function test_registerModel_accepts_the_shortest_and_the_longest_name() public {
        models.registerModel("a-0", BASE, ids);
        models.registerModel("abcdefghijklmnopqrstuvwxyz-01239", BASE, ids);
    }

    function test_registerModel_refuses_names_outside_the_alphabet() public {
        string[8] memory names =
            ["ab", "abcdefghijklmnopqrstuvwxyz-012345", "Abc", "a b", "ab_", "ab`", unicode"abé", "ab/"];
        for (uint256 i; i < names.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidName.selector, names[i]));
            models.registerModel(names[i], BASE, ids);
        }
    }

    function testFuzz_registerModel_accepts_exactly_the_alphabet(bytes1 c) public {
        bool valid = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-";
        string memory name = string(abi.encodePacked("ab", c));
        if (!valid) vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidName.selector, name));
        models.registerModel(name, BASE, ids);
    }

    function test_registerModel_refuses_a_base_model_without_hash() public {
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.registerModel("abc", 0, ids);
    }

    function test_registerModel_needs_existing_datanets_in_order() public {
        uint256[] memory none = new uint256[](0);
        vm.expectRevert(IModelRegistry.InvalidDatanets.selector);
        models.registerModel("abc", BASE, none);
        ids.push(1);
        vm.expectRevert(IModelRegistry.InvalidDatanets.selector);
        models.registerModel("abc", BASE, ids);
        ids[1] = 3;
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownDatanet.selector, 3));
        models.registerModel("abc", BASE, ids);
    }

    function test_registerModel_accepts_64_datanets_and_no_more() public {
        uint256[] memory many = new uint256[](65);
        for (uint256 i; i < 65; ++i) {
            datanets.createDatanet(0, "", 0);
            many[i] = i + 1;
        }
        vm.expectRevert(IModelRegistry.InvalidDatanets.selector);
        models.registerModel("abc", BASE, many);
        uint256[] memory most = new uint256[](64);
        for (uint256 i; i < 64; ++i) {
            most[i] = i + 1;
        }
        models.registerModel("abc", BASE, most);
    }

    function test_recordTrainingRun_names_the_trainer() public {
        _register();
        vm.expectEmit(address(models));
        emit IModelRegistry.TrainingRunRecorded(1, 1, STRANGER, "dataset", "config", "order", ARTEFACT);
        vm.prank(STRANGER);
        vm.assertEq(models.recordTrainingRun(1, "dataset", "config", "order", ARTEFACT), 1, "id");
        vm.assertEq(models.runOf(1).artefactHash, ARTEFACT, "artefact");
        vm.assertEq(models.runOf(1).modelId, 1, "model");
        vm.assertEq(models.runCount(), 1, "count");
    }

    function test_recordTrainingRun_refuses_unknown_models_and_missing_hashes() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, 1));
        _run(1);
        _register();
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.recordTrainingRun(1, 0, BASE, BASE, ARTEFACT);
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.recordTrainingRun(1, BASE, 0, BASE, ARTEFACT);
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.recordTrainingRun(1, BASE, BASE, 0, ARTEFACT);
        vm.expectRevert(IModelRegistry.ZeroHash.selector);
        models.recordTrainingRun(1, BASE, BASE, BASE, 0);
    }

    function test_publishVersion_numbers_per_model_from_one() public {
        _register();
        models.registerModel("other", BASE, ids);
        _run(1);
        _run(2);
        _run(1);
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelVersionPublished(1, 1, 3, ARTEFACT);
        vm.assertEq(models.publishVersion(1, 3), 1, "first of model 1");
        vm.assertEq(models.publishVersion(2, 2), 1, "first of model 2");
        vm.assertEq(models.publishVersion(1, 1), 2, "second of model 1");
        vm.assertEq(models.runOf(1).version, 2, "version of the run");
        vm.assertEq(models.modelOf(1).versions, 2, "versions of the model");
    }

    function test_publishVersion_refuses_strangers_foreign_runs_and_repeats() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, 1));
        models.publishVersion(1, 1);
        _register();
        models.registerModel("other", BASE, ids);
        uint256 foreign = _run(2);
        uint256 own = _run(1);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, 1, STRANGER));
        vm.prank(STRANGER);
        models.publishVersion(1, own);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownRun.selector, 1, foreign));
        models.publishVersion(1, foreign);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownRun.selector, 1, 99));
        models.publishVersion(1, 99);
        models.publishVersion(1, own);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RunAlreadyPublished.selector, own, 1));
        models.publishVersion(1, own);
    }

    function test_setTerms_appends_and_never_changes_an_old_version() public {
        _register();
        vm.warp(START + 5000);
        vm.expectEmit(address(models));
        emit IModelRegistry.TermsSet(1, 1, 10, 20, 1000, 2000, 500, 6500, 3000, uint64(START + 5000));
        vm.assertEq(models.setTerms(1, 10, 20, 1000, 2000, 500, 6500, 3000), 1, "first");
        vm.assertEq(models.setTerms(1, 11, 21, 100, 0, 0, 9900, 10_000), 2, "second");
        IModelRegistry.Terms memory first = models.termsOf(1, 1);
        vm.assertEq(first.pricePer1kIn, 10, "in");
        vm.assertEq(first.pricePer1kOut, 20, "out");
        vm.assertEq(first.platformBps, 1000, "platform");
        vm.assertEq(first.ownerBps, 2000, "owner");
        vm.assertEq(first.stakersBps, 500, "stakers");
        vm.assertEq(first.contributorsBps, 6500, "contributors");
        vm.assertEq(first.retrievalBps, 3000, "retrieval");
        vm.assertEq(first.validFrom, START + 5000, "valid from");
        vm.assertEq(models.termsOf(1, 3).validFrom, 0, "no third");
        vm.assertEq(models.modelOf(1).terms, 2, "count");
    }

    function test_setTerms_is_for_the_owner() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, 1));
        models.setTerms(1, 1, 1, 10_000, 0, 0, 0, 0);
        _register();
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.NotModelOwner.selector, 1, STRANGER));
        vm.prank(STRANGER);
        models.setTerms(1, 1, 1, 10_000, 0, 0, 0, 0);
    }

    function testFuzz_setTerms_accepts_exactly_whole_shares(uint16 a, uint16 b, uint16 c, uint16 d, uint16 r)
        public
    {
        _register();
        uint256 sum = uint256(a) + b + c + d;
        if (sum != 10_000) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.SharesNotWhole.selector, sum));
        } else if (a < 100) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.PlatformShareTooLow.selector, a));
        } else if (r > 10_000) {
            vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RetrievalShareTooHigh.selector, r));
        }
        models.setTerms(1, 1, 1, a, b, c, d, r);
    }

    function testFuzz_setTerms_accepts_every_split_of_the_whole(uint256 a, uint256 b, uint256 c) public {
        _register();
        a = bound(a, 100, 10_000);
        b = bound(b, 0, 10_000 - a);
        c = bound(c, 0, 10_000 - a - b);
        models.setTerms(1, 1, 1, uint16(a), uint16(b), uint16(c), uint16(10_000 - a - b - c), 10_000);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.RetrievalShareTooHigh.selector, 10_001));
        models.setTerms(1, 1, 1, uint16(a), uint16(b), uint16(c), uint16(10_000 - a - b - c), 10_001);
    }
}
