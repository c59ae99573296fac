// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @dev The claim of `RewardsDistributor` over a Merkle sum tree instead, only to compare what both cost:
/// the same slots, checks, pause, caps and event. Node = keccak256(0x01 ‖ left ‖ leftSum 16 ‖ right ‖
/// rightSum 16), leaf = keccak256(0x00 ‖ account 20) with the cumulative amount as its sum, one level of a
/// proof = hash of the sibling 32 ‖ its sum 16.
contract SumTreeDistributor {
    using SafeERC20 for IERC20;

    struct State {
        uint32 epochCount;
        uint32 activeEpoch;
        uint40 claimsPausedUntil;
        bool proposalsPaused;
        uint96 claimedTotal;
    }

    struct Epoch {
        bytes32 root;
        uint96 totalEarned;
        uint64 toBlock;
        uint32 accounts;
        uint40 activatesAt;
        uint8 status;
    }

    struct Account {
        uint96 claimed;
        address recipient;
    }

    struct Claim {
        uint128 cumulative;
        uint32 index;
        bytes proof;
    }

    event Claimed(
        address indexed account,
        address indexed recipient,
        uint256 amount,
        uint256 cumulative,
        uint256 indexed epoch
    );

    error Refused();

    IERC20 public immutable token;
    State private _state;
    mapping(uint256 epoch => Epoch data) private _epochs;
    mapping(address account => Account data) private _accounts;

    constructor(IERC20 token_) {
        token = token_;
    }

    function setEpoch(bytes32 root, uint96 totalEarned, uint32 accounts) external {
        uint32 epoch = ++_state.epochCount;
        _epochs[epoch] = Epoch(root, totalEarned, 1, accounts, 1, 2);
        _state.activeEpoch = epoch;
    }

    function claim(address account, Claim calldata leaf) external returns (uint256 amount) {
        State memory state = _state;
        if (block.timestamp < state.claimsPausedUntil || state.activeEpoch == 0) revert Refused();
        Epoch storage data = _epochs[state.activeEpoch];
        if (!_verify(data, account, leaf)) revert Refused();
        Account memory entry = _accounts[account];
        if (leaf.cumulative <= entry.claimed) revert Refused();
        amount = leaf.cumulative - entry.claimed;
        if (amount > data.totalEarned - state.claimedTotal) revert Refused();
        _accounts[account].claimed = uint96(leaf.cumulative);
        _state.claimedTotal = uint96(state.claimedTotal + amount);
        address recipient = entry.recipient == address(0) ? account : entry.recipient;
        emit Claimed(account, recipient, amount, leaf.cumulative, state.activeEpoch);
        token.safeTransfer(recipient, amount);
    }

    function _verify(Epoch storage data, address account, Claim calldata leaf) private view returns (bool) {
        uint256 n = data.accounts;
        uint256 levels = leaf.proof.length / 48;
        if (leaf.index >= n || (n - 1) >> levels != 0 || leaf.proof.length % 48 != 0) return false;
        if (levels != 0 && (n - 1) >> (levels - 1) == 0) return false;
        bytes32 leafHash = keccak256(abi.encodePacked(bytes1(0x00), account));
        (bytes32 root, uint256 sum) = fold(leafHash, leaf.cumulative, leaf.index, leaf.proof);
        return root == data.root && sum == data.totalEarned;
    }

    function fold(bytes32 node, uint256 sum, uint256 index, bytes calldata proof)
        public
        pure
        returns (bytes32, uint256)
    {
        bool overflow;
        assembly ("memory-safe") {
            let at := proof.offset
            let end := add(at, proof.length)
            let pointer := mload(0x40)
            mstore8(pointer, 0x01)
            for {} lt(at, end) { at := add(at, 48) } {
                let siblingSum := shr(128, calldataload(add(at, 32)))
                // The left child lies at 1, the right one at 49; the left one is written first, as its
                // sum is followed by 16 bytes of zeros.
                switch and(index, 1)
                case 0 {
                    mstore(add(pointer, 1), node)
                    mstore(add(pointer, 33), shl(128, sum))
                    mstore(add(pointer, 49), calldataload(at))
                    mstore(add(pointer, 81), shl(128, siblingSum))
                }
                default {
                    mstore(add(pointer, 1), calldataload(at))
                    mstore(add(pointer, 33), shl(128, siblingSum))
                    mstore(add(pointer, 49), node)
                    mstore(add(pointer, 81), shl(128, sum))
                }
                node := keccak256(pointer, 97)
                sum := add(sum, siblingSum)
                overflow := or(overflow, shr(128, sum))
                index := shr(1, index)
            }
        }
        require(!overflow, "sum overflows");
        return (node, sum);
    }
}
