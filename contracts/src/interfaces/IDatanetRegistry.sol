// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Who offers which data, and who decided that it counts
/// @notice Keeps Datanets and the contributions made to them. Rows never reach the chain: a contribution
/// is a Merkle root over salted row leaves, so erasing a row and its salt erases it everywhere.
///
/// A contributor's record in a Datanet can be rebuilt from logs alone: every decision comes with a
/// `ContributorStandingChanged` that holds the totals after it. Totals are per Datanet because anyone may
/// open a Datanet and accept their own rows there; a reader chooses the Datanets whose owners they trust.
interface IDatanetRegistry {
    /// @notice What the rows are; fixed when the Datanet is created.
    enum DatanetKind {
        Text,
        Image,
        Audio
    }

    /// @notice Who may contribute and train: anyone, or only accounts with a grant.
    enum Admission {
        Open,
        Approval
    }

    /// @notice Whether new contributions are taken.
    enum DatanetStatus {
        None,
        Open,
        Closed
    }

    /// @notice Where a contribution stands; every value but Submitted is final except towards Revoked.
    enum ContributionStatus {
        None,
        Submitted,
        Accepted,
        Rejected,
        Revoked
    }

    /// @notice A Datanet; its description is in the events.
    /// @param owner Decides on contributions and access; zero if there is no such Datanet.
    /// @param version Of the description, from 1.
    /// @param licence Code of the licence under which rows are given.
    /// @param kind What the rows are.
    /// @param admission Who may contribute and train.
    /// @param status Whether new contributions are taken.
    /// @param offeredTo Who may take the Datanet over; zero if nobody.
    struct Datanet {
        address owner;
        uint32 version;
        uint16 licence;
        DatanetKind kind;
        Admission admission;
        DatanetStatus status;
        address offeredTo;
    }

    /// @notice What an account may do with an approval-only Datanet.
    /// @param expiry Second from which the grant no longer holds; 0 if there is none.
    /// @param requested Whether a request waits for an answer.
    struct Access {
        uint64 expiry;
        bool requested;
    }

    /// @notice A set of rows.
    /// @param root Merkle root over the salted row leaves.
    /// @param contributor Who submitted it.
    /// @param datanetId Where it belongs.
    /// @param status Where it stands.
    /// @param scores How many validators scored it.
    /// @param scoreSumBps Sum of their scores in basis points.
    struct Contribution {
        bytes32 root;
        address contributor;
        uint64 datanetId;
        ContributionStatus status;
        uint32 scores;
        uint64 scoreSumBps;
    }

    /// @notice What became of a contributor's rows in one Datanet, over all time.
    /// @param accepted Contributions accepted.
    /// @param rejected Contributions rejected.
    /// @param revoked Contributions revoked, whatever they were before.
    /// @param penaltyPoints Sum of all penalties.
    struct Standing {
        uint32 accepted;
        uint32 rejected;
        uint32 revoked;
        uint64 penaltyPoints;
    }

    /// @notice A Datanet was opened.
    /// @param datanetId Counter from 1.
    /// @param owner Its owner.
    /// @param metaHash Hash of the description at `uri`.
    /// @param uri Where the description lies.
    /// @param licence Code of the licence under which rows are given, for ever.
    event DatanetCreated(
        uint256 indexed datanetId, address indexed owner, bytes32 metaHash, string uri, uint16 licence
    );
    /// @notice What a new Datanet is; follows every `DatanetCreated`.
    /// @param datanetId The Datanet.
    /// @param kind What the rows are, for ever.
    /// @param admission Who may contribute and train, until a `DatanetUpdated` says otherwise.
    event DatanetConfigured(uint256 indexed datanetId, DatanetKind kind, Admission admission);
    /// @notice The owner replaced the description.
    /// @param datanetId The Datanet.
    /// @param version Of the description; the one at creation is 1.
    /// @param metaHash Hash of the description at `uri`.
    /// @param uri Where the description lies.
    /// @param admission Who may contribute and train from now on.
    event DatanetUpdated(
        uint256 indexed datanetId, uint32 indexed version, bytes32 metaHash, string uri, Admission admission
    );
    /// @notice The owner offered the Datanet to somebody.
    /// @param datanetId The Datanet.
    /// @param owner Its owner until the offer is accepted.
    /// @param to Who may accept; zero withdraws an offer.
    event DatanetOwnerOffered(uint256 indexed datanetId, address indexed owner, address indexed to);
    /// @notice The offer was accepted.
    /// @param datanetId The Datanet.
    /// @param oldOwner Until now.
    /// @param newOwner From now on.
    event DatanetOwnerChanged(uint256 indexed datanetId, address indexed oldOwner, address indexed newOwner);
    /// @notice The Datanet was closed for or opened to contributions.
    /// @param datanetId The Datanet.
    /// @param oldStatus Until now.
    /// @param newStatus From now on.
    event DatanetStatusChanged(uint256 indexed datanetId, DatanetStatus oldStatus, DatanetStatus newStatus);
    /// @notice An account asked to be let in.
    /// @param datanetId The Datanet.
    /// @param account Who asks.
    /// @param purposeHash Hash of what they want it for; the text is agreed on off-chain.
    event AccessRequested(uint256 indexed datanetId, address indexed account, bytes32 purposeHash);
    /// @notice An account was let in.
    /// @param datanetId The Datanet.
    /// @param account Who was let in.
    /// @param expiry Second from which it is no longer.
    event AccessGranted(uint256 indexed datanetId, address indexed account, uint64 expiry);
    /// @notice A grant was withdrawn or a request turned down.
    /// @param datanetId The Datanet.
    /// @param account Who lost it.
    /// @param by The owner of the Datanet, or the account itself.
    event AccessRevoked(uint256 indexed datanetId, address indexed account, address by);
    /// @notice Rows were committed to.
    /// @param datanetId Where they belong.
    /// @param contributionId Counter from 1 over all Datanets.
    /// @param contributor Who committed to them.
    /// @param root Merkle root over the salted row leaves.
    /// @param rows Number of leaves.
    /// @param byteSize Size of the rows in bytes.
    /// @param dataHash sha256 of the concatenated leaves.
    event ContributionSubmitted(
        uint256 indexed datanetId,
        uint256 indexed contributionId,
        address indexed contributor,
        bytes32 root,
        uint32 rows,
        uint64 byteSize,
        bytes32 dataHash
    );
    /// @notice A validator scored a contribution.
    /// @param datanetId Where it belongs.
    /// @param contributionId The contribution.
    /// @param validator Who scored it; once per contribution.
    /// @param scoreBps 0 to 10,000.
    /// @param reportHash Hash of the report behind the score.
    /// @param scores How many scores it has now.
    /// @param scoreSumBps Their sum.
    event ContributionValidated(
        uint256 indexed datanetId,
        uint256 indexed contributionId,
        address indexed validator,
        uint16 scoreBps,
        bytes32 reportHash,
        uint32 scores,
        uint64 scoreSumBps
    );
    /// @notice A contribution counts from now on.
    /// @param datanetId Where it belongs.
    /// @param contributionId The contribution.
    /// @param by The owner of the Datanet.
    event ContributionAccepted(uint256 indexed datanetId, uint256 indexed contributionId, address by);
    /// @notice A contribution was turned away.
    /// @param datanetId Where it belongs.
    /// @param contributionId The contribution.
    /// @param by The owner of the Datanet.
    /// @param reasonCode Why.
    event ContributionRejected(
        uint256 indexed datanetId, uint256 indexed contributionId, address by, uint16 reasonCode
    );
    /// @notice The rows of a contribution are to be erased.
    /// @param datanetId Where it belonged.
    /// @param contributionId The contribution.
    /// @param by Its contributor or the owner of the Datanet.
    /// @param reasonCode Why.
    event ContributionRevoked(
        uint256 indexed datanetId, uint256 indexed contributionId, address by, uint16 reasonCode
    );
    /// @notice A validator found fault with a contribution.
    /// @param datanetId Where it belongs.
    /// @param contributionId The contribution.
    /// @param validator Who found fault; once per contribution.
    /// @param reasonCode Why.
    /// @param points How much; the total is in the `ContributorStandingChanged` that follows.
    event ContributionPenalised(
        uint256 indexed datanetId,
        uint256 indexed contributionId,
        address indexed validator,
        uint16 reasonCode,
        uint32 points
    );
    /// @notice A contributor's totals in a Datanet, after every decision on one of their contributions.
    /// @param datanetId The Datanet.
    /// @param contributor Whose totals.
    /// @param accepted Contributions accepted, over all time.
    /// @param rejected Contributions rejected, over all time.
    /// @param revoked Contributions revoked, over all time.
    /// @param penaltyPoints Sum of all penalties.
    event ContributorStandingChanged(
        uint256 indexed datanetId,
        address indexed contributor,
        uint32 accepted,
        uint32 rejected,
        uint32 revoked,
        uint64 penaltyPoints
    );

    /// @notice There is no such Datanet.
    /// @param datanetId As given.
    error UnknownDatanet(uint256 datanetId);
    /// @notice There is no such contribution.
    /// @param contributionId As given.
    error UnknownContribution(uint256 contributionId);
    /// @notice The address of the description is too long.
    /// @param length In bytes; 1,024 are allowed.
    error UriTooLong(uint256 length);
    /// @notice Root, data hash, rows or size are missing.
    error EmptyContribution();
    /// @notice The caller does not own the Datanet.
    /// @param datanetId The Datanet.
    /// @param caller Who called.
    error NotDatanetOwner(uint256 datanetId, address caller);
    /// @notice The Datanet was not offered to the caller.
    /// @param datanetId The Datanet.
    /// @param caller Who called.
    error NotOffered(uint256 datanetId, address caller);
    /// @notice The Datanet takes no contributions.
    /// @param datanetId The Datanet.
    error DatanetNotOpen(uint256 datanetId);
    /// @notice The status asked for is none, or the one it already has.
    /// @param datanetId The Datanet.
    /// @param status As given.
    error InvalidStatus(uint256 datanetId, DatanetStatus status);
    /// @notice The account has neither grant nor request, or a grant that ran out.
    /// @param datanetId The Datanet.
    /// @param account Whose access.
    error NoAccess(uint256 datanetId, address account);
    /// @notice A request of this account already waits for an answer.
    /// @param datanetId The Datanet.
    /// @param account Who asked.
    error AccessAlreadyRequested(uint256 datanetId, address account);
    /// @notice A grant must end in the future.
    /// @param expiry As given.
    error ExpiryPassed(uint64 expiry);
    /// @notice The contribution has been decided on, or does not exist.
    /// @param contributionId The contribution.
    /// @param status Where it stands.
    error ContributionNotPending(uint256 contributionId, ContributionStatus status);
    /// @notice The contribution was revoked before.
    /// @param contributionId The contribution.
    error ContributionAlreadyRevoked(uint256 contributionId);
    /// @notice The caller is neither its contributor nor the owner of its Datanet.
    /// @param contributionId The contribution.
    /// @param caller Who called.
    error NotContributor(uint256 contributionId, address caller);
    /// @notice Nobody scores their own rows.
    /// @param contributionId The contribution.
    error OwnContribution(uint256 contributionId);
    /// @notice This validator scored the contribution before.
    /// @param contributionId The contribution.
    /// @param validator Who called.
    error AlreadyScored(uint256 contributionId, address validator);
    /// @notice This validator penalised the contribution before.
    /// @param contributionId The contribution.
    /// @param validator Who called.
    error AlreadyPenalised(uint256 contributionId, address validator);
    /// @notice Scores end at 10,000.
    /// @param scoreBps As given.
    error ScoreTooHigh(uint16 scoreBps);
    /// @notice A score without a report cannot be checked.
    error NoReport();
    /// @notice A penalty is 1 to 10,000 points.
    /// @param points As given.
    error InvalidPenalty(uint32 points);

    /// @notice Opens a Datanet for text, open to everyone, owned by the caller.
    /// @param metaHash Hash of the description at `uri`; may be zero if there is none.
    /// @param uri Where the description lies, at most 1,024 bytes.
    /// @param licence Code of the licence under which rows are given; never changes, because rows given
    /// under one licence cannot be put under another by a third party.
    /// @return datanetId Counter from 1.
    function createDatanet(bytes32 metaHash, string calldata uri, uint16 licence)
        external
        returns (uint256 datanetId);

    /// @notice Opens a Datanet owned by the caller.
    /// @param metaHash Hash of the description at `uri`; may be zero if there is none.
    /// @param uri Where the description lies, at most 1,024 bytes.
    /// @param licence Code of the licence under which rows are given; never changes.
    /// @param kind What the rows are; never changes.
    /// @param admission Who may contribute and train.
    /// @return datanetId Counter from 1.
    function createDatanet(
        bytes32 metaHash,
        string calldata uri,
        uint16 licence,
        DatanetKind kind,
        Admission admission
    ) external returns (uint256 datanetId);

    /// @notice Replaces the description as a new version; only the owner.
    /// @param datanetId The Datanet.
    /// @param metaHash Hash of the description at `uri`; may be zero if there is none.
    /// @param uri Where the description lies, at most 1,024 bytes.
    /// @param admission Who may contribute and train from now on; grants given before stay.
    /// @return version Of the description.
    function updateDatanet(uint256 datanetId, bytes32 metaHash, string calldata uri, Admission admission)
        external
        returns (uint32 version);

    /// @notice Offers the Datanet to `to`, who owns it as soon as they accept; only the owner.
    /// @param datanetId The Datanet.
    /// @param to Replaces whom it was offered to before; zero withdraws the offer.
    function transferDatanet(uint256 datanetId, address to) external;

    /// @notice Takes over a Datanet that was offered to the caller. Grants and contributions stay.
    /// @param datanetId The Datanet.
    function acceptDatanet(uint256 datanetId) external;

    /// @notice Closes the Datanet for new contributions or opens it again; only the owner. Submitted
    /// contributions can be decided on either way.
    /// @param datanetId The Datanet.
    /// @param status Open or Closed, not the one it has.
    function setDatanetStatus(uint256 datanetId, DatanetStatus status) external;

    /// @notice Asks the owner for access. One request at a time; also ahead of the end of a grant.
    /// @param datanetId The Datanet.
    /// @param purposeHash Hash of what it is for; may be zero.
    function requestAccess(uint256 datanetId, bytes32 purposeHash) external;

    /// @notice Lets an account in, asked or not; only the owner. A later grant replaces an earlier one.
    /// @param datanetId The Datanet.
    /// @param account Who may contribute and train.
    /// @param expiry Second from which it may no longer.
    function grantAccess(uint256 datanetId, address account, uint64 expiry) external;

    /// @notice Withdraws a grant or turns a request down; only the owner, or the account for itself. Works
    /// while paused.
    /// @param datanetId The Datanet.
    /// @param account Whose access ends.
    function revokeAccess(uint256 datanetId, address account) external;

    /// @notice Commits the caller to a set of rows. The Datanet must be open; one with approval takes them
    /// only from its owner and from accounts whose grant holds.
    /// @param datanetId The Datanet.
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

    /// @notice Publishes a validator's opinion; only the role VALIDATOR, once per contribution and
    /// validator, never on one's own rows or on revoked ones. It decides nothing.
    /// @dev Validators are appointed by the platform, not by the owner of the Datanet: the owner already
    /// speaks by accepting and rejecting, and a score by the owner's appointees would say the same twice.
    /// @param contributionId The contribution.
    /// @param scoreBps 0 to 10,000.
    /// @param reportHash Hash of the report behind the score.
    function scoreContribution(uint256 contributionId, uint16 scoreBps, bytes32 reportHash) external;

    /// @notice Lets a pending contribution count; only the owner of its Datanet.
    /// @param contributionId The contribution.
    function acceptContribution(uint256 contributionId) external;

    /// @notice Turns a pending contribution away; only the owner of its Datanet.
    /// @param contributionId The contribution.
    /// @param reasonCode Why.
    function rejectContribution(uint256 contributionId, uint16 reasonCode) external;

    /// @notice Says that the rows of a contribution are to be erased; only its contributor or the owner of
    /// its Datanet, in any state, once. Works while paused. The root stays, so that what was trained on the
    /// rows before can still be checked against it.
    /// @param contributionId The contribution.
    /// @param reasonCode Why.
    function revokeContribution(uint256 contributionId, uint16 reasonCode) external;

    /// @notice Adds to the contributor's penalty points; only the role VALIDATOR, once per contribution and
    /// validator. Revoking the contribution does not protect from it.
    /// @param contributionId The contribution.
    /// @param reasonCode Why.
    /// @param points 1 to 10,000.
    function penalise(uint256 contributionId, uint16 reasonCode, uint32 points) external;

    /// @notice How many Datanets there are.
    /// @return Their number, which is also the latest id.
    function datanetCount() external view returns (uint256);

    /// @notice How many contributions there are in all Datanets.
    /// @return Their number, which is also the latest id.
    function contributionCount() external view returns (uint256);

    /// @notice Who owns a Datanet.
    /// @param datanetId The Datanet.
    /// @return owner Zero if there is no such Datanet.
    function ownerOf(uint256 datanetId) external view returns (address owner);

    /// @notice A Datanet.
    /// @param datanetId The Datanet.
    /// @return datanet All zero if there is no such Datanet.
    function datanetOf(uint256 datanetId) external view returns (Datanet memory datanet);

    /// @notice Grant and request of an account.
    /// @param datanetId The Datanet.
    /// @param account Whose.
    /// @return access As stored; a grant that ran out is still there.
    function accessOf(uint256 datanetId, address account) external view returns (Access memory access);

    /// @notice Whether an account may contribute to and train on a Datanet now.
    /// @param datanetId The Datanet.
    /// @param account Whose access.
    /// @return True for the owner, for everyone if admission is open, and while a grant holds.
    function hasAccess(uint256 datanetId, address account) external view returns (bool);

    /// @notice A contribution.
    /// @param contributionId The contribution.
    /// @return contribution All zero if there is no such contribution.
    function contributionOf(uint256 contributionId) external view returns (Contribution memory contribution);

    /// @notice A contributor's totals in a Datanet.
    /// @param datanetId The Datanet.
    /// @param contributor Whose.
    /// @return standing All zero without a decision.
    function standingOf(uint256 datanetId, address contributor)
        external
        view
        returns (Standing memory standing);
}
