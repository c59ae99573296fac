// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Deploys and wires the whole contract set, once, exactly as planned
/// @notice The hash of the plan is a constructor argument, so with CREATE2 it is part of this contract's
/// address, and since every contract of the set is created by this one, of every address of the set: the
/// same plan gives the same addresses on every chain, whoever sends the transactions, and another plan
/// gives others. Anybody may run the next steps; nobody can run anything else, leave a step out or change
/// the order. This contract holds the admin role only between the first and the last step: the plan ends
/// by giving it to the configured admin and renouncing it.
/// @dev Contracts refer to each other by their number in order of creation, because a plan that held
/// addresses would hold its own hash. A number may be referred to before its contract exists.
contract Genesis {
    /// @notice A place in a step's data that takes the address of a contract.
    /// @param offset First of the 20 bytes.
    /// @param number The contract in order of creation from 1; 0 is this contract.
    struct Reference {
        uint32 offset;
        uint8 number;
    }

    /// @notice One contract creation or one call.
    /// @param target 0 creates a contract from `data`; else the number of the contract that is called.
    /// @param data Init code or call data with the addresses still missing.
    /// @param references Where the addresses go.
    struct Step {
        uint8 target;
        bytes data;
        Reference[] references;
    }

    /// @dev Larger nonces would need another RLP encoding.
    uint8 private constant MAX_NUMBER = 127;

    /// @notice Hash of the steps still to do; 0 when the plan is done.
    bytes32 public remaining;
    /// @notice How many contracts were created.
    uint8 public contractCount;
    /// @notice Block of this contract's creation: none of its contracts has a log below it.
    uint256 public immutable createdAt;

    /// @notice The plan's first emission.
    /// @param planHash Hash of all steps.
    event PlanSet(bytes32 planHash);
    /// @notice A contract was created.
    /// @param number Its number in order of creation.
    /// @param created Its address.
    event ContractCreated(uint8 indexed number, address indexed created);
    /// @notice Steps were done.
    /// @param remaining Hash of the steps still to do; 0 when the plan is done.
    event StepsRun(bytes32 remaining);

    /// @notice These are not the next steps of the plan.
    /// @param expected Hash of the remaining steps.
    /// @param actual Hash of what was passed.
    error NotThePlan(bytes32 expected, bytes32 actual);
    /// @notice A reference points outside its step's data or to no contract.
    /// @param offset Where it points.
    /// @param number What it refers to.
    error InvalidReference(uint32 offset, uint8 number);
    /// @notice A constructor of the plan failed without a reason.
    error CreationFailed();

    /// @notice Sets the plan.
    /// @param planHash `h_1`, where `h_n+1 = 0` and `h_i = keccak256(abi.encode(keccak256(abi.encode(step_i)), h_i+1))`.
    constructor(bytes32 planHash) {
        remaining = planHash;
        createdAt = block.number;
        emit PlanSet(planHash);
    }

    /// @notice Does the next steps of the plan. Anybody may call; a failing step undoes the whole call.
    /// @param steps The next steps, in order; the plan may be cut anywhere.
    /// @param rest Hash of the steps after them; 0 after the last.
    function run(Step[] calldata steps, bytes32 rest) external {
        bytes32 hash = rest;
        for (uint256 i = steps.length; i > 0; --i) {
            hash = keccak256(abi.encode(keccak256(abi.encode(steps[i - 1])), hash));
        }
        if (hash != remaining) revert NotThePlan(remaining, hash);
        remaining = rest;
        for (uint256 i; i < steps.length; ++i) {
            _run(steps[i]);
        }
        emit StepsRun(rest);
    }

    /// @notice Address of a contract of the set, also before it exists.
    /// @param number In order of creation from 1; 0 is this contract.
    function addressOf(uint8 number) public view returns (address) {
        if (number == 0) return address(this);
        // EIP-161: the nonce of a contract starts at 1.
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), number)))));
    }

    function _run(Step calldata step) private {
        bytes memory data = _resolve(step);
        if (step.target == 0) _create(data);
        else Address.functionCall(addressOf(step.target), data);
    }

    function _resolve(Step calldata step) private view returns (bytes memory data) {
        data = step.data;
        for (uint256 i; i < step.references.length; ++i) {
            Reference calldata place = step.references[i];
            if (place.number > MAX_NUMBER || uint256(place.offset) + 20 > data.length) {
                revert InvalidReference(place.offset, place.number);
            }
            address referred = addressOf(place.number);
            uint256 offset = place.offset;
            assembly ("memory-safe") {
                let position := add(add(data, 32), offset)
                let tail := and(mload(position), 0xffffffffffffffffffffffff)
                mstore(position, or(shl(96, referred), tail))
            }
        }
    }

    function _create(bytes memory initCode) private {
        address created;
        assembly ("memory-safe") {
            created := create(0, add(initCode, 32), mload(initCode))
            if iszero(created) {
                if returndatasize() {
                    let free := mload(64)
                    returndatacopy(free, 0, returndatasize())
                    revert(free, returndatasize())
                }
            }
        }
        if (created == address(0)) revert CreationFailed();
        emit ContractCreated(++contractCount, created);
    }
}
