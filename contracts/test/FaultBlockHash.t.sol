// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IEpochFaults} from "../src/interfaces/IEpochFaults.sol";
import {Book, EpochBook} from "./EpochBook.sol";
import {EpochWorld} from "./EpochWorld.sol";

interface Etcher {
    function etch(address target, bytes calldata code) external;
}

contract FaultBlockHashTest is EpochWorld {
    using EpochBook for Book;

    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    address private constant SYSTEM = 0xffffFFFfFFffffffffffffffFfFFFfffFFFfFFfE;
    /// @dev The code of EIP-2935: the system stores the parent's hash, everybody reads the last 8,191.
    bytes private constant HISTORY_CODE =
        hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    uint64 private _block;

    function setUp() public {
        _deployWorld();
        _recordPacked(1, 0);
        _block = uint64(vm.getBlockNumber()) - 1;
        Etcher(address(vm)).etch(HISTORY, "");
    }

    function test_aWrongHashOfARecentBlockIsProven() public {
        (uint256 epoch, bytes memory proof) = _propose(HASH);
        _assertProven(epoch, 9, proof);
    }

    function test_theRightHashIsNoFaultForAsLongAsItIsKnown() public {
        (, bytes memory proof) = _propose(blockhash(_block));
        _expectNoFault(proof);
        vm.roll(_block + 256);
        _expectNoFault(proof);
        vm.roll(_block + 257);
        _expectUnavailable(proof);
    }

    function test_theSystemContractKnowsOlderBlocks() public {
        bytes32 right = blockhash(_block);
        (uint256 epoch, bytes memory proof) = _propose(HASH);
        _fillHistory(right);
        vm.roll(_block + 8191);
        _assertProven(epoch, 9, proof);
    }

    function test_theRightHashIsNoFaultInTheSystemContract() public {
        bytes32 right = blockhash(_block);
        (, bytes memory proof) = _propose(right);
        _fillHistory(right);
        vm.roll(_block + 257);
        _expectNoFault(proof);
        vm.roll(_block + 8191);
        _expectNoFault(proof);
        vm.roll(_block + 8192);
        _expectUnavailable(proof);
    }

    /// @dev As on a chain that has the contract, but had not yet at that block.
    function test_aBlockThatTheSystemContractHasNoHashOfProvesNothing() public {
        (, bytes memory proof) = _propose(HASH);
        Etcher(address(vm)).etch(HISTORY, HISTORY_CODE);
        vm.roll(_block + 300);
        _expectUnavailable(proof);
    }

    function test_somethingElseAtTheSystemAddressProvesNothing() public {
        (, bytes memory proof) = _propose(HASH);
        vm.roll(_block + 300);
        // Answers with 64 bytes of ones.
        Etcher(address(vm)).etch(HISTORY, hex"5f195f525f1960205260405ff3");
        _expectUnavailable(proof);
        // Reverts.
        Etcher(address(vm)).etch(HISTORY, hex"5f5ffd");
        _expectUnavailable(proof);
    }

    function _propose(bytes32 toBlockHash) private returns (uint256 epoch, bytes memory proof) {
        Book memory book = _honestBook();
        book.proposal.toBlock = _block;
        book.proposal.toBlockHash = toBlockHash;
        epoch = _propose(book);
        proof = abi.encodeCall(faults.wrongBlockHash, (epoch, book.context()));
    }

    function _fillHistory(bytes32 hash) private {
        Etcher(address(vm)).etch(HISTORY, HISTORY_CODE);
        uint256 now_ = vm.getBlockNumber();
        vm.roll(_block + 1);
        vm.prank(SYSTEM);
        (bool ok,) = HISTORY.call(abi.encode(hash));
        vm.assertTrue(ok, "stored");
        vm.roll(now_);
    }

    function _expectNoFault(bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IEpochFaults.NoFault.selector, 9));
        disputes.prove(proof);
    }

    function _expectUnavailable(bytes memory proof) private {
        vm.expectRevert(abi.encodeWithSelector(IEpochFaults.BlockHashUnavailable.selector, _block));
        disputes.prove(proof);
    }
}
