// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "./interfaces/IDatanetRegistry.sol";

/// @title DatanetRegistry
contract DatanetRegistry is IDatanetRegistry {
    uint256 private constant MAX_URI_BYTES = 1024;

    /// @inheritdoc IDatanetRegistry
    uint256 public datanetCount;
    /// @inheritdoc IDatanetRegistry
    uint256 public contributionCount;
    /// @inheritdoc IDatanetRegistry
    mapping(uint256 datanetId => address owner) public ownerOf;
    mapping(uint256 contributionId => Contribution contribution) private _contributions;

    /// @inheritdoc IDatanetRegistry
    function createDatanet(bytes32 metaHash, string calldata uri, uint16 licence)
        external
        returns (uint256 datanetId)
    {
        if (bytes(uri).length > MAX_URI_BYTES) revert UriTooLong(bytes(uri).length);
        datanetId = ++datanetCount;
        ownerOf[datanetId] = msg.sender;
        emit DatanetCreated(datanetId, msg.sender, metaHash, uri, licence);
    }

    /// @inheritdoc IDatanetRegistry
    function submitContribution(
        uint256 datanetId,
        bytes32 root,
        uint32 rows,
        uint64 byteSize,
        bytes32 dataHash
    ) external returns (uint256 contributionId) {
        if (ownerOf[datanetId] == address(0)) revert UnknownDatanet(datanetId);
        if (root == 0 || dataHash == 0 || rows == 0 || byteSize == 0) revert EmptyContribution();
        contributionId = ++contributionCount;
        // A known Datanet has an id from a counter, which does not reach 2^64.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint64 id = uint64(datanetId);
        _contributions[contributionId] = Contribution(root, msg.sender, id, ContributionStatus.Submitted);
        emit ContributionSubmitted(datanetId, contributionId, msg.sender, root, rows, byteSize, dataHash);
    }

    /// @inheritdoc IDatanetRegistry
    function acceptContribution(uint256 contributionId) external {
        uint256 datanetId = _decide(contributionId, ContributionStatus.Accepted);
        emit ContributionAccepted(datanetId, contributionId, msg.sender);
    }

    /// @inheritdoc IDatanetRegistry
    function rejectContribution(uint256 contributionId, uint16 reasonCode) external {
        uint256 datanetId = _decide(contributionId, ContributionStatus.Rejected);
        emit ContributionRejected(datanetId, contributionId, msg.sender, reasonCode);
    }

    /// @inheritdoc IDatanetRegistry
    function contributionOf(uint256 contributionId) external view returns (Contribution memory) {
        return _contributions[contributionId];
    }

    function _decide(uint256 contributionId, ContributionStatus decision)
        private
        returns (uint256 datanetId)
    {
        Contribution storage contribution = _contributions[contributionId];
        datanetId = contribution.datanetId;
        if (contribution.status != ContributionStatus.Submitted) {
            revert ContributionNotPending(contributionId, contribution.status);
        }
        if (ownerOf[datanetId] != msg.sender) revert NotDatanetOwner(datanetId, msg.sender);
        contribution.status = decision;
    }
}
