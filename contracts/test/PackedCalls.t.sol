// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PackedCalls} from "../src/libraries/PackedCalls.sol";
import {Call} from "./Lanes.sol";
import {LedgerFixture} from "./LedgerFixture.sol";

contract PackedCallsTest is LedgerFixture {
    using PackedCalls for bytes;

    function sumLane(bytes calldata data, uint256 first, uint256 end, bytes32 chain)
        external
        pure
        returns (PackedCalls.LaneSums memory)
    {
        return data.sumLane(first, end, chain);
    }

    function testFuzz_packed_records_are_read_as_they_were_written(Call memory c, uint8 before, bytes32 chain)
        public
        view
    {
        Call[] memory calls = new Call[](uint256(before % 4) + 2);
        uint256 last = calls.length - 1;
        calls[last - 1] = c;
        calls[last] =
            Call(c.payer, c.modelId, c.modelVersion ^ 1, c.termsVersion, c.fee / 2, keccak256(abi.encode(c)));
        PackedCalls.LaneSums memory sums = this.sumLane(_pack(calls), last - 1, last + 1, chain);
        (address who, uint32 modelId, uint16 terms) = PackedCalls.unpackLaneKey(sums.key);
        vm.assertEq(who, c.payer, "payer");
        vm.assertEq(modelId, c.modelId, "model");
        vm.assertEq(terms, c.termsVersion, "terms");
        vm.assertEq(
            PackedCalls.packLaneKey(c.payer, c.modelId, c.termsVersion), sums.key, "packed as it was read"
        );
        vm.assertEq(sums.fees, uint256(c.fee) + c.fee / 2, "fees");
        chain = keccak256(abi.encodePacked(chain, c.requestHash));
        vm.assertEq(
            sums.callsChain, keccak256(abi.encodePacked(chain, calls[last].requestHash)), "hash chain"
        );
        vm.assertEq(sums.next, last + 1, "all of them");
    }

    function test_fees_of_the_greatest_records_do_not_overflow() public view {
        Call[] memory calls = _calls(address(1), 20, type(uint96).max, 1);
        vm.assertEq(this.sumLane(_pack(calls), 0, 20, 0).fees, 20 * uint256(type(uint96).max), "fees");
    }

    function test_a_lane_ends_before_the_first_record_with_another_key() public view {
        for (uint256 field; field < 3; ++field) {
            Call[] memory calls = _calls(address(1), 5, 10, 1);
            if (field == 0) calls[3].payer = address(2);
            if (field == 1) calls[3].modelId = MODEL + 1;
            if (field == 2) calls[3].termsVersion = TERMS + 1;
            PackedCalls.LaneSums memory sums = this.sumLane(_pack(calls), 1, 5, 0);
            vm.assertEq(sums.next, 3, "next");
            vm.assertEq(sums.fees, 20, "fees");
        }
    }
}
