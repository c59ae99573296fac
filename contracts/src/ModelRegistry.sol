// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "./interfaces/IDatanetRegistry.sol";
import {IModelRegistry} from "./interfaces/IModelRegistry.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title ModelRegistry
contract ModelRegistry is IModelRegistry {
    uint256 private constant MAX_DATANETS = 64;
    uint256 private constant WHOLE_BPS = 10_000;

    /// @inheritdoc IModelRegistry
    IDatanetRegistry public immutable datanets;
    /// @inheritdoc IModelRegistry
    uint256 public modelCount;
    /// @inheritdoc IModelRegistry
    uint256 public runCount;
    mapping(uint256 modelId => Model model) private _models;
    mapping(uint256 runId => TrainingRun run) private _runs;
    mapping(uint256 modelId => mapping(uint256 version => Terms terms)) private _terms;
    mapping(bytes32 nameHash => uint256 modelId) private _names;

    constructor(IDatanetRegistry datanets_) {
        datanets = datanets_;
    }

    modifier onlyOwner(uint256 modelId) {
        _checkOwner(modelId);
        _;
    }

    /// @inheritdoc IModelRegistry
    function registerModel(string calldata name, bytes32 baseModelHash, uint256[] calldata datanetIds)
        external
        returns (uint256 modelId)
    {
        _checkName(bytes(name));
        _checkDatanets(datanetIds);
        if (baseModelHash == 0) revert ZeroHash();
        bytes32 nameHash = keccak256(bytes(name));
        if (_names[nameHash] != 0) revert NameTaken(name, _names[nameHash]);
        // Vouchers and packed records carry the id of the model in 32 bits.
        modelId = SafeCast.toUint32(++modelCount);
        _names[nameHash] = modelId;
        _models[modelId].owner = msg.sender;
        emit ModelRegistered(modelId, msg.sender, name, baseModelHash, datanetIds);
    }

    /// @inheritdoc IModelRegistry
    function recordTrainingRun(
        uint256 modelId,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    ) external returns (uint256 runId) {
        if (_models[modelId].owner == address(0)) revert UnknownModel(modelId);
        if (datasetRoot == 0 || configHash == 0 || dataOrderHash == 0 || artefactHash == 0) {
            revert ZeroHash();
        }
        runId = ++runCount;
        _runs[runId] = TrainingRun(artefactHash, SafeCast.toUint32(modelId), 0);
        emit TrainingRunRecorded(
            runId, modelId, msg.sender, datasetRoot, configHash, dataOrderHash, artefactHash
        );
    }

    /// @inheritdoc IModelRegistry
    function publishVersion(uint256 modelId, uint256 runId)
        external
        onlyOwner(modelId)
        returns (uint32 version)
    {
        TrainingRun storage run = _runs[runId];
        if (run.modelId != modelId) revert UnknownRun(modelId, runId);
        if (run.version != 0) revert RunAlreadyPublished(runId, run.version);
        version = ++_models[modelId].versions;
        // Checked arithmetic on the 16-bit counter above keeps the version in range.
        // forge-lint: disable-next-line(unsafe-typecast)
        run.version = uint16(version);
        emit ModelVersionPublished(modelId, version, runId, run.artefactHash);
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
    ) external onlyOwner(modelId) returns (uint32 version) {
        uint256 sumBps = uint256(platformBps) + ownerBps + stakersBps + contributorsBps;
        if (sumBps != WHOLE_BPS) revert SharesNotWhole(sumBps);
        if (retrievalBps > WHOLE_BPS) revert RetrievalShareTooHigh(retrievalBps);
        version = ++_models[modelId].terms;
        uint64 validFrom = uint64(block.timestamp);
        _terms[modelId][version] = Terms(
            pricePer1kIn,
            pricePer1kOut,
            platformBps,
            ownerBps,
            stakersBps,
            contributorsBps,
            retrievalBps,
            validFrom
        );
        emit TermsSet(
            modelId,
            version,
            pricePer1kIn,
            pricePer1kOut,
            platformBps,
            ownerBps,
            stakersBps,
            contributorsBps,
            retrievalBps,
            validFrom
        );
    }

    /// @inheritdoc IModelRegistry
    function modelOf(uint256 modelId) external view returns (Model memory) {
        return _models[modelId];
    }

    /// @inheritdoc IModelRegistry
    function runOf(uint256 runId) external view returns (TrainingRun memory) {
        return _runs[runId];
    }

    /// @inheritdoc IModelRegistry
    function termsOf(uint256 modelId, uint256 version) external view returns (Terms memory) {
        return _terms[modelId][version];
    }

    /// @inheritdoc IModelRegistry
    function modelIdOf(string calldata name) external view returns (uint256) {
        return _names[keccak256(bytes(name))];
    }

    function _checkOwner(uint256 modelId) private view {
        address owner = _models[modelId].owner;
        if (owner == address(0)) revert UnknownModel(modelId);
        if (owner != msg.sender) revert NotModelOwner(modelId, msg.sender);
    }

    function _checkName(bytes calldata name) private pure {
        bool valid = name.length >= 3 && name.length <= 32;
        for (uint256 i; valid && i < name.length; ++i) {
            bytes1 c = name[i];
            valid = (c >= "a" && c <= "z") || (c >= "0" && c <= "9") || c == "-";
        }
        if (!valid) revert InvalidName(string(name));
    }

    function _checkDatanets(uint256[] calldata datanetIds) private view {
        if (datanetIds.length == 0 || datanetIds.length > MAX_DATANETS) revert InvalidDatanets();
        uint256 previous;
        for (uint256 i; i < datanetIds.length; ++i) {
            uint256 datanetId = datanetIds[i];
            if (datanetId <= previous) revert InvalidDatanets();
            if (datanets.ownerOf(datanetId) == address(0)) revert UnknownDatanet(datanetId);
            previous = datanetId;
        }
    }
}
