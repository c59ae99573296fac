import type { ErrorClass } from './errors.ts'

interface ErrorEntry {
  readonly class: ErrorClass
  /** One sentence, no facts in it. */
  readonly sentence: string
  /** What the reader can do about it; printed in `docs/errors.md`. */
  readonly remedy: string
}

const entry = (errorClass: ErrorClass, sentence: string, remedy: string): ErrorEntry => ({
  class: errorClass,
  sentence,
  remedy,
})

/**
 * Every stable error code of the system, sorted; `docs/errors.md` is generated from this table.
 *
 * One long table on purpose: a code has to be unique over all folders, and a reader looks it up here.
 */
export const errorCodes = {
  ADAPTER_CHANGED: entry(
    'conflict',
    'The files of an adapter changed after it was loaded.',
    'Load the adapter again, or restore its files; keep the files of a loaded adapter unchanged.',
  ),
  ADAPTER_INVALID: entry(
    'input',
    'An adapter cannot be used with this base model.',
    'Pass a PEFT LoRA directory with r ≤ 256 on q, k, v, o_proj, without DoRA, rsLoRA, patterns or saved modules, trained on the same base.',
  ),
  ANSWER_MISMATCH: entry(
    'integrity',
    'An answer does not match what the gateway says about it.',
    'Keep request and answer as evidence; the operator recorded another output than it sent.',
  ),
  ARTIFACT_CORRUPT: entry(
    'integrity',
    'An artifact does not match its content address.',
    'Delete the damaged file and fetch it again from another store; nothing that used it was committed.',
  ),
  ARTIFACT_MISSING: entry(
    'unavailable',
    'An artifact is not in the store.',
    'Point `PROVENANT_ARTIFACTS` at the store that holds it, or copy the file there under its hash.',
  ),
  BACKEND_INVALID: entry(
    'integrity',
    'The GPU server answered something that cannot be recorded.',
    'Check that the backend is a Provenant GPU server of the same version; the call was not charged.',
  ),
  BACKEND_UNAVAILABLE: entry(
    'unavailable',
    'The GPU server does not answer.',
    'Start it or correct its URL; the call was not charged and its voucher position is free again.',
  ),
  BATCH_MALFORMED: entry(
    'integrity',
    'A packed batch is not a whole number of records.',
    'The ledger refuses such data; if it came from the chain, check the codec number of the batch.',
  ),
  BATCH_NOT_RECORDED: entry(
    'unavailable',
    'A batch of calls was not recorded on the chain.',
    'Nothing is lost: the calls stay in the journal and go into the next batch; read the cause.',
  ),
  BATCH_NOT_SETTLED: entry(
    'unavailable',
    'Committed batches were not settled.',
    'Nothing is lost: they stay committed and are settled or dropped next time; read the cause.',
  ),
  BENCH_UNKNOWN: entry(
    'usage',
    'There is no bench of that name.',
    'Run one of the benches that the facts name.',
  ),
  CALL_BODY_MISMATCH: entry(
    'integrity',
    'The stored body of a call is not the one that was recorded.',
    'Restore the vault; the call is attributed only with the body whose hashes the ledger holds.',
  ),
  CALL_BODY_MISSING: entry(
    'unavailable',
    'The body of a call is not in the vault.',
    'Ask the operator or the payer of the call; only they keep its text.',
  ),
  CALL_BODY_UNREADABLE: entry(
    'integrity',
    'The body of a call cannot be opened.',
    'Use the key the gateway sealed it with; if the key is right, the file was changed.',
  ),
  CALL_UNATTRIBUTABLE: entry(
    'integrity',
    'A recorded call refers to a fact that does not exist.',
    'Index the chain from the block of the deployment; the facts name what is missing.',
  ),
  CALL_UNKNOWN: entry(
    'input',
    'No such call was answered, or the nonce is not its own.',
    'Pass the hash of the request and the nonce it was made with.',
  ),
  CHAIN_DISPUTED: entry(
    'unavailable',
    'The nodes do not agree whether a final block was replaced.',
    'Find out which of the hosts in the facts is on the wrong fork and repair or remove it; until most nodes agree, the log stays as it is.',
  ),
  CHECKS_FAILED: entry(
    'integrity',
    'Some checks of the run failed.',
    'Read the failed checks in the report; each names what it compared.',
  ),
  CHILD_FAILED: entry(
    'unavailable',
    'A program that was started failed.',
    'Read the tail of its error output below the message; the command can be repeated.',
  ),
  CONFIG_INVALID: entry(
    'usage',
    'The configuration is not valid.',
    'Correct the named variable; `provenant doctor` prints what was read and from where.',
  ),
  CONTRACTS_INVALID: entry(
    'input',
    'The contracts do not compile or fail their own tests.',
    'Run `npm run contracts:test` and repair what it names.',
  ),
  CORPUS_INVALID: entry(
    'input',
    'The text for pretraining is empty or has no positive weight.',
    'Install the dependencies that the corpus is read from, or pass other text.',
  ),
  DATABASE_UNAVAILABLE: entry(
    'unavailable',
    'The database does not answer.',
    'Start PostgreSQL or correct `PROVENANT_DATABASE_URL`; the command can be repeated safely.',
  ),
  DATANET_UNKNOWN: entry(
    'input',
    'No Datanet has this number or name.',
    'Upload to it first, or choose one that `provenant status` lists.',
  ),
  DATASET_EMPTY: entry(
    'input',
    'There is no accepted row to train on.',
    'Upload rows and let the owner of the Datanet accept them; rows longer than the context do not count.',
  ),
  DEPLOYMENT_DIFFERS: entry(
    'conflict',
    'The settings give other addresses than the deployment file of this chain names.',
    'Deploy with the settings of the existing deployment, or keep the new one apart with `--out <file>`.',
  ),
  DEPLOYMENT_FAILED: entry(
    'unavailable',
    'A transaction of the deployment failed.',
    'Read the cause, give the deployer funds if it lacks them, and deploy again; what is done is kept.',
  ),
  DEPLOYMENT_INCOMPLETE: entry(
    'conflict',
    'The deployment does not name a contract whose events are in the log.',
    'Put the contract back into the deployment file (a successor goes under `added`), or index the other deployment into another log.',
  ),
  DEPLOYMENT_INVALID: entry(
    'input',
    'The file with the contract addresses is not valid.',
    'Deploy again or restore `contracts/deployments/<chainId>.json`; the named field is wrong.',
  ),
  DEPLOYMENT_UNSOUND: entry(
    'integrity',
    'The deployed contracts are not wired as they must be.',
    'Do not use this deployment; deploy again and report the failed check.',
  ),
  DEPLOY_SETTINGS_INVALID: entry(
    'input',
    'The settings of a deployment are not valid.',
    'Correct the named field; docs/contracts/deploy.md lists all of them.',
  ),
  DEVICE_UNAVAILABLE: entry(
    'unavailable',
    'A compute device that was asked for does not exist on this machine.',
    'Run `provenant doctor` to see which devices exist and why the others do not, or choose `cpu`.',
  ),
  ENGINE_BUSY: entry(
    'conflict',
    'The engine is already closing an epoch.',
    'Wait for it to finish, or abort it; a repeated close continues where the last one ended.',
  ),
  EPOCH_BOND_MISSING: entry(
    'conflict',
    'The stake of the epoch poster is below the bond.',
    "Stake the missing tokens for the poster's account, then propose again.",
  ),
  EPOCH_EMPTY: entry(
    'conflict',
    'There is no call to close an epoch over.',
    'Make paid calls first, or wait until the blocks that hold them are final.',
  ),
  EPOCH_IN_FLIGHT: entry(
    'conflict',
    'Another epoch waits for its dispute window.',
    'Activate or reject that epoch first, then propose again.',
  ),
  EPOCH_NOT_CLAIMABLE: entry(
    'conflict',
    'No active epoch holds this claim.',
    'Wait until the epoch is active, and take the proof from the active epoch.',
  ),
  EPOCH_NOT_PROPOSED: entry(
    'conflict',
    'The epoch is not proposed on-chain.',
    'Propose it first; a rejected epoch is closed again under the next number.',
  ),
  EPOCH_UNKNOWN: entry(
    'input',
    'No closed epoch has this number.',
    'Choose one that `provenant epoch status` lists.',
  ),
  EPOCH_WINDOW_OPEN: entry(
    'unavailable',
    'The dispute window of the epoch is still open.',
    'Activate again after the printed time.',
  ),
  ESCROW_UNDERFUNDED: entry(
    'input',
    'The escrow account does not cover the call.',
    'Deposit into the escrow for this operator; the facts name what is available and what is needed.',
  ),
  EVENT_FIELD_INVALID: entry(
    'integrity',
    'A log does not carry a field that its event must have.',
    'The log is kept as an undecodable one; check that the ABI belongs to the deployed contract.',
  ),
  EVENT_LOG_CONFLICT: entry(
    'conflict',
    'The stream is not at the expected revision.',
    'Read the end of the stream and decide again; another writer was faster, or this one missed its own write.',
  ),
  EVENT_LOG_CORRUPT: entry(
    'integrity',
    'The event log holds something that cannot be an event.',
    'Restore the log from a backup or replay it from the chain; nothing after the named place was handled.',
  ),
  EVENT_LOG_EVENT_INVALID: entry(
    'input',
    'An event cannot be appended.',
    'Correct the named field: the id must be a UUID, type and stream a non-empty string, the payload JSON.',
  ),
  EVENT_LOG_LOCKED: entry(
    'conflict',
    'Another event log server writes to this database schema.',
    'Stop the other server or give this one a schema of its own.',
  ),
  EVENT_LOG_REFUSED: entry(
    'input',
    'The event log refused the request; nothing was written.',
    'See the named reason: rights on the stream, a deleted stream, or an append above the size limit.',
  ),
  EVENT_LOG_TIMEOUT: entry(
    'unavailable',
    'The event log did not answer in time and the outcome is unknown.',
    'Repeat the append with the same event ids and expected revision; that cannot write twice.',
  ),
  EVENT_LOG_UNAVAILABLE: entry(
    'unavailable',
    'The event log cannot be reached.',
    'Start it or correct `PROVENANT_EVENTSTORE_URL`; appends may be repeated with the same event ids.',
  ),
  EVENT_VERSION_UNKNOWN: entry(
    'integrity',
    'The event log holds an event of a newer version than this program knows.',
    'Start the version of the program that wrote it; nothing after the named place was handled.',
  ),
  FAULT_NOT_PROVEN: entry(
    'conflict',
    'No fault of the epoch can be proven.',
    'Audit the epoch; what an audit finds and no proof shows, such as withheld leaves, is a matter of a dispute.',
  ),
  GATEWAY_CLOSED: entry(
    'unavailable',
    'The gateway is shutting down.',
    'Send the call again when it is back; it was not charged.',
  ),
  GATEWAY_INVALID: entry(
    'integrity',
    'The gateway answered something that cannot be understood.',
    'Check the URL and that both sides have the same version.',
  ),
  GATEWAY_UNAVAILABLE: entry(
    'unavailable',
    'The gateway does not answer.',
    'Start it or correct its URL; a call that was answered can be fetched with its hash and nonce.',
  ),
  GRADIENT_INVALID: entry(
    'integrity',
    'A gradient holds a number that is not finite.',
    'Check the checkpoint of the training run; nothing was stored.',
  ),
  GRAPHQL_UNAVAILABLE: entry(
    'unavailable',
    'The GraphQL server does not answer.',
    'Start it or correct its URL; the command can be repeated safely.',
  ),
  HASH_INVALID: entry(
    'input',
    'A hash is not 32 bytes of lowercase hex.',
    'Pass the hash as printed: `0x` and 64 lowercase digits.',
  ),
  INDEXER_STOPPED: entry(
    'unavailable',
    'The indexer has stopped before it reached the block.',
    'Read why it stopped in its log or status, then start it again; it resumes where it was.',
  ),
  INDEX_EMPTY: entry(
    'unavailable',
    'Nothing of this chain is indexed yet.',
    'Start the indexer or wait for its first block; `provenant status` shows how far it is.',
  ),
  INTERNAL: entry(
    'internal',
    'Something failed that should not fail.',
    'Report it with the printed cause; it is a bug.',
  ),
  INTERRUPTED: entry(
    'unavailable',
    'The command was stopped by a signal.',
    'Run it again; finished steps are not repeated.',
  ),
  JOURNAL_CORRUPT: entry(
    'integrity',
    'The journal of accepted calls is damaged.',
    'Restore it from a backup: the calls in it were answered and not yet paid; nothing was overwritten.',
  ),
  JOURNAL_LOCKED: entry(
    'conflict',
    'Another gateway uses this journal.',
    'Stop it or give this gateway a folder of its own; if no gateway runs, delete the named lock file.',
  ),
  KEY_FILE_INVALID: entry(
    'input',
    'A private key cannot be read from the file.',
    'Write `0x` and 64 hexadecimal digits into the file, and nothing else.',
  ),
  KEY_MISSING: entry(
    'usage',
    'The command needs the private key of an account.',
    'Pass `--private-key-file FILE`; only a development chain has derived keys.',
  ),
  LANE_BLOCKED: entry(
    'conflict',
    'The lane cannot be settled, so it takes no more calls.',
    'Use new terms or another account; the facts name why the ledger refused the lane.',
  ),
  LANE_BUSY: entry(
    'unavailable',
    'Too many calls of the lane are waiting.',
    'Wait for earlier calls of the same payer and model, then send the call again.',
  ),
  MANIFEST_INVALID: entry(
    'integrity',
    'A manifest does not have the form that its kind requires.',
    'Do not use it: whoever wrote it used another version or made a mistake; the facts name the field.',
  ),
  MODEL_INVALID: entry(
    'input',
    'A base model directory cannot be used.',
    'Pass a Hugging Face directory of a Llama-architecture model with a tied head; `provenant pretrain` makes one.',
  ),
  MODEL_NAME_TAKEN: entry(
    'conflict',
    'A model of this name belongs to another account.',
    'Choose another name, or pass the key of the owner.',
  ),
  MODEL_NOT_READY: entry(
    'unavailable',
    'The model has no published version with terms yet.',
    'Its owner must publish a version, set terms and keep its training artifacts reachable.',
  ),
  NODE_UNAVAILABLE: entry(
    'unavailable',
    'The chain node does not answer.',
    'Start the node or correct `PROVENANT_RPC_URL`; the command can be repeated safely.',
  ),
  PLATFORM_UNSUPPORTED: entry(
    'usage',
    'No binaries for this platform are installed.',
    'Run `npm ci` on this machine, or configure external services instead of the embedded ones.',
  ),
  PORT_UNAVAILABLE: entry(
    'unavailable',
    'The server cannot listen on the port.',
    'Stop the program that uses the port, choose another one, or 0 for any free port.',
  ),
  PRECONDITIONER_SINGULAR: entry(
    'integrity',
    'The Fisher matrix of a checkpoint cannot be factorised.',
    'Check the gradient segments of the checkpoint; all rows may be zero.',
  ),
  PROJECTION_DIFFERS: entry(
    'conflict',
    'The rebuilt tables are not the same as the live ones.',
    'Read which tables differ; if the difference is a mistake of the live ones, swap with `--force`.',
  ),
  PROJECTION_FENCED: entry(
    'conflict',
    'The checkpoint of the projection was moved by another writer.',
    'Stop the other projector; this one can be started again and resumes from the stored checkpoint.',
  ),
  PROJECTION_GENERATION_IN_USE: entry(
    'conflict',
    'These tables are still read.',
    'Live tables cannot be dropped; retired ones can when the requests that began on them have ended.',
  ),
  PROJECTION_GENERATION_MISSING: entry(
    'input',
    'There are no rebuilt tables of this kind.',
    'List them with `provenant projections status`; `provenant projections rebuild` makes new ones.',
  ),
  PROJECTION_LOCKED: entry(
    'conflict',
    'Another projector writes this projection.',
    'Stop the other one, or give this one a name and a database of its own.',
  ),
  PROJECTION_NOT_READY: entry(
    'conflict',
    'The rebuilt tables have not reached the live ones yet.',
    'Run `provenant projections rebuild` again, it resumes; or swap with `--force` and let the projector catch up.',
  ),
  PROJECTION_OTHER_CHAIN: entry(
    'conflict',
    'The tables of this database are of another chain.',
    'Give each chain a database of its own: `PROVENANT_DATABASE_URL`, or `databaseUrl` of the chain in the file of `PROVENANT_CHAINS`.',
  ),
  PROJECTION_POISONED: entry(
    'integrity',
    'The tables refuse the row of an event.',
    'A rebuild must be complete: correct the projection or the column, then run the rebuild again.',
  ),
  PROJECTION_STOPPED: entry(
    'unavailable',
    'The projector has stopped before it reached the position.',
    'Read why it stopped in its log or status, then start it again; it resumes where it was.',
  ),
  PROJECTION_SWAPPED: entry(
    'conflict',
    'Other tables became the live ones.',
    'Nothing to do: the projector goes on in the live tables by itself.',
  ),
  PROMPT_TOO_LONG: entry(
    'input',
    'Prompt and answer do not fit into the context of the model.',
    'Shorten the prompt or ask for fewer tokens; the facts name both and the limit.',
  ),
  QUERY_INVALID: entry(
    'input',
    'An argument of the query is not valid.',
    'Correct the named argument; cursors come from `pageInfo.endCursor` of the same field.',
  ),
  REPLAY_MISMATCH: entry(
    'integrity',
    'A recomputed epoch has another root than the one on-chain.',
    'Do not activate the epoch; the facts name the first difference.',
  ),
  REQUEST_INVALID: entry(
    'input',
    'A request is not what the interface expects.',
    'Correct the named field; parameters that the payer does not sign for are refused.',
  ),
  REQUEST_TOO_LARGE: entry(
    'input',
    'A request body is larger than the gateway accepts.',
    'Send a shorter prompt; the facts name the limit in bytes.',
  ),
  ROLES_NOT_SEPARATE: entry(
    'usage',
    'Operator, epoch poster and guardian must be three accounts.',
    'Give each role an account of its own: whoever posts an epoch must not be the one who can stop it.',
  ),
  ROOT_MISMATCH: entry(
    'integrity',
    'The leaves do not fold to the committed Merkle root.',
    'Run `provenant audit` for the epoch; do not claim or activate it until the difference is explained.',
  ),
  ROUTE_UNKNOWN: entry(
    'input',
    'The server has no such route.',
    'Check method and path against the list of routes in the documentation.',
  ),
  ROWS_CORRUPT: entry(
    'integrity',
    'Rows of a contribution do not match its leaf list.',
    'Restore the rows from the contributor; the leaves on record are the truth.',
  ),
  ROWS_EMPTY: entry(
    'input',
    'An upload holds no rows.',
    'Pass at least one row with a question and an answer.',
  ),
  ROWS_ENCODING_INVALID: entry(
    'input',
    'An upload is not valid UTF-8.',
    'Save the file as UTF-8 and upload it again; the facts name the line.',
  ),
  ROWS_FILE_TOO_LARGE: entry(
    'input',
    'An upload has more than 10 MB.',
    'Split the file; each part becomes a contribution of its own.',
  ),
  ROWS_FILE_UNREADABLE: entry(
    'input',
    'An upload cannot be read.',
    'Check the path and its permissions; the cause names what the system said.',
  ),
  ROWS_LINE_TOO_LONG: entry(
    'input',
    'A line of an upload has more than 1 MB.',
    'Write one row per line; the facts name the line.',
  ),
  ROWS_MALFORMED: entry(
    'input',
    'A line of an upload is not a row.',
    'Write each line as JSON with exactly the text fields question and answer, without control characters.',
  ),
  ROWS_MISSING: entry(
    'unavailable',
    'The rows of a contribution are not in the vault.',
    'Point the vault at the folder that holds them, or ask the contributor; the chain has only their leaves.',
  ),
  ROW_INDEX_INVALID: entry(
    'input',
    'A contribution has no row with that index.',
    'Pass an index below the number of rows.',
  ),
  ROW_SALT_INVALID: entry(
    'input',
    'Rows and salts do not fit together.',
    'Pass one salt of 32 random bytes per row.',
  ),
  RPC_REFUSED: entry(
    'unavailable',
    'The chain node refused a question.',
    'Use a node that serves the method and the range; the facts name the method and the host.',
  ),
  SAFETENSORS_INVALID: entry(
    'integrity',
    'A weight file is damaged.',
    'Fetch the file again; nothing was loaded from it.',
  ),
  SCHEMA_MISMATCH: entry(
    'conflict',
    'The tables are of another version than this program.',
    'Older tables: run `provenant migrate`. Newer tables: start the version of the program that made them.',
  ),
  SCORE_OPERANDS_INVALID: entry(
    'usage',
    'The operands of a score product do not fit together.',
    'Pass one int8 code per query and row position, and no more than 66,311 codes per row.',
  ),
  SERVER_BUSY: entry(
    'unavailable',
    'The server has as many requests as it can hold.',
    'Send the request again after the time in the `retry-after` header, or start more servers.',
  ),
  SERVER_CLOSING: entry(
    'unavailable',
    'The server is shutting down.',
    'Send the request again to another server, or to this one after it has started again.',
  ),
  SOURCE_MISSING: entry(
    'unavailable',
    'A Solidity source that a verifier needs cannot be read.',
    'Install the dependencies with `npm ci`, development dependencies included, and deploy again; the contracts are not affected.',
  ),
  SPENDING_LIMIT_REACHED: entry(
    'input',
    'The next voucher would promise more than the spending limit.',
    'Raise the limit of the client if the price is right; nothing was signed.',
  ),
  STACK_NOT_RUNNING: entry(
    'unavailable',
    'No running Provenant was found in that folder.',
    'Start it with `provenant up --dir DIR` and give the same folder.',
  ),
  STACK_RUNNING: entry(
    'conflict',
    'A Provenant already runs in that folder.',
    'Stop it first or give another folder; if none runs, delete the named lock file.',
  ),
  SUM_MISMATCH: entry(
    'integrity',
    'The shares do not add up to the fees.',
    'Nothing was written; report it with the printed facts, it is a bug or a damaged epoch.',
  ),
  TERMS_STALE: entry(
    'conflict',
    'The voucher names other terms than those in force.',
    'Read `/v1/models` again and sign a voucher for the current terms.',
  ),
  TEXT_INVALID: entry(
    'input',
    'A text cannot be tokenised.',
    'Send valid UTF-8 that fits into the context of the model.',
  ),
  TRAINING_DIVERGED: entry(
    'input',
    'The training loss is not a finite number.',
    'Lower the learning rate of the recipe; no adapter was written.',
  ),
  TRAINING_STATE_INVALID: entry(
    'integrity',
    'The saved state belongs to another training run or is damaged.',
    'Delete the state file to start again, or pass the options of the run that wrote it.',
  ),
  TRANSACTION_FAILED: entry(
    'unavailable',
    'A transaction was not executed.',
    'Read the cause; publishing can be repeated safely because the chain is read first.',
  ),
  UNKNOWN_MODEL: entry(
    'input',
    'The server has no model or adapter of this name.',
    'Choose a name from `GET /v1/models`, or load the adapter first.',
  ),
  VOUCHER_BAD_SIGNATURE: entry(
    'input',
    'The voucher is not signed by its payer, or the named session key, in a way the ledger accepts.',
    'Sign the voucher as EIP-712 data of the ledger, 65 bytes with a low s; name a session key in x-provenant-signer.',
  ),
  VOUCHER_KEY_EXPIRED: entry(
    'input',
    'The session key that signed the voucher ends too soon for the call to be charged.',
    'Let the payer renew the key with `setSigner` of the escrow, or sign with the payer itself.',
  ),
  VOUCHER_KEY_OVER_CAP: entry(
    'input',
    'The session key that signed the voucher may not spend enough for the call.',
    'Let the payer raise the cap with `setSigner` of the escrow; the facts name what is left of it.',
  ),
  VOUCHER_KEY_UNKNOWN: entry(
    'input',
    'The payer never let this key sign for it.',
    'Let the payer call `setSigner` of the escrow, or sign with the payer itself.',
  ),
  VOUCHER_MALFORMED: entry(
    'input',
    'A voucher cannot be read.',
    'Send the voucher as canonical JSON in base64url, and nonce and signature as hex.',
  ),
  VOUCHER_MISSING: entry(
    'input',
    'The call carries no voucher.',
    'Send the headers x-provenant-voucher, x-provenant-signature and x-provenant-nonce.',
  ),
  VOUCHER_OUT_OF_ORDER: entry(
    'conflict',
    'The voucher does not continue the lane.',
    "Read the lane's position and sign the next one; the facts name what is expected.",
  ),
  VOUCHER_REPLAYED: entry(
    'conflict',
    "The voucher's position is already taken.",
    'Sign the next position; an answer that was lost can be fetched with its hash and nonce.',
  ),
  VOUCHER_TOO_LOW: entry(
    'input',
    'The voucher does not cover the most this call may cost.',
    'Raise cumulativeMaxFee to the named amount.',
  ),
  VOUCHER_WRONG_OPERATOR: entry(
    'input',
    'The voucher is made out to another operator.',
    "Read the operator's address from `/v1/models`.",
  ),
  WRONG_CHAIN_ID: entry(
    'input',
    'The node serves another chain than the one configured.',
    'Correct `PROVENANT_RPC_URL` or `PROVENANT_CHAIN_ID`; nothing was written.',
  ),
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCodes
