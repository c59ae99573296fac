// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Genesis} from "../src/Genesis.sol";
import {ProvenantAccess} from "../src/ProvenantAccess.sol";
import {TestBase} from "./Base.sol";

/// @dev Two of these hold each other's address.
contract Partner {
    address public immutable partner;
    uint256 public value;

    error Refused();

    constructor(address partner_) {
        partner = partner_;
    }

    function set(uint256 value_) external {
        if (value_ == 0) revert Refused();
        value = value_;
    }
}

contract Failing {
    constructor() {
        assembly ("memory-safe") {
            revert(0, 0)
        }
    }
}

contract GenesisTest is TestBase {
    function _reference(uint256 offset, uint8 number) private pure returns (Genesis.Reference[] memory list) {
        list = new Genesis.Reference[](1);
        list[0] = Genesis.Reference(uint32(offset), number);
    }

    function _partner(uint8 number) private pure returns (Genesis.Step memory) {
        bytes memory initCode = abi.encodePacked(type(Partner).creationCode, abi.encode(address(0)));
        return Genesis.Step(0, initCode, _reference(initCode.length - 20, number));
    }

    function _call(uint8 target, uint256 value) private pure returns (Genesis.Step memory) {
        return Genesis.Step(target, abi.encodeCall(Partner.set, (value)), new Genesis.Reference[](0));
    }

    function _plan() private pure returns (Genesis.Step[] memory steps) {
        steps = new Genesis.Step[](4);
        steps[0] = _partner(2);
        steps[1] = _partner(1);
        steps[2] = _call(1, 11);
        steps[3] = _call(2, 22);
    }

    function _slice(Genesis.Step[] memory steps, uint256 from, uint256 to)
        private
        pure
        returns (Genesis.Step[] memory part)
    {
        part = new Genesis.Step[](to - from);
        for (uint256 i = from; i < to; ++i) {
            part[i - from] = steps[i];
        }
    }

    function _hash(Genesis.Step[] memory steps, uint256 from) private pure returns (bytes32 hash) {
        for (uint256 i = steps.length; i > from; --i) {
            hash = keccak256(abi.encode(keccak256(abi.encode(steps[i - 1])), hash));
        }
    }

    function test_contractsThatReferToEachOtherAreCreatedInOneRun() public {
        Genesis.Step[] memory steps = _plan();
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(steps, 0);
        Partner first = Partner(genesis.addressOf(1));
        Partner second = Partner(genesis.addressOf(2));
        vm.assertEq(first.partner(), address(second), "first knows second");
        vm.assertEq(second.partner(), address(first), "second knows first");
        vm.assertEq(first.value(), 11, "first was called");
        vm.assertEq(second.value(), 22, "second was called");
        vm.assertEq(genesis.remaining(), bytes32(0), "done");
        vm.assertEq(genesis.contractCount(), 2, "two contracts");
    }

    function testFuzz_thePlanMayBeCutAnywhereByAnybody(uint256 cut, address caller) public {
        Genesis.Step[] memory steps = _plan();
        cut = bound(cut, 0, steps.length);
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(_slice(steps, 0, cut), _hash(steps, cut));
        vm.prank(caller);
        genesis.run(_slice(steps, cut, steps.length), 0);
        vm.assertEq(Partner(genesis.addressOf(2)).value(), 22, "finished by somebody else");
    }

    function testFuzz_nobodyRunsAnotherPlan(uint8 which, uint256 value) public {
        Genesis.Step[] memory steps = _plan();
        bytes32 planned = _hash(steps, 0);
        Genesis genesis = new Genesis(planned);
        if (which % 4 == 0) steps[2] = _call(1, value == 11 ? 12 : value);
        else if (which % 4 == 1) (steps[2], steps[3]) = (steps[3], steps[2]);
        else if (which % 4 == 2) steps[0].references[0].number = 3;
        else steps = _slice(steps, 1, 4);
        vm.expectRevert(abi.encodeWithSelector(Genesis.NotThePlan.selector, planned, _hash(steps, 0)));
        genesis.run(steps, 0);
        vm.assertEq(genesis.remaining(), planned, "nothing was done");
    }

    function test_noStepRunsTwice() public {
        Genesis.Step[] memory steps = _plan();
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(steps, 0);
        vm.expectRevert(abi.encodeWithSelector(Genesis.NotThePlan.selector, bytes32(0), _hash(steps, 0)));
        genesis.run(steps, 0);
        Genesis.Step[] memory none = new Genesis.Step[](0);
        genesis.run(none, 0);
        vm.assertEq(genesis.contractCount(), 2, "still two contracts");
    }

    function test_noStepIsAddedAfterTheLast() public {
        Genesis.Step[] memory steps = _plan();
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(steps, 0);
        Genesis.Step[] memory more = new Genesis.Step[](1);
        more[0] = _call(1, 99);
        vm.expectRevert(abi.encodeWithSelector(Genesis.NotThePlan.selector, bytes32(0), _hash(more, 0)));
        genesis.run(more, 0);
    }

    function test_aFailingStepUndoesTheWholeCallAndCanBeTriedAgain() public {
        Genesis.Step[] memory steps = _plan();
        steps[3] = _call(2, 0);
        bytes32 planned = _hash(steps, 0);
        Genesis genesis = new Genesis(planned);
        vm.expectRevert(Partner.Refused.selector);
        genesis.run(steps, 0);
        vm.assertEq(genesis.remaining(), planned, "nothing was done");
        vm.assertEq(genesis.contractCount(), 0, "no contract is left");
    }

    function test_aFailingConstructorIsNamed() public {
        Genesis.Step[] memory steps = new Genesis.Step[](1);
        steps[0] = Genesis.Step(0, type(Failing).creationCode, new Genesis.Reference[](0));
        Genesis genesis = new Genesis(_hash(steps, 0));
        vm.expectRevert(Genesis.CreationFailed.selector);
        genesis.run(steps, 0);
    }

    function test_aReferenceBeyondTheDataIsRefused() public {
        Genesis.Step[] memory steps = new Genesis.Step[](1);
        steps[0] = _partner(1);
        uint32 offset = steps[0].references[0].offset + 1;
        steps[0].references[0].offset = offset;
        Genesis genesis = new Genesis(_hash(steps, 0));
        vm.expectRevert(abi.encodeWithSelector(Genesis.InvalidReference.selector, offset, 1));
        genesis.run(steps, 0);
    }

    function test_aReferenceToANumberWithoutAddressIsRefused() public {
        Genesis.Step[] memory steps = new Genesis.Step[](1);
        steps[0] = _partner(128);
        Genesis genesis = new Genesis(_hash(steps, 0));
        vm.expectRevert(
            abi.encodeWithSelector(Genesis.InvalidReference.selector, steps[0].references[0].offset, 128)
        );
        genesis.run(steps, 0);
    }

    function testFuzz_aReferenceChangesOnlyItsTwentyBytes(uint8 number, bytes32 before, bytes32 after_)
        public
    {
        number = uint8(bound(number, 0, 127));
        Genesis.Step[] memory steps = new Genesis.Step[](2);
        Recorder recorder;
        bytes memory data = abi.encodePacked(before, address(0), after_);
        steps[0] = Genesis.Step(0, type(Recorder).creationCode, new Genesis.Reference[](0));
        steps[1] = Genesis.Step(1, data, _reference(32, number));
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(steps, 0);
        recorder = Recorder(genesis.addressOf(1));
        bytes memory expected = abi.encodePacked(before, genesis.addressOf(number), after_);
        vm.assertEq(recorder.dataHash(), keccak256(expected), "only the address changed");
    }

    function test_addressesFollowTheOrderOfCreation() public {
        Genesis genesis = new Genesis(0);
        for (uint8 number = 1; number <= 127; ++number) {
            vm.assertEq(
                genesis.addressOf(number), vm.computeCreateAddress(address(genesis), number), "CREATE address"
            );
        }
        vm.assertEq(genesis.addressOf(0), address(genesis), "itself");
    }

    function test_theAdminOfThePlanIsTheOnlyOneLeft() public {
        address admin = address(0xA11CE);
        bytes memory initCode = abi.encodePacked(type(ProvenantAccess).creationCode, abi.encode(address(0)));
        Genesis.Step[] memory steps = new Genesis.Step[](3);
        steps[0] = Genesis.Step(0, initCode, _reference(initCode.length - 20, 0));
        steps[1] = Genesis.Step(
            1,
            abi.encodeWithSignature("grantRole(uint64,address,uint32)", 0, admin, 0),
            new Genesis.Reference[](0)
        );
        bytes memory renounce = abi.encodeWithSignature("renounceRole(uint64,address)", 0, address(0));
        steps[2] = Genesis.Step(1, renounce, _reference(renounce.length - 20, 0));
        Genesis genesis = new Genesis(_hash(steps, 0));
        genesis.run(steps, 0);
        ProvenantAccess access = ProvenantAccess(genesis.addressOf(1));
        (bool adminHolds,) = access.hasRole(0, admin);
        (bool genesisHolds,) = access.hasRole(0, address(genesis));
        vm.assertTrue(adminHolds && !genesisHolds, "handed over");
    }
}

contract Recorder {
    bytes32 public dataHash;

    fallback() external {
        dataHash = keccak256(msg.data);
    }
}
