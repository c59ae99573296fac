// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {UpgradeableRegistry} from "./UpgradeableRegistry.sol";
import {IDatanetRegistry} from "./interfaces/IDatanetRegistry.sol";

/// @title Datanets, access to them and contributions to them
/// @notice See {IDatanetRegistry}. Runs behind a {RegistryProxy}.
contract DatanetRegistry is IDatanetRegistry, UpgradeableRegistry {
    /// @notice What validators did to a contribution.
    /// @param scored Whether this validator scored it.
    /// @param penalised Whether this validator penalised it.
    struct Review {
        bool scored;
        bool penalised;
    }

    /// @custom:storage-location erc7201:provenant.storage.DatanetRegistry
    struct DatanetState {
        uint64 datanetCount;
        uint64 contributionCount;
        mapping(uint256 datanetId => Datanet datanet) datanets;
        mapping(uint256 datanetId => mapping(address account => Access access)) access;
        mapping(uint256 contributionId => Contribution contribution) contributions;
        mapping(uint256 contributionId => mapping(address validator => Review review)) reviews;
        mapping(uint256 datanetId => mapping(address contributor => Standing standing)) standings;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("provenant.storage.DatanetRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant DATANET_STATE =
        0x47ec6f985f551335e19e7eef022966de7cf585c17120cbbf84d5bfd6fa7fcd00;
    uint256 private constant MAX_URI_BYTES = 1024;
    uint16 private constant MAX_SCORE_BPS = 10_000;
    uint32 private constant MAX_PENALTY = 10_000;

    /// @notice Sets the AccessManager; once, by the constructor of the proxy.
    /// @param initialAuthority Knows the roles UPGRADER, GUARDIAN and VALIDATOR.
    function initialize(address initialAuthority) external initializer {
        __AccessManaged_init(initialAuthority);
    }

    /// @inheritdoc IDatanetRegistry
    function createDatanet(bytes32 metaHash, string calldata uri, uint16 licence)
        external
        returns (uint256 datanetId)
    {
        return _create(metaHash, uri, licence, DatanetKind.Text, Admission.Open);
    }

    /// @inheritdoc IDatanetRegistry
    function createDatanet(
        bytes32 metaHash,
        string calldata uri,
        uint16 licence,
        DatanetKind kind,
        Admission admission
    ) external returns (uint256 datanetId) {
        return _create(metaHash, uri, licence, kind, admission);
    }

    /// @inheritdoc IDatanetRegistry
    function updateDatanet(uint256 datanetId, bytes32 metaHash, string calldata uri, Admission admission)
        external
        whenNotPaused
        returns (uint32 version)
    {
        Datanet storage datanet = _owned(datanetId);
        _checkUri(uri);
        version = ++datanet.version;
        datanet.admission = admission;
        emit DatanetUpdated(datanetId, version, metaHash, uri, admission);
    }

    /// @inheritdoc IDatanetRegistry
    function transferDatanet(uint256 datanetId, address to) external whenNotPaused {
        _owned(datanetId).offeredTo = to;
        emit DatanetOwnerOffered(datanetId, msg.sender, to);
    }

    /// @inheritdoc IDatanetRegistry
    function acceptDatanet(uint256 datanetId) external whenNotPaused {
        Datanet storage datanet = _state().datanets[datanetId];
        if (datanet.offeredTo != msg.sender) revert NotOffered(datanetId, msg.sender);
        address oldOwner = datanet.owner;
        datanet.owner = msg.sender;
        datanet.offeredTo = address(0);
        emit DatanetOwnerChanged(datanetId, oldOwner, msg.sender);
    }

    /// @inheritdoc IDatanetRegistry
    function setDatanetStatus(uint256 datanetId, DatanetStatus status) external whenNotPaused {
        Datanet storage datanet = _owned(datanetId);
        DatanetStatus oldStatus = datanet.status;
        if (status == DatanetStatus.None || status == oldStatus) revert InvalidStatus(datanetId, status);
        datanet.status = status;
        emit DatanetStatusChanged(datanetId, oldStatus, status);
    }

    /// @inheritdoc IDatanetRegistry
    function requestAccess(uint256 datanetId, bytes32 purposeHash) external whenNotPaused {
        _existing(datanetId);
        Access storage access = _state().access[datanetId][msg.sender];
        if (access.requested) revert AccessAlreadyRequested(datanetId, msg.sender);
        access.requested = true;
        emit AccessRequested(datanetId, msg.sender, purposeHash);
    }

    /// @inheritdoc IDatanetRegistry
    function grantAccess(uint256 datanetId, address account, uint64 expiry) external whenNotPaused {
        _owned(datanetId);
        if (expiry <= block.timestamp) revert ExpiryPassed(expiry);
        _state().access[datanetId][account] = Access(expiry, false);
        emit AccessGranted(datanetId, account, expiry);
    }

    /// @inheritdoc IDatanetRegistry
    function revokeAccess(uint256 datanetId, address account) external {
        if (msg.sender != account) _owned(datanetId);
        Access storage access = _state().access[datanetId][account];
        if (access.expiry == 0 && !access.requested) revert NoAccess(datanetId, account);
        delete _state().access[datanetId][account];
        emit AccessRevoked(datanetId, account, msg.sender);
    }

    /// @inheritdoc IDatanetRegistry
    function submitContribution(
        uint256 datanetId,
        bytes32 root,
        uint32 rows,
        uint64 byteSize,
        bytes32 dataHash
    ) external whenNotPaused returns (uint256 contributionId) {
        if (_existing(datanetId).status != DatanetStatus.Open) {
            revert DatanetNotOpen(datanetId);
        }
        if (!hasAccess(datanetId, msg.sender)) revert NoAccess(datanetId, msg.sender);
        if (root == 0 || dataHash == 0 || rows == 0 || byteSize == 0) revert EmptyContribution();
        contributionId = ++_state().contributionCount;
        Contribution storage contribution = _state().contributions[contributionId];
        contribution.root = root;
        contribution.contributor = msg.sender;
        // A known Datanet has an id from a counter of 64 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        contribution.datanetId = uint64(datanetId);
        contribution.status = ContributionStatus.Submitted;
        emit ContributionSubmitted(datanetId, contributionId, msg.sender, root, rows, byteSize, dataHash);
    }

    /// @inheritdoc IDatanetRegistry
    function scoreContribution(uint256 contributionId, uint16 scoreBps, bytes32 reportHash)
        external
        restricted
        whenNotPaused
    {
        Contribution storage contribution = _known(contributionId);
        if (contribution.status == ContributionStatus.Revoked) {
            revert ContributionAlreadyRevoked(contributionId);
        }
        if (contribution.contributor == msg.sender) revert OwnContribution(contributionId);
        if (scoreBps > MAX_SCORE_BPS) revert ScoreTooHigh(scoreBps);
        if (reportHash == 0) revert NoReport();
        Review storage review = _state().reviews[contributionId][msg.sender];
        if (review.scored) revert AlreadyScored(contributionId, msg.sender);
        review.scored = true;
        uint32 scores = ++contribution.scores;
        uint64 scoreSumBps = contribution.scoreSumBps + scoreBps;
        contribution.scoreSumBps = scoreSumBps;
        emit ContributionValidated(
            contribution.datanetId, contributionId, msg.sender, scoreBps, reportHash, scores, scoreSumBps
        );
    }

    /// @inheritdoc IDatanetRegistry
    function acceptContribution(uint256 contributionId) external whenNotPaused {
        Contribution storage contribution = _decide(contributionId, ContributionStatus.Accepted);
        emit ContributionAccepted(contribution.datanetId, contributionId, msg.sender);
        Standing storage standing = _standingOf(contribution);
        ++standing.accepted;
        _emitStanding(contribution, standing);
    }

    /// @inheritdoc IDatanetRegistry
    function rejectContribution(uint256 contributionId, uint16 reasonCode) external whenNotPaused {
        Contribution storage contribution = _decide(contributionId, ContributionStatus.Rejected);
        emit ContributionRejected(contribution.datanetId, contributionId, msg.sender, reasonCode);
        Standing storage standing = _standingOf(contribution);
        ++standing.rejected;
        _emitStanding(contribution, standing);
    }

    /// @inheritdoc IDatanetRegistry
    function revokeContribution(uint256 contributionId, uint16 reasonCode) external {
        Contribution storage contribution = _known(contributionId);
        if (contribution.contributor != msg.sender && ownerOf(contribution.datanetId) != msg.sender) {
            revert NotContributor(contributionId, msg.sender);
        }
        if (contribution.status == ContributionStatus.Revoked) {
            revert ContributionAlreadyRevoked(contributionId);
        }
        contribution.status = ContributionStatus.Revoked;
        emit ContributionRevoked(contribution.datanetId, contributionId, msg.sender, reasonCode);
        Standing storage standing = _standingOf(contribution);
        ++standing.revoked;
        _emitStanding(contribution, standing);
    }

    /// @inheritdoc IDatanetRegistry
    function penalise(uint256 contributionId, uint16 reasonCode, uint32 points)
        external
        restricted
        whenNotPaused
    {
        Contribution storage contribution = _known(contributionId);
        if (points == 0 || points > MAX_PENALTY) revert InvalidPenalty(points);
        Review storage review = _state().reviews[contributionId][msg.sender];
        if (review.penalised) revert AlreadyPenalised(contributionId, msg.sender);
        review.penalised = true;
        emit ContributionPenalised(contribution.datanetId, contributionId, msg.sender, reasonCode, points);
        Standing storage standing = _standingOf(contribution);
        standing.penaltyPoints += points;
        _emitStanding(contribution, standing);
    }

    /// @inheritdoc IDatanetRegistry
    function datanetCount() external view returns (uint256) {
        return _state().datanetCount;
    }

    /// @inheritdoc IDatanetRegistry
    function contributionCount() external view returns (uint256) {
        return _state().contributionCount;
    }

    /// @inheritdoc IDatanetRegistry
    function datanetOf(uint256 datanetId) external view returns (Datanet memory) {
        return _state().datanets[datanetId];
    }

    /// @inheritdoc IDatanetRegistry
    function accessOf(uint256 datanetId, address account) external view returns (Access memory) {
        return _state().access[datanetId][account];
    }

    /// @inheritdoc IDatanetRegistry
    function contributionOf(uint256 contributionId) external view returns (Contribution memory) {
        return _state().contributions[contributionId];
    }

    /// @inheritdoc IDatanetRegistry
    function standingOf(uint256 datanetId, address contributor) external view returns (Standing memory) {
        return _state().standings[datanetId][contributor];
    }

    /// @inheritdoc IDatanetRegistry
    function ownerOf(uint256 datanetId) public view returns (address) {
        return _state().datanets[datanetId].owner;
    }

    /// @inheritdoc IDatanetRegistry
    function hasAccess(uint256 datanetId, address account) public view returns (bool) {
        Datanet storage datanet = _state().datanets[datanetId];
        if (datanet.owner == address(0)) return false;
        if (datanet.admission == Admission.Open || datanet.owner == account) return true;
        return _state().access[datanetId][account].expiry > block.timestamp;
    }

    function _create(
        bytes32 metaHash,
        string calldata uri,
        uint16 licence,
        DatanetKind kind,
        Admission admission
    ) private whenNotPaused returns (uint256 datanetId) {
        _checkUri(uri);
        datanetId = ++_state().datanetCount;
        _state().datanets[datanetId] =
            Datanet(msg.sender, 1, licence, kind, admission, DatanetStatus.Open, address(0));
        emit DatanetCreated(datanetId, msg.sender, metaHash, uri, licence);
        emit DatanetConfigured(datanetId, kind, admission);
    }

    function _decide(uint256 contributionId, ContributionStatus decision)
        private
        returns (Contribution storage contribution)
    {
        contribution = _state().contributions[contributionId];
        if (contribution.status != ContributionStatus.Submitted) {
            revert ContributionNotPending(contributionId, contribution.status);
        }
        _owned(contribution.datanetId);
        contribution.status = decision;
    }

    function _emitStanding(Contribution storage contribution, Standing storage standing) private {
        emit ContributorStandingChanged(
            contribution.datanetId,
            contribution.contributor,
            standing.accepted,
            standing.rejected,
            standing.revoked,
            standing.penaltyPoints
        );
    }

    function _owned(uint256 datanetId) private view returns (Datanet storage datanet) {
        datanet = _existing(datanetId);
        if (datanet.owner != msg.sender) revert NotDatanetOwner(datanetId, msg.sender);
    }

    function _existing(uint256 datanetId) private view returns (Datanet storage datanet) {
        datanet = _state().datanets[datanetId];
        if (datanet.owner == address(0)) revert UnknownDatanet(datanetId);
    }

    function _known(uint256 contributionId) private view returns (Contribution storage contribution) {
        contribution = _state().contributions[contributionId];
        if (contribution.status == ContributionStatus.None) revert UnknownContribution(contributionId);
    }

    function _standingOf(Contribution storage contribution) private view returns (Standing storage) {
        return _state().standings[contribution.datanetId][contribution.contributor];
    }

    function _checkUri(string calldata uri) private pure {
        if (bytes(uri).length > MAX_URI_BYTES) revert UriTooLong(bytes(uri).length);
    }

    function _state() private pure returns (DatanetState storage $) {
        assembly ("memory-safe") {
            $.slot := DATANET_STATE
        }
    }
}
