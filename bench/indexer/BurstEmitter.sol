// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title Says what the registries say, as fast as a block allows
/// @notice For measurements only: its code is put at the addresses of both registries of a private
///         chain, so that an indexer meets the events of the real contracts from the real places.
contract BurstEmitter {
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

    /// @notice Emits the events `first` to `first + count - 1` of an endless series.
    /// @param first Index of the first event.
    /// @param count How many.
    /// @param models Where events of the model registry come from.
    function burst(uint256 first, uint256 count, BurstEmitter models) external {
        for (uint256 k = first; k < first + count; ++k) {
            uint256 group = k / 10 + 1;
            uint256 kind = k % 10;
            bytes32 hash = keccak256(abi.encode(k));
            if (kind == 0) {
                emit DatanetCreated(
                    group, msg.sender, hash, "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", 1
                );
            } else if (kind == 1) {
                models.record(group, msg.sender, hash);
            } else if (kind == 2) {
                models.publish(group, hash);
            } else {
                emit ContributionSubmitted(group, k + 1, msg.sender, hash, 100, 12_345, keccak256(abi.encode(hash)));
            }
        }
    }

    /// @notice Emits the training run `run` of model 1.
    /// @param run Number of the run.
    /// @param trainer Who trained.
    /// @param hash Any hash.
    function record(uint256 run, address trainer, bytes32 hash) external {
        emit TrainingRunRecorded(run, 1, trainer, hash, ~hash, bytes32(run), keccak256(abi.encode(hash)));
    }

    /// @notice Emits the publication of the version `run` of model 1.
    /// @param run Number of the run and of the version.
    /// @param hash Any hash.
    function publish(uint256 run, bytes32 hash) external {
        emit ModelVersionPublished(1, uint32(run), run, hash);
    }
}
