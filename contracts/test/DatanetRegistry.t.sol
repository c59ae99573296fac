// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "../src/interfaces/IDatanetRegistry.sol";
import {RegistryFixture} from "./RegistryFixture.sol";

contract DatanetRegistryTest is RegistryFixture {
    bytes32 private constant ROOT = keccak256("root");
    bytes32 private constant LEAVES = keccak256("leaves");
    IDatanetRegistry.ContributionStatus private constant SUBMITTED =
    IDatanetRegistry.ContributionStatus.Submitted;

    function _submit() private returns (uint256) {
        datanets.createDatanet(ROOT, "ipfs://meta", 1);
        vm.prank(CONTRIBUTOR);
        return datanets.submitContribution(1, ROOT, 10, 2048, LEAVES);
    }

    function test_createDatanet_numbers_from_one_and_belongs_to_the_caller() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetCreated(1, address(this), ROOT, "ipfs://meta", 5);
        vm.assertEq(datanets.createDatanet(ROOT, "ipfs://meta", 5), 1, "first id");
        vm.prank(STRANGER);
        vm.assertEq(datanets.createDatanet(0, "", 0), 2, "second id");
        vm.assertEq(datanets.ownerOf(1), address(this), "owner of 1");
        vm.assertEq(datanets.ownerOf(2), STRANGER, "owner of 2");
        vm.assertEq(datanets.ownerOf(3), address(0), "owner of none");
        vm.assertEq(datanets.datanetCount(), 2, "count");
    }

    function test_createDatanet_accepts_a_uri_of_1024_bytes_and_no_more() public {
        datanets.createDatanet(ROOT, string(new bytes(1024)), 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UriTooLong.selector, 1025));
        datanets.createDatanet(ROOT, string(new bytes(1025)), 1);
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
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, 1, CONTRIBUTOR));
        vm.prank(CONTRIBUTOR);
        datanets.acceptContribution(id);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionAccepted(1, id, address(this));
        datanets.acceptContribution(id);
        _expectNotPending(id, IDatanetRegistry.ContributionStatus.Accepted);
        datanets.acceptContribution(id);
        _expectNotPending(id, IDatanetRegistry.ContributionStatus.Accepted);
        datanets.rejectContribution(id, 1);
    }

    function test_rejectContribution_is_for_the_owner_and_is_final() public {
        uint256 id = _submit();
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, 1, CONTRIBUTOR));
        vm.prank(CONTRIBUTOR);
        datanets.rejectContribution(id, 9);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRejected(1, id, address(this), 9);
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
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, 1, STRANGER));
        vm.prank(STRANGER);
        datanets.acceptContribution(id);
    }

    function _expectNotPending(uint256 id, IDatanetRegistry.ContributionStatus status) private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionNotPending.selector, id, status));
    }
}
