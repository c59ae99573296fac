// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IDatanetRegistry} from "./IDatanetRegistry.sol";

/// @title Models, the training runs behind their versions, and the terms under which they are paid
/// @notice Versions and terms are append-only: what a payer signed can never change under them.
///
/// A model cannot change hands. Fault proofs read `modelOf(id).owner` as the payee of the owner's part of
/// every call; if it could change, a root that was right when it was proposed could be proven wrong after a
/// transfer, and the other way round. An owner who wants to be paid elsewhere sets a recipient in the
/// RewardsDistributor.
interface IModelRegistry {
    /// @notice Whether a model still gets new versions and terms.
    enum ModelStatus {
        None,
        Active,
        Retired
    }

    /// @notice A model.
    /// @param owner Payee of the owner's part, for ever; zero if there is no such model.
    /// @param versions How many versions were published.
    /// @param terms How many versions of the terms were set.
    struct Model {
        address owner;
        uint16 versions;
        uint16 terms;
    }

    /// @notice A training run.
    /// @param artefactHash What came out.
    /// @param modelId The model it was for; 0 if there is no such run.
    /// @param version Published from this run; 0 if none.
    /// @param trainer Who recorded it.
    struct TrainingRun {
        bytes32 artefactHash;
        uint32 modelId;
        uint16 version;
        address trainer;
    }

    /// @notice A version of a model.
    /// @param modelId The model.
    /// @param version The version.
    struct VersionRef {
        uint32 modelId;
        uint32 version;
    }

    /// @notice What a version consists of.
    /// @param artefactHash Its release.
    /// @param baseModelHash The base model under it.
    /// @param runId The training run it comes from; 0 if there is no such version.
    /// @param parents Versions it was merged from or trained on top of, in ascending order.
    struct Version {
        bytes32 artefactHash;
        bytes32 baseModelHash;
        uint64 runId;
        VersionRef[] parents;
    }

    /// @notice A measured linear datamodeling score: how well attribution predicts what retraining without
    /// some rows does to the answers.
    /// @param ldsMicros Rank correlation in millionths, −1,000,000 to 1,000,000.
    /// @param queries Over how many queries; 0 if it was not measured.
    struct Lds {
        int32 ldsMicros;
        uint32 queries;
    }

    /// @notice Prices and shares.
    /// @param pricePer1kIn Base units per 1,000 prompt tokens.
    /// @param pricePer1kOut Base units per 1,000 answer tokens.
    /// @param platformBps Share of the platform; the first four shares sum to 10,000.
    /// @param ownerBps Share of the owner of the model.
    /// @param stakersBps Share of the stakers.
    /// @param contributorsBps Share of the contributors.
    /// @param retrievalBps Share of the contributors' part that follows retrieval.
    /// @param validFrom Second from which they may be signed; 0 if there are none.
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

    /// @notice The registry was initialised.
    /// @param datanets Where the Datanets of its models are.
    event DatanetsSet(address datanets);
    /// @notice A model was registered; it is active.
    /// @param modelId Counter from 1.
    /// @param owner Its owner, for ever.
    /// @param name Unique.
    /// @param baseModelHash Hash of the base model under all its versions.
    /// @param datanetIds What it may be trained on.
    event ModelRegistered(
        uint256 indexed modelId,
        address indexed owner,
        string name,
        bytes32 baseModelHash,
        uint256[] datanetIds
    );
    /// @notice A model was retired or taken up again.
    /// @param modelId The model.
    /// @param oldStatus Until now.
    /// @param newStatus From now on.
    event ModelStatusChanged(uint256 indexed modelId, ModelStatus oldStatus, ModelStatus newStatus);
    /// @notice A training run was recorded.
    /// @param runId Counter from 1 over all models.
    /// @param modelId The model it was for.
    /// @param trainer Who recorded it.
    /// @param datasetRoot Merkle root of the rows it was trained on.
    /// @param configHash Hash of the configuration.
    /// @param dataOrderHash Hash of the order in which the rows came.
    /// @param artefactHash Hash of the release.
    event TrainingRunRecorded(
        uint256 indexed runId,
        uint256 indexed modelId,
        address indexed trainer,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    );
    /// @notice An LDS was recorded for a training run.
    /// @param runId The run.
    /// @param modelId The model it was for.
    /// @param by Who measured; once per run.
    /// @param ldsMicros Rank correlation in millionths.
    /// @param queries Over how many queries.
    /// @param reportHash Hash of the report.
    /// @param byTrainer Whether the trainer measured their own run, or a validator did.
    event LdsRecorded(
        uint256 indexed runId,
        uint256 indexed modelId,
        address indexed by,
        int32 ldsMicros,
        uint32 queries,
        bytes32 reportHash,
        bool byTrainer
    );
    /// @notice A version was published.
    /// @param modelId The model.
    /// @param version Counter from 1 per model.
    /// @param runId The training run it comes from.
    /// @param artefactHash Hash of the release.
    event ModelVersionPublished(
        uint256 indexed modelId, uint32 indexed version, uint256 indexed runId, bytes32 artefactHash
    );
    /// @notice What a version is based on; follows every `ModelVersionPublished`.
    /// @param modelId The model.
    /// @param version The version.
    /// @param baseModelHash Hash of the base model.
    /// @param parentModels Models of the parents, in ascending order; empty without parents.
    /// @param parentVersions Versions of the parents, one for each model before.
    event VersionLineage(
        uint256 indexed modelId,
        uint32 indexed version,
        bytes32 baseModelHash,
        uint32[] parentModels,
        uint32[] parentVersions
    );
    /// @notice Terms were appended.
    /// @param modelId The model.
    /// @param version Counter from 1 per model.
    /// @param pricePer1kIn Base units per 1,000 prompt tokens.
    /// @param pricePer1kOut Base units per 1,000 answer tokens.
    /// @param platformBps Share of the platform.
    /// @param ownerBps Share of the owner of the model.
    /// @param stakersBps Share of the stakers.
    /// @param contributorsBps Share of the contributors.
    /// @param retrievalBps Share of the contributors' part that follows retrieval.
    /// @param validFrom Second of this block.
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

    /// @notice Names are 3 to 32 characters of [a-z0-9-].
    /// @param name As given.
    error InvalidName(string name);
    /// @notice The name belongs to another model.
    /// @param name As given.
    /// @param modelId The other model.
    error NameTaken(string name, uint256 modelId);
    /// @notice A hash is missing.
    error ZeroHash();
    /// @notice Datanets must be 1 to 64 in ascending order.
    error InvalidDatanets();
    /// @notice There is no such Datanet.
    /// @param datanetId As given.
    error UnknownDatanet(uint256 datanetId);
    /// @notice The owner of the Datanet did not let the caller in.
    /// @param datanetId The Datanet.
    /// @param account Who called.
    error NoAccess(uint256 datanetId, address account);
    /// @notice There is no such model.
    /// @param modelId As given.
    error UnknownModel(uint256 modelId);
    /// @notice There is no such training run of this model.
    /// @param modelId The model.
    /// @param runId As given.
    error UnknownRun(uint256 modelId, uint256 runId);
    /// @notice A run becomes a version once.
    /// @param runId The run.
    /// @param version What it became.
    error RunAlreadyPublished(uint256 runId, uint16 version);
    /// @notice The caller does not own the model.
    /// @param modelId The model.
    /// @param caller Who called.
    error NotModelOwner(uint256 modelId, address caller);
    /// @notice The model is retired.
    /// @param modelId The model.
    error ModelNotActive(uint256 modelId);
    /// @notice The status asked for is none, or the one it already has.
    /// @param modelId The model.
    /// @param status As given.
    error InvalidStatus(uint256 modelId, ModelStatus status);
    /// @notice At most 8 parents.
    /// @param count As given.
    error TooManyParents(uint256 count);
    /// @notice Parents come in ascending order without repeats.
    /// @param index The first that is out of order.
    error MisorderedParents(uint256 index);
    /// @notice There is no such version.
    /// @param modelId As given.
    /// @param version As given.
    error UnknownVersion(uint256 modelId, uint256 version);
    /// @notice The parent stands on another base model, to which adapters of this one do not fit.
    /// @param modelId Of the parent.
    /// @param version Of the parent.
    error BaseMismatch(uint256 modelId, uint256 version);
    /// @notice The caller did not record this run.
    /// @param runId The run.
    /// @param caller Who called.
    error NotTrainer(uint256 runId, address caller);
    /// @notice An LDS lies between −1,000,000 and 1,000,000 millionths, over at least one query.
    /// @param ldsMicros As given.
    /// @param queries As given.
    error InvalidLds(int32 ldsMicros, uint32 queries);
    /// @notice The caller recorded an LDS for this run before.
    /// @param runId The run.
    /// @param by Who called.
    error LdsAlreadyRecorded(uint256 runId, address by);
    /// @notice The first four shares do not sum to 10,000.
    /// @param sumBps What they sum to.
    error SharesNotWhole(uint256 sumBps);
    /// @notice The platform's share is below the minimum.
    /// @param platformBps As given.
    error PlatformShareTooLow(uint16 platformBps);
    /// @notice The retrieval share is a part of the contributors' part.
    /// @param retrievalBps As given.
    error RetrievalShareTooHigh(uint16 retrievalBps);

    /// @notice Registers a model owned by the caller, who must have access to all its Datanets.
    /// @param name 3 to 32 characters of [a-z0-9-], unique.
    /// @param baseModelHash Hash of the base model the adapters are trained on.
    /// @param datanetIds Existing Datanets in ascending order without repeats, 1 to 64.
    /// @return modelId Counter from 1.
    function registerModel(string calldata name, bytes32 baseModelHash, uint256[] calldata datanetIds)
        external
        returns (uint256 modelId);

    /// @notice Retires a model or takes it up again; only the owner. A retired model gets no new versions
    /// and terms; those it has stay, and calls under them are still paid.
    /// @param modelId The model.
    /// @param status Active or Retired, not the one it has.
    function setModelStatus(uint256 modelId, ModelStatus status) external;

    /// @notice Records what went into a training run and what came out; anyone may attest, under their name.
    /// Nothing counts until the owner of the model publishes a version from the run.
    /// @param modelId The model.
    /// @param datasetRoot Merkle root of the rows it was trained on.
    /// @param configHash Hash of the configuration.
    /// @param dataOrderHash Hash of the order in which the rows came.
    /// @param artefactHash Hash of the release.
    /// @return runId Counter from 1 over all models.
    function recordTrainingRun(
        uint256 modelId,
        bytes32 datasetRoot,
        bytes32 configHash,
        bytes32 dataOrderHash,
        bytes32 artefactHash
    ) external returns (uint256 runId);

    /// @notice Records the LDS that the trainer measured; only the trainer of the run, once.
    /// @param runId The run.
    /// @param ldsMicros Rank correlation in millionths, −1,000,000 to 1,000,000.
    /// @param queries Over how many queries, at least 1.
    /// @param reportHash Hash of the report.
    function recordLds(uint256 runId, int32 ldsMicros, uint32 queries, bytes32 reportHash) external;

    /// @notice Records the LDS that a validator measured; only the role VALIDATOR, once per run and
    /// validator. It stands beside the trainer's, under the validator's name.
    /// @param runId The run.
    /// @param ldsMicros Rank correlation in millionths, −1,000,000 to 1,000,000.
    /// @param queries Over how many queries, at least 1.
    /// @param reportHash Hash of the report.
    function attestLds(uint256 runId, int32 ldsMicros, uint32 queries, bytes32 reportHash) external;

    /// @notice Publishes the artefact of a run, trained on the base model alone, as the next version; only
    /// the owner, once per run.
    /// @param modelId The model.
    /// @param runId A run of this model.
    /// @return version Counter from 1 per model.
    function publishVersion(uint256 modelId, uint256 runId) external returns (uint32 version);

    /// @notice Publishes the artefact of a run that merges other versions or was trained on top of one;
    /// only the owner, once per run.
    /// @param modelId The model.
    /// @param runId A run of this model.
    /// @param parents At most 8 published versions on the same base model, of any model, ascending by
    /// model and version.
    /// @return version Counter from 1 per model.
    function publishVersion(uint256 modelId, uint256 runId, VersionRef[] calldata parents)
        external
        returns (uint32 version);

    /// @notice Appends a version of prices and shares; only the owner.
    /// @param modelId The model.
    /// @param pricePer1kIn Base units per 1,000 prompt tokens.
    /// @param pricePer1kOut Base units per 1,000 answer tokens.
    /// @param platformBps Share of the platform, at least `minPlatformBps`; with the next three it sums to
    /// 10,000.
    /// @param ownerBps Share of the owner of the model.
    /// @param stakersBps Share of the stakers.
    /// @param contributorsBps Share of the contributors.
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

    /// @notice Where the Datanets of the models are.
    /// @return The registry.
    function datanets() external view returns (IDatanetRegistry);

    /// @notice The smallest share of the platform that terms may have. Votes follow earnings: without a
    /// part that never comes back, the owner of a model could earn votes by paying itself.
    /// @return In basis points.
    function minPlatformBps() external view returns (uint16);

    /// @notice How many models there are.
    /// @return Their number, which is also the latest id.
    function modelCount() external view returns (uint256);

    /// @notice How many training runs there are over all models.
    /// @return Their number, which is also the latest id.
    function runCount() external view returns (uint256);

    /// @notice A model.
    /// @param modelId The model.
    /// @return model All zero if there is no such model.
    function modelOf(uint256 modelId) external view returns (Model memory model);

    /// @notice Whether a model gets new versions and terms.
    /// @param modelId The model.
    /// @return status None if there is no such model.
    function statusOf(uint256 modelId) external view returns (ModelStatus status);

    /// @notice A version.
    /// @param modelId The model.
    /// @param version The version.
    /// @return All zero if there is no such version.
    function versionOf(uint256 modelId, uint256 version) external view returns (Version memory);

    /// @notice A training run.
    /// @param runId The run.
    /// @return run All zero if there is no such run.
    function runOf(uint256 runId) external view returns (TrainingRun memory run);

    /// @notice What somebody measured for a run.
    /// @param runId The run.
    /// @param by The trainer or a validator.
    /// @return lds Zero queries if they measured nothing.
    function ldsOf(uint256 runId, address by) external view returns (Lds memory lds);

    /// @notice A version of the terms; never changes once set.
    /// @param modelId The model.
    /// @param version The version of the terms.
    /// @return terms All zero if that version was never set.
    function termsOf(uint256 modelId, uint256 version) external view returns (Terms memory terms);

    /// @notice Which model has a name.
    /// @param name The name.
    /// @return modelId Zero if the name is free.
    function modelIdOf(string calldata name) external view returns (uint256 modelId);
}
