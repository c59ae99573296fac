// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {UpgradeableRegistry} from "./UpgradeableRegistry.sol";
import {IDatanetRegistry} from "./interfaces/IDatanetRegistry.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Models, training runs, versions and terms
/// @notice See {IModelRegistry}. Runs behind a {RegistryProxy}.
contract ModelRegistry is IModelRegistry, UpgradeableRegistry {
    /// @notice A model as stored.
    /// @param model What `modelOf` returns.
    /// @param status What `statusOf` returns.
    /// @param baseModelHash Base of all its versions.
    struct ModelRecord {
        Model model;
        ModelStatus status;
        bytes32 baseModelHash;
    }

    /// @custom:storage-location erc7201:provenant.storage.ModelRegistry
    struct ModelState {
        IDatanetRegistry datanets;
        uint32 modelCount;
        uint64 runCount;
        mapping(uint256 modelId => ModelRecord record) models;
        mapping(uint256 runId => TrainingRun run) runs;
        mapping(uint256 runId => mapping(address by => Lds lds)) lds;
        mapping(uint256 modelId => mapping(uint256 version => Version data)) versions;
        mapping(uint256 modelId => mapping(uint256 version => Terms terms)) terms;
        mapping(bytes32 nameHash => uint256 modelId) names;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("provenant.storage.ModelRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant MODEL_STATE = 0x0adb1fbe24aab218c028b1c920327b1c1f4685e5a17d86ef7ff8fa5574d15500;
    uint256 private constant MAX_DATANETS = 64;
    uint256 private constant MAX_PARENTS = 8;
    uint256 private constant WHOLE_BPS = 10_000;
    uint16 private constant MIN_PLATFORM_BPS = 100;
    int32 private constant WHOLE_MICROS = 1_000_000;

    modifier onlyOwner(uint256 modelId) {
        _checkOwner(modelId);
        _;
    }

    modifier whenActive(uint256 modelId) {
        _checkActive(modelId);
        _;
    }

    /// @notice Sets the AccessManager and the registry of Datanets; once, by the constructor of the proxy.
    /// @param initialAuthority Knows the roles UPGRADER, GUARDIAN and VALIDATOR.
    /// @param datanets_ Where the Datanets of the models are.
    function initialize(address initialAuthority, IDatanetRegistry datanets_) external initializer {
        __AccessManaged_init(initialAuthority);
        _state().datanets = datanets_;
        emit DatanetsSet(address(datanets_));
    }

    /// @inheritdoc IModelRegistry
    function registerModel(string calldata name, bytes32 baseModelHash, uint256[] calldata datanetIds)
        external
        whenNotPaused
        returns (uint256 modelId)
    {
        _checkName(bytes(name));
        _checkDatanets(datanetIds);
        if (baseModelHash == 0) revert ZeroHash();
        ModelState storage $ = _state();
        bytes32 nameHash = keccak256(bytes(name));
        if ($.names[nameHash] != 0) revert NameTaken(name, $.names[nameHash]);
        // The counter has the 32 bits in which vouchers and packed records carry the id.
        modelId = ++$.modelCount;
        $.names[nameHash] = modelId;
        ModelRecord storage record = $.models[modelId];
        record.model.owner = msg.sender;
        record.status = ModelStatus.Active;
        record.baseModelHash = baseModelHash;
        emit ModelRegistered(modelId, msg.sender, name, baseModelHash, datanetIds);
    }

    /// @inheritdoc IModelRegistry
    function setModelStatus(uint256 modelId, ModelStatus status) external whenNotPaused onlyOwner(modelId) {
        ModelRecord storage record = _state().models[modelId];
        ModelStatus oldStatus = record.status;
        if (status == ModelStatus.None || status == oldStatus) revert InvalidStatus(modelId, status);
        record.status = status;
        emit ModelStatusChanged(modelId, oldStatus, status);
    }

    /// @inheritdoc IModelRegistry
    function recordTrainingRun(
        uint256 modelId,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    ) external whenNotPaused returns (uint256 runId) {
        if (_state().models[modelId].model.owner == address(0)) {
            revert UnknownModel(modelId);
        }
        if (datasetRoot == 0 || configHash == 0 || dataOrderHash == 0 || artefactHash == 0) {
            revert ZeroHash();
        }
        runId = ++_state().runCount;
        _state().runs[runId] = TrainingRun(artefactHash, SafeCast.toUint32(modelId), 0, msg.sender);
        emit TrainingRunRecorded(
            runId, modelId, msg.sender, datasetRoot, configHash, dataOrderHash, artefactHash
        );
    }

    /// @inheritdoc IModelRegistry
    function recordLds(uint256 runId, int32 ldsMicros, uint32 queries, bytes32 reportHash)
        external
        whenNotPaused
    {
        if (_state().runs[runId].trainer != msg.sender) revert NotTrainer(runId, msg.sender);
        _recordLds(runId, Lds(ldsMicros, queries), reportHash, true);
    }

    /// @inheritdoc IModelRegistry
    function attestLds(uint256 runId, int32 ldsMicros, uint32 queries, bytes32 reportHash)
        external
        restricted
        whenNotPaused
    {
        TrainingRun storage run = _state().runs[runId];
        if (run.modelId == 0) revert UnknownRun(0, runId);
        _recordLds(runId, Lds(ldsMicros, queries), reportHash, run.trainer == msg.sender);
    }

    /// @inheritdoc IModelRegistry
    function publishVersion(uint256 modelId, uint256 runId) external returns (uint32 version) {
        return _publish(modelId, runId, new VersionRef[](0));
    }

    /// @inheritdoc IModelRegistry
    function publishVersion(uint256 modelId, uint256 runId, VersionRef[] calldata parents)
        external
        returns (uint32 version)
    {
        return _publish(modelId, runId, parents);
    }

    /// @inheritdoc IModelRegistry
    function setTerms(
        uint256 modelId,
        uint128 pricePer1kIn,
        uint128 pricePer1kOut,
        uint16 platformBps,
        uint16 ownerBps,
        uint16 stakersBps,
        uint16 contributorsBps,
        uint16 retrievalBps
    ) external whenNotPaused onlyOwner(modelId) whenActive(modelId) returns (uint32 version) {
        uint256 sumBps = uint256(platformBps) + ownerBps + stakersBps + contributorsBps;
        if (sumBps != WHOLE_BPS) revert SharesNotWhole(sumBps);
        if (platformBps < MIN_PLATFORM_BPS) revert PlatformShareTooLow(platformBps);
        if (retrievalBps > WHOLE_BPS) revert RetrievalShareTooHigh(retrievalBps);
        version = ++_state().models[modelId].model.terms;
        Terms memory terms = Terms(
            pricePer1kIn,
            pricePer1kOut,
            platformBps,
            ownerBps,
            stakersBps,
            contributorsBps,
            retrievalBps,
            uint64(block.timestamp)
        );
        _state().terms[modelId][version] = terms;
        _emitTerms(modelId, version, terms);
    }

    /// @inheritdoc IModelRegistry
    function datanets() external view returns (IDatanetRegistry) {
        return _state().datanets;
    }

    /// @inheritdoc IModelRegistry
    function modelCount() external view returns (uint256) {
        return _state().modelCount;
    }

    /// @inheritdoc IModelRegistry
    function runCount() external view returns (uint256) {
        return _state().runCount;
    }

    /// @inheritdoc IModelRegistry
    function modelOf(uint256 modelId) external view returns (Model memory) {
        return _state().models[modelId].model;
    }

    /// @inheritdoc IModelRegistry
    function statusOf(uint256 modelId) external view returns (ModelStatus) {
        return _state().models[modelId].status;
    }

    /// @inheritdoc IModelRegistry
    function versionOf(uint256 modelId, uint256 version) external view returns (Version memory) {
        return _state().versions[modelId][version];
    }

    /// @inheritdoc IModelRegistry
    function runOf(uint256 runId) external view returns (TrainingRun memory) {
        return _state().runs[runId];
    }

    /// @inheritdoc IModelRegistry
    function ldsOf(uint256 runId, address by) external view returns (Lds memory) {
        return _state().lds[runId][by];
    }

    /// @inheritdoc IModelRegistry
    function termsOf(uint256 modelId, uint256 version) external view returns (Terms memory) {
        return _state().terms[modelId][version];
    }

    /// @inheritdoc IModelRegistry
    function modelIdOf(string calldata name) external view returns (uint256) {
        return _state().names[keccak256(bytes(name))];
    }

    /// @inheritdoc IModelRegistry
    function minPlatformBps() external pure returns (uint16) {
        return MIN_PLATFORM_BPS;
    }

    function _publish(uint256 modelId, uint256 runId, VersionRef[] memory parents)
        private
        whenNotPaused
        onlyOwner(modelId)
        whenActive(modelId)
        returns (uint32 version)
    {
        TrainingRun storage run = _state().runs[runId];
        if (run.modelId != modelId) revert UnknownRun(modelId, runId);
        if (run.version != 0) revert RunAlreadyPublished(runId, run.version);
        ModelRecord storage record = _state().models[modelId];
        _checkParents(parents, record.baseModelHash);
        version = ++record.model.versions;
        // Checked arithmetic on the 16-bit counter above keeps the version in range.
        // forge-lint: disable-next-line(unsafe-typecast)
        run.version = uint16(version);
        Version storage data = _state().versions[modelId][version];
        data.artefactHash = run.artefactHash;
        data.baseModelHash = record.baseModelHash;
        // A known run has an id from a counter of 64 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        data.runId = uint64(runId);
        emit ModelVersionPublished(modelId, version, runId, run.artefactHash);
        uint32[] memory parentModels = new uint32[](parents.length);
        uint32[] memory parentVersions = new uint32[](parents.length);
        for (uint256 i; i < parents.length; ++i) {
            data.parents.push(parents[i]);
            parentModels[i] = parents[i].modelId;
            parentVersions[i] = parents[i].version;
        }
        emit VersionLineage(modelId, version, record.baseModelHash, parentModels, parentVersions);
    }

    function _recordLds(uint256 runId, Lds memory lds, bytes32 reportHash, bool byTrainer) private {
        if (lds.queries == 0 || lds.ldsMicros > WHOLE_MICROS || lds.ldsMicros < -WHOLE_MICROS) {
            revert InvalidLds(lds.ldsMicros, lds.queries);
        }
        if (reportHash == 0) revert ZeroHash();
        if (_state().lds[runId][msg.sender].queries != 0) revert LdsAlreadyRecorded(runId, msg.sender);
        _state().lds[runId][msg.sender] = lds;
        emit LdsRecorded(
            runId, _state().runs[runId].modelId, msg.sender, lds.ldsMicros, lds.queries, reportHash, byTrainer
        );
    }

    function _emitTerms(uint256 modelId, uint32 version, Terms memory terms) private {
        emit TermsSet(
            modelId,
            version,
            terms.pricePer1kIn,
            terms.pricePer1kOut,
            terms.platformBps,
            terms.ownerBps,
            terms.stakersBps,
            terms.contributorsBps,
            terms.retrievalBps,
            terms.validFrom
        );
    }

    function _checkOwner(uint256 modelId) private view {
        address owner = _state().models[modelId].model.owner;
        if (owner == address(0)) revert UnknownModel(modelId);
        if (owner != msg.sender) revert NotModelOwner(modelId, msg.sender);
    }

    function _checkActive(uint256 modelId) private view {
        if (_state().models[modelId].status != ModelStatus.Active) revert ModelNotActive(modelId);
    }

    /// @dev Runs before the new version exists, so that it cannot be its own parent.
    function _checkParents(VersionRef[] memory parents, bytes32 baseModelHash) private view {
        if (parents.length > MAX_PARENTS) revert TooManyParents(parents.length);
        uint64 previous;
        for (uint256 i; i < parents.length; ++i) {
            VersionRef memory parent = parents[i];
            uint64 key = uint64(parent.modelId) << 32 | parent.version;
            if (key <= previous) revert MisorderedParents(i);
            previous = key;
            Version storage data = _state().versions[parent.modelId][parent.version];
            if (data.runId == 0) revert UnknownVersion(parent.modelId, parent.version);
            if (data.baseModelHash != baseModelHash) revert BaseMismatch(parent.modelId, parent.version);
        }
    }

    function _checkDatanets(uint256[] calldata datanetIds) private view {
        if (datanetIds.length == 0 || datanetIds.length > MAX_DATANETS) revert InvalidDatanets();
        IDatanetRegistry registry = _state().datanets;
        uint256 previous;
        for (uint256 i; i < datanetIds.length; ++i) {
            uint256 datanetId = datanetIds[i];
            if (datanetId <= previous) revert InvalidDatanets();
            if (registry.ownerOf(datanetId) == address(0)) revert UnknownDatanet(datanetId);
            if (!registry.hasAccess(datanetId, msg.sender)) revert NoAccess(datanetId, msg.sender);
            previous = datanetId;
        }
    }

    function _checkName(bytes calldata name) private pure {
        bool valid = name.length >= 3 && name.length <= 32;
        for (uint256 i; valid && i < name.length; ++i) {
            bytes1 c = name[i];
            valid = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-";
        }
        if (!valid) revert InvalidName(string(name));
    }

    function _state() private pure returns (ModelState storage $) {
        assembly ("memory-safe") {
            $.slot := MODEL_STATE
        }
    }
}
