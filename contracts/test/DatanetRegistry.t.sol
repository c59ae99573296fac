// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract DatanetRegistryTest is RegistryFixture {
    function test_createDatanet_numbers_from_one_and_belongs_to_the_caller() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetCreated(1, address(this), ROOT, "ipfs://meta", 5);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetConfigured(1, TEXT, OPEN);
        vm.assertEq(datanets.createDatanet(ROOT, "ipfs://meta", 5), 1, "first id");
        vm.prank(STRANGER);
        vm.assertEq(datanets.createDatanet(0, "", 0), 2, "second id");
        vm.assertEq(datanets.ownerOf(1), address(this), "owner of 1");
        vm.assertEq(datanets.ownerOf(2), STRANGER, "owner of 2");
        vm.assertEq(datanets.ownerOf(3), address(0), "owner of none");
        vm.assertEq(datanets.datanetCount(), 2, "count");
    }

    function test_createDatanet_takes_kind_and_admission() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetCreated(1, address(this), ROOT, "ipfs://meta", 5);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetConfigured(1, IDatanetRegistry.DatanetKind.Audio, APPROVAL);
        datanets.createDatanet(ROOT, "ipfs://meta", 5, IDatanetRegistry.DatanetKind.Audio, APPROVAL);
        IDatanetRegistry.Datanet memory datanet = datanets.datanetOf(1);
        vm.assertEq(datanet.owner, address(this), "owner");
        vm.assertEq(datanet.version, 1, "version");
        vm.assertEq(datanet.licence, 5, "licence");
        vm.assertTrue(datanet.kind == IDatanetRegistry.DatanetKind.Audio, "kind");
        vm.assertTrue(datanet.admission == APPROVAL, "admission");
        vm.assertTrue(datanet.status == IDatanetRegistry.DatanetStatus.Open, "status");
        vm.assertEq(datanet.offeredTo, address(0), "offered to");
    }

    function test_createDatanet_accepts_a_uri_of_1024_bytes_and_no_more() public {
        datanets.createDatanet(ROOT, string(new bytes(1024)), 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UriTooLong.selector, 1025));
        datanets.createDatanet(ROOT, string(new bytes(1025)), 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UriTooLong.selector, 1025));
        datanets.createDatanet(ROOT, string(new bytes(1025)), 1, TEXT, OPEN);
    }

    function test_updateDatanet_counts_versions_and_changes_admission_alone() public {
        datanets.createDatanet(ROOT, "", 7);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetUpdated(1, 2, "hash", "ipfs://two", APPROVAL);
        vm.assertEq(datanets.updateDatanet(1, "hash", "ipfs://two", APPROVAL), 2, "second version");
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetUpdated(1, 3, 0, "", APPROVAL);
        vm.assertEq(datanets.updateDatanet(1, 0, "", APPROVAL), 3, "third version");
        IDatanetRegistry.Datanet memory datanet = datanets.datanetOf(1);
        vm.assertEq(datanet.version, 3, "version");
        vm.assertTrue(datanet.admission == APPROVAL, "admission");
        vm.assertEq(datanet.licence, 7, "licence");
        vm.assertTrue(datanet.kind == TEXT, "kind");
    }

    function test_updateDatanet_is_for_the_owner_and_checks_the_uri() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, 1));
        datanets.updateDatanet(1, ROOT, "", OPEN);
        datanets.createDatanet(ROOT, "", 1);
        _expectNotOwner(STRANGER);
        datanets.updateDatanet(1, ROOT, "", OPEN);
        datanets.updateDatanet(1, ROOT, string(new bytes(1024)), OPEN);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UriTooLong.selector, 1025));
        datanets.updateDatanet(1, ROOT, string(new bytes(1025)), OPEN);
    }

    function test_a_datanet_changes_hands_only_when_the_new_owner_accepts() public {
        datanets.createDatanet(ROOT, "", 1);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetOwnerOffered(1, address(this), STRANGER);
        datanets.transferDatanet(1, STRANGER);
        vm.assertEq(datanets.ownerOf(1), address(this), "still owner");
        vm.assertEq(datanets.datanetOf(1).offeredTo, STRANGER, "offered to");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotOffered.selector, 1, CONTRIBUTOR));
        vm.prank(CONTRIBUTOR);
        datanets.acceptDatanet(1);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetOwnerChanged(1, address(this), STRANGER);
        vm.prank(STRANGER);
        datanets.acceptDatanet(1);
        vm.assertEq(datanets.ownerOf(1), STRANGER, "new owner");
        vm.assertEq(datanets.datanetOf(1).offeredTo, address(0), "offer used up");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotOffered.selector, 1, STRANGER));
        vm.prank(STRANGER);
        datanets.acceptDatanet(1);
        _expectNotOwner(address(this));
        datanets.transferDatanet(1, address(this));
    }

    function test_transferDatanet_replaces_and_withdraws_offers() public {
        datanets.createDatanet(ROOT, "", 1);
        datanets.transferDatanet(1, CONTRIBUTOR);
        datanets.transferDatanet(1, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotOffered.selector, 1, CONTRIBUTOR));
        vm.prank(CONTRIBUTOR);
        datanets.acceptDatanet(1);
        datanets.transferDatanet(1, address(0));
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotOffered.selector, 1, STRANGER));
        vm.prank(STRANGER);
        datanets.acceptDatanet(1);
    }

    function test_setDatanetStatus_closes_and_opens_for_contributions() public {
        datanets.createDatanet(ROOT, "", 1);
        uint256 pending = datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetStatusChanged(
            1, IDatanetRegistry.DatanetStatus.Open, IDatanetRegistry.DatanetStatus.Closed
        );
        datanets.setDatanetStatus(1, IDatanetRegistry.DatanetStatus.Closed);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.DatanetNotOpen.selector, 1));
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
        datanets.acceptContribution(pending);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetStatusChanged(
            1, IDatanetRegistry.DatanetStatus.Closed, IDatanetRegistry.DatanetStatus.Open
        );
        datanets.setDatanetStatus(1, IDatanetRegistry.DatanetStatus.Open);
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
    }

    function test_setDatanetStatus_refuses_strangers_none_and_no_change() public {
        datanets.createDatanet(ROOT, "", 1);
        _expectNotOwner(STRANGER);
        datanets.setDatanetStatus(1, IDatanetRegistry.DatanetStatus.Closed);
        bytes4 invalid = IDatanetRegistry.InvalidStatus.selector;
        vm.expectRevert(abi.encodeWithSelector(invalid, 1, IDatanetRegistry.DatanetStatus.Open));
        datanets.setDatanetStatus(1, IDatanetRegistry.DatanetStatus.Open);
        vm.expectRevert(abi.encodeWithSelector(invalid, 1, IDatanetRegistry.DatanetStatus.None));
        datanets.setDatanetStatus(1, IDatanetRegistry.DatanetStatus.None);
    }

    function test_submitContribution_stores_and_emits_what_was_committed() public {
        datanets.createDatanet(ROOT, "", 1);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionSubmitted(1, 1, CONTRIBUTOR, ROOT, 10, 2048, LEAVES);
        vm.prank(CONTRIBUTOR);
        vm.assertEq(datanets.submitContribution(1, ROOT, 10, 2048, LEAVES), 1, "id");
        IDatanetRegistry.Contribution memory stored = datanets.contributionOf(1);
        vm.assertEq(stored.root, ROOT, "root");
        vm.assertEq(stored.contributor, CONTRIBUTOR, "contributor");
        vm.assertEq(stored.datanetId, 1, "datanet");
        vm.assertTrue(stored.status == SUBMITTED, "status");
        vm.assertEq(stored.scores, 0, "scores");
        vm.assertEq(datanets.contributionCount(), 1, "count");
    }

    function test_submitContribution_refuses_an_unknown_datanet() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, 1));
        datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
    }

    function test_submitContribution_refuses_every_kind_of_emptiness() public {
        datanets.createDatanet(ROOT, "", 1);
        bytes4 empty = IDatanetRegistry.EmptyContribution.selector;
        vm.expectRevert(empty);
        datanets.submitContribution(1, 0, 10, 2048, LEAVES);
        vm.expectRevert(empty);
        datanets.submitContribution(1, ROOT, 0, 2048, LEAVES);
        vm.expectRevert(empty);
        datanets.submitContribution(1, ROOT, 10, 0, LEAVES);
        vm.expectRevert(empty);
        datanets.submitContribution(1, ROOT, 10, 2048, 0);
    }

    function test_acceptContribution_is_for_the_owner_and_happens_once() public {
        uint256 id = _submit();
        _expectNotOwner(CONTRIBUTOR);
        datanets.acceptContribution(id);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionAccepted(1, id, address(this));
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributorStandingChanged(1, CONTRIBUTOR, 1, 0, 0, 0);
        datanets.acceptContribution(id);
        _expectNotPending(id, IDatanetRegistry.ContributionStatus.Accepted);
        datanets.acceptContribution(id);
        _expectNotPending(id, IDatanetRegistry.ContributionStatus.Accepted);
        datanets.rejectContribution(id, 1);
    }

    function test_rejectContribution_is_for_the_owner_and_is_final() public {
        uint256 id = _submit();
        _expectNotOwner(CONTRIBUTOR);
        datanets.rejectContribution(id, 9);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRejected(1, id, address(this), 9);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributorStandingChanged(1, CONTRIBUTOR, 0, 1, 0, 0);
        datanets.rejectContribution(id, 9);
        _expectNotPending(id, IDatanetRegistry.ContributionStatus.Rejected);
        datanets.acceptContribution(id);
    }

    function test_acceptContribution_refuses_what_was_never_submitted() public {
        _expectNotPending(42, IDatanetRegistry.ContributionStatus.None);
        datanets.acceptContribution(42);
    }

    function test_acceptContribution_is_not_for_the_owner_of_another_datanet() public {
        uint256 id = _submit();
        vm.prank(STRANGER);
        datanets.createDatanet(0, "", 0);
        _expectNotOwner(STRANGER);
        datanets.acceptContribution(id);
    }
}
