// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOptimismMintableERC20} from "./interfaces/IOptimismMintableERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Bridgeable} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC20Bridgeable.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title The token on an OP Stack chain
/// @notice Minted and burned by two predeploys and nobody else: the Standard Bridge, against the same
/// amount locked on L1, and the SuperchainTokenBridge (ERC-7802), against the same amount burned on another
/// L2. No owner, no pause, no fee on transfer. The only constructor argument is the token on L1, which is
/// the same for every L2, so that CREATE2 gives one address on all of them, as ERC-7802 transfers need.
contract ProvenantTokenL2 is ERC20, ERC20Permit, ERC20Bridgeable, IOptimismMintableERC20 {
    address private constant STANDARD_BRIDGE = 0x4200000000000000000000000000000000000010;
    address private constant SUPERCHAIN_TOKEN_BRIDGE = 0x4200000000000000000000000000000000000028;

    /// @inheritdoc IOptimismMintableERC20
    address public immutable remoteToken;

    /// @notice What this token stands for; emitted once.
    /// @param remoteToken The token on L1.
    /// @param bridge The Standard Bridge of this chain.
    /// @param superchainTokenBridge The bridge to other L2s.
    event RemoteTokenLinked(
        address indexed remoteToken, address indexed bridge, address superchainTokenBridge
    );
    /// @notice The Standard Bridge minted for a deposit.
    /// @param account Who received the tokens.
    /// @param amount Base units.
    event Mint(address indexed account, uint256 amount);
    /// @notice The Standard Bridge burned for a withdrawal.
    /// @param account Whose tokens.
    /// @param amount Base units.
    event Burn(address indexed account, uint256 amount);

    /// @notice Only the bridge in question may do this.
    /// @param caller Who tried.
    error NotBridge(address caller);
    /// @notice A token without a counterpart on L1 could never be redeemed.
    error ZeroRemoteToken();

    /// @notice Links the token to its counterpart for good.
    /// @param remoteToken_ ProvenantToken on L1.
    constructor(address remoteToken_) ERC20("Provenant", "PROV") ERC20Permit("Provenant") {
        if (remoteToken_ == address(0)) revert ZeroRemoteToken();
        remoteToken = remoteToken_;
        emit RemoteTokenLinked(remoteToken_, STANDARD_BRIDGE, SUPERCHAIN_TOKEN_BRIDGE);
    }

    /// @inheritdoc IOptimismMintableERC20
    function mint(address to, uint256 amount) external {
        _onlyCaller(STANDARD_BRIDGE, msg.sender);
        _mint(to, amount);
        emit Mint(to, amount);
    }

    /// @inheritdoc IOptimismMintableERC20
    function burn(address from, uint256 amount) external {
        _onlyCaller(STANDARD_BRIDGE, msg.sender);
        _burn(from, amount);
        emit Burn(from, amount);
    }

    /// @inheritdoc IOptimismMintableERC20
    function bridge() external pure returns (address) {
        return STANDARD_BRIDGE;
    }

    /// @inheritdoc IERC165
    /// @dev Not 0x1d1d8b63, the bridge's legacy interface: the bridge would then ask for `l1Token()` inside
    /// the relayed message, fail there, and leave the deposit locked on L1 with nothing minted here.
    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(ERC20Bridgeable, IERC165)
        returns (bool)
    {
        return interfaceId == type(IOptimismMintableERC20).interfaceId || super.supportsInterface(interfaceId);
    }

    /// @dev The caller comes from `msg.sender`, never from a forwarder.
    function _checkTokenBridge(address caller) internal pure override {
        _onlyCaller(SUPERCHAIN_TOKEN_BRIDGE, caller);
    }

    function _onlyCaller(address allowed, address caller) private pure {
        if (caller != allowed) revert NotBridge(caller);
    }
}
