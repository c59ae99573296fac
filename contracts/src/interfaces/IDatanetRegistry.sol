// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Who offers which data, and who decided that it counts
/// @notice Keeps Datanets and the contributions made to them. Rows never reach the chain: a contribution
/// is a Merkle root over salted row leaves, so erasing a row and its salt erases it everywhere.
interface IDatanetRegistry {
    enum ContributionStatus {
        None,
        Submitted,
        Accepted,
        Rejected
    }

    struct Contribution {
        bytes32 root;
        address contributor;
        uint64 datanetId;
        ContributionStatus status;
    }

    event DatanetCreated(
        uint256 indexed datanetId, address indexed owner, bytes32 metaHash, string uri, uint16 licence
    );
    event ContributionSubmitted(
        uint256 indexed datanetId,
        uint256 indexed contributionId,
        address indexed contributor,
        bytes32 root,
        uint32 rows,
        uint64 byteSize,
        bytes32 dataHash
    );
    event ContributionAccepted(uint256 indexed datanetId, uint256 indexed contributionId, address by);
    event ContributionRejected(
        uint256 indexed datanetId, uint256 indexed contributionId, address by, uint16 reasonCode
    );

    error UnknownDatanet(uint256 datanetId);
    error UriTooLong(uint256 length);
    error EmptyContribution();
    error NotDatanetOwner(uint256 datanetId, address caller);
    error ContributionNotPending(uint256 contributionId, ContributionStatus status);

    /// @notice Opens a Datanet owned by the caller.
    /// @param metaHash Hash of the description at `uri`; may be zero if there is none.
    /// @param uri Where the description lies, at most 1,024 bytes.
    /// @param licence Code of the licence under which rows are given.
    /// @return datanetId Counter from 1.
    function createDatanet(bytes32 metaHash, string calldata uri, uint16 licence)
        external
        returns (uint256 datanetId);

    /// @notice Commits the caller to a set of rows.
    /// @param root Merkle root over keccak256(keccak256(abi.encode(uint32 index, bytes32 salt, bytes32 rowHash))).
    /// @param rows Number of leaves under `root`.
    /// @param byteSize Size of the rows in bytes.
    /// @param dataHash sha256 of the concatenated leaves.
    /// @return contributionId Counter from 1 over all Datanets.
    function submitContribution(
        uint256 datanetId,
        bytes32 root,
        uint32 rows,
        uint64 byteSize,
        bytes32 dataHash
    ) external returns (uint256 contributionId);

    /// @notice Lets a pending contribution count; only the owner of its Datanet.
    function acceptContribution(uint256 contributionId) external;

    /// @notice Turns a pending contribution away; only the owner of its Datanet.
    function rejectContribution(uint256 contributionId, uint16 reasonCode) external;

    function datanetCount() external view returns (uint256);

    function contributionCount() external view returns (uint256);

    /// @return owner Zero if there is no such Datanet.
    function ownerOf(uint256 datanetId) external view returns (address owner);

    function contributionOf(uint256 contributionId) external view returns (Contribution memory contribution);
}
