import { Command, Option } from 'commander'
import { tableHashes } from '../../indexer/project/table-hashes.ts'
import { foldLiveLog } from '../../indexer/verify/fold-live-log.ts'
import { describePace } from '../console/describe-pace.ts'
import type { Reporter } from '../console/reporter.ts'
import { runCommand } from '../console/run-command.ts'
import { openProjections } from '../projections/open-projections.ts'
import { compareLogs } from '../replay/compare-logs.ts'
import { compareReplay } from '../replay/compare-replay.ts'
import { openReplaySources } from '../replay/open-replay-sources.ts'
import { readProposedRoots } from '../replay/read-proposed-roots.ts'
import { replayEverything } from '../replay/replay-everything.ts'
import { replayLog } from '../replay/replay-log.ts'
import type { ReplayProgress } from '../replay/replay-progress.ts'
import { describeDifference } from '../verify/describe-difference.ts'

interface Options {
  readonly from: 'chain' | 'log'
  readonly dir?: string
  readonly deployment?: string
  readonly json?: boolean
}

/** Exit code when the replay came out differently. */
const differenceFound = 5
const shownDifferences = 100

/** Rebuilds everything from the chain or from the log in an empty database and compares. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('rebuild from the chain or the log and compare; exit code 5 if they differ')
    .addOption(
      new Option('--from <source>', 'what to rebuild from')
        .choices(['chain', 'log'])
        .default('chain'),
    )
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
--from chain  Log, tables and epoch roots are rebuilt from chain and artifacts alone. Every closed epoch
              must be proposed, because only then the chain knows it. Run it while no calls come in:
              what arrives meanwhile counts as a difference of the tables.
--from log    Tables are rebuilt from the event log alone and compared at one position of it, while the
              live ones go on being written.

Uses PROVENANT_EVENTSTORE_URL, PROVENANT_DATABASE_URL and PROVENANT_RPC_URL (with --from log
PROVENANT_CHAIN_ID is enough) if they are set, with --from chain also PROVENANT_ARTIFACTS and
PROVENANT_FINALITY; else the Provenant that runs in --dir. Works in a database of its own on the same
server, which is dropped at the end. "provenant verify" names single rows.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        const ok = await (options.from === 'log' ? fromLog : fromChain)(options, reporter, signal)
        return ok ? 0 : differenceFound
      }),
    )
}

async function fromLog(
  options: Options,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  await using sources = await openProjections(process.env, options)
  const { databaseUrl, eventLog, chainId } = sources
  const replay = await replayLog({
    ...{ databaseUrl, eventLog, chainId, signal },
    onProgress: progressIn(reporter),
  })
  reporter.result(
    { from: 'log', chainId, ...replay, first: replay.differences[0] ?? null },
    replay.ok
      ? `${replay.tables} tables with ${replay.rows} rows follow from the log up to position ${replay.position}.`
      : [...replay.differences, 'Run "provenant verify" to see which rows.'].join('\n'),
  )
  return replay.ok
}

async function fromChain(
  options: Options,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  await using sources = await openReplaySources(process.env, options)
  const { chain, deployment, artifacts, eventLog, databaseUrl, finality } = sources
  await sources.settle(signal)
  const roots = await readProposedRoots(sources)
  const replayed = await replayEverything({
    ...{ databaseUrl, chain, deployment, artifacts, finality, signal },
    onProgress: progressIn(reporter),
  })
  const log = compareLogs(await foldLiveLog(eventLog, chain.chainId), replayed.log)
  const compared = compareReplay({ tables: await tableHashes(databaseUrl), roots }, replayed)
  const named = log.differences.map(describeDifference)
  const differences = [...named, ...compared.differences]
  const ok = differences.length === 0
  reporter.result(
    {
      ...{ from: 'chain', chainId: chain.chainId, ...compared, ok },
      ...{ facts: log.facts, height: log.height, first: differences[0] ?? null },
      ...{ count: differences.length, differences: differences.slice(0, shownDifferences) },
    },
    ok
      ? `${log.facts} facts up to block ${log.height}, ${compared.tables} tables with ${compared.rows} rows and ${compared.roots} roots came out the same.`
      : differences.slice(0, shownDifferences).join('\n'),
  )
  return ok
}

/** Tells each step with its speed and the time that is left. */
function progressIn(reporter: Reporter): (progress: ReplayProgress) => void {
  const paces = new Map<string, ReturnType<typeof describePace>>()
  return ({ step, done, total }) => {
    const pace = paces.get(step) ?? describePace(() => performance.now())
    paces.set(step, pace)
    reporter.progress(step, Math.min(done, total), total, pace(done, total))
  }
}
