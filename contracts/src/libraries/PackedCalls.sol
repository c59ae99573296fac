// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Reads the records of codec 1
/// @dev Big-endian offsets: payer 0, modelId 20, modelVersion 24, termsVersion 26, fee 28, tokensIn 40,
/// tokensOut 44, timestamp 48, requestHash 52, outputHash 84. Callers check the length of `data` first.
library PackedCalls {
    uint8 internal constant CODEC = 1;
    uint256 internal constant RECORD_BYTES = 116;
    bytes32 internal constant SPEC_HASH = keccak256(
        "payer address|modelId uint32|modelVersion uint16|termsVersion uint16|fee uint96|tokensIn uint32|tokensOut uint32|timestamp uint32|requestHash bytes32|outputHash bytes32"
    );
    /// Bytes 24 and 25 hold the version of the model, which is no part of a lane.
    bytes28 private constant LANE_MASK = hex"ffffffffffffffffffffffffffffffffffffffffffffffff0000ffff";

    /// @return key payer ‖ modelId ‖ 0 ‖ termsVersion
    function laneKey(bytes calldata data, uint256 record) internal pure returns (bytes28 key) {
        return bytes28(_word(data, record * RECORD_BYTES)) & LANE_MASK;
    }

    function fee(bytes calldata data, uint256 record) internal pure returns (uint96) {
        return uint96(bytes12(_word(data, record * RECORD_BYTES + 28)));
    }

    function requestHash(bytes calldata data, uint256 record) internal pure returns (bytes32) {
        return _word(data, record * RECORD_BYTES + 52);
    }

    function packLaneKey(address payer, uint32 modelId, uint16 termsVersion) internal pure returns (bytes28) {
        return bytes28(abi.encodePacked(payer, modelId, uint16(0), termsVersion));
    }

    function unpackLaneKey(bytes28 key)
        internal
        pure
        returns (address payer, uint32 modelId, uint16 termsVersion)
    {
        // Truncation is how the fields are cut out.
        // forge-lint: disable-start(unsafe-typecast)
        payer = address(bytes20(key));
        modelId = uint32(bytes4(key << 160));
        termsVersion = uint16(bytes2(key << 208));
        // forge-lint: disable-end(unsafe-typecast)
    }

    /// @dev No bounds check: with slices, which have one, a batch of 1,000 calls cost a quarter more gas.
    function _word(bytes calldata data, uint256 offset) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }
}
