// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "./IDatanetRegistry.sol";

/// @title Models, the training runs behind their versions, and the terms under which they are paid
/// @notice Versions and terms are append-only: what a payer signed can never change under them.
interface IModelRegistry {
    struct Model {
        address owner;
        uint16 versions;
        uint16 terms;
    }

    struct TrainingRun {
        bytes32 artefactHash;
        uint32 modelId;
        /// Version published from this run, 0 if none.
        uint16 version;
    }

    struct Terms {
        uint128 pricePer1kIn;
        uint128 pricePer1kOut;
        uint16 platformBps;
        uint16 ownerBps;
        uint16 stakersBps;
        uint16 contributorsBps;
        uint16 retrievalBps;
        uint64 validFrom;
    }

    event ModelRegistered(
        uint256 indexed modelId,
        address indexed owner,
        string name,
        bytes32 baseModelHash,
        uint256[] datanetIds
    );
    event TrainingRunRecorded(
        uint256 indexed runId,
        uint256 indexed modelId,
        address indexed trainer,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    );
    event ModelVersionPublished(
        uint256 indexed modelId, uint32 indexed version, uint256 indexed runId, bytes32 artefactHash
    );
    event TermsSet(
        uint256 indexed modelId,
        uint32 indexed version,
        uint128 pricePer1kIn,
        uint128 pricePer1kOut,
        uint16 platformBps,
        uint16 ownerBps,
        uint16 stakersBps,
        uint16 contributorsBps,
        uint16 retrievalBps,
        uint64 validFrom
    );

    error InvalidName(string name);
    error NameTaken(string name, uint256 modelId);
    error ZeroHash();
    error InvalidDatanets();
    error UnknownDatanet(uint256 datanetId);
    error UnknownModel(uint256 modelId);
    error UnknownRun(uint256 modelId, uint256 runId);
    error RunAlreadyPublished(uint256 runId, uint16 version);
    error NotModelOwner(uint256 modelId, address caller);
    error SharesNotWhole(uint256 sumBps);
    error RetrievalShareTooHigh(uint16 retrievalBps);

    /// @notice Registers a model owned by the caller.
    /// @param name 3 to 32 characters of [a-z0-9-], unique.
    /// @param baseModelHash Hash of the base model the adapters are trained on.
    /// @param datanetIds Existing Datanets in ascending order without repeats, 1 to 64.
    /// @return modelId Counter from 1.
    function registerModel(string calldata name, bytes32 baseModelHash, uint256[] calldata datanetIds)
        external
        returns (uint256 modelId);

    /// @notice Records what went into a training run and what came out; anyone may attest, under their name.
    /// Nothing counts until the owner of the model publishes a version from the run.
    /// @return runId Counter from 1 over all models.
    function recordTrainingRun(
        uint256 modelId,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    ) external returns (uint256 runId);

    /// @notice Publishes the artefact of a run as the next version; only the owner, once per run.
    /// @return version Counter from 1 per model.
    function publishVersion(uint256 modelId, uint256 runId) external returns (uint32 version);

    /// @notice Appends a version of prices and shares; only the owner.
    /// @param pricePer1kIn Base units per 1,000 prompt tokens.
    /// @param pricePer1kOut Base units per 1,000 answer tokens.
    /// @param platformBps Share of the platform; with the next three it sums to 10,000.
    /// @param retrievalBps Share of the contributors' part that follows retrieval, at most 10,000.
    /// @return version Counter from 1 per model; payers sign it with every voucher.
    function setTerms(
        uint256 modelId,
        uint128 pricePer1kIn,
        uint128 pricePer1kOut,
        uint16 platformBps,
        uint16 ownerBps,
        uint16 stakersBps,
        uint16 contributorsBps,
        uint16 retrievalBps
    ) external returns (uint32 version);

    function datanets() external view returns (IDatanetRegistry);

    function modelCount() external view returns (uint256);

    function runCount() external view returns (uint256);

    function modelOf(uint256 modelId) external view returns (Model memory model);

    function runOf(uint256 runId) external view returns (TrainingRun memory run);

    /// @return terms All zero if that version was never set.
    function termsOf(uint256 modelId, uint256 version) external view returns (Terms memory terms);

    /// @return modelId Zero if the name is free.
    function modelIdOf(string calldata name) external view returns (uint256 modelId);
}
