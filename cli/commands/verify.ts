import { Command } from 'commander'
import { connectNode } from '../../indexer/source/chain-node.ts'
import { compareChainWithLog } from '../../indexer/verify/compare-chain-with-log.ts'
import { foldLiveLog } from '../../indexer/verify/fold-live-log.ts'
import { rewindLog } from '../../indexer/verify/rewind-log.ts'
import { verifyTables } from '../../indexer/verify/verify-tables.ts'
import { chainStream } from '../../schema/events/streams.ts'
import { describePace } from '../console/describe-pace.ts'
import type { Reporter } from '../console/reporter.ts'
import { runCommand } from '../console/run-command.ts'
import { describeDifference } from '../verify/describe-difference.ts'
import { openVerifySources } from '../verify/open-verify-sources.ts'

interface Options {
  readonly dir?: string
  readonly deployment?: string
  readonly repair?: boolean
  readonly json?: boolean
}

/** Exit code when something differs; also after a repair, which a second run confirms. */
const differenceFound = 5

/** Compares chain, event log and tables. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('compare chain, event log and tables; exit code 5 if they differ')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--deployment <file>', 'contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--repair', 'take wrong blocks of the log back and write wrong rows anew')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Every log of the chain up to the newest block that the event log and the node agree on is decoded again
and compared with the log, then every row of the tables with the log up to their checkpoint. Nothing has
to be stopped. The first difference is printed first, in order of blocks.

Uses PROVENANT_RPC_URL, PROVENANT_EVENTSTORE_URL and PROVENANT_DATABASE_URL if they are set (without the
last, only chain and log are compared), else the Provenant that runs in --dir. With --repair, the log
gets BlockReverted events from the first wrong block on and a running indexer reads those blocks again;
verify once more when it has caught up.

Exit codes: 0 all agree, 5 something differs (also when it was repaired), 75 a service is silent.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter, signal }) => {
        await using sources = await openVerifySources(process.env, options)
        const { rpcUrl, chainId, deployment, eventLog, databaseUrl } = sources
        const repair = options.repair === true
        const node = connectNode(rpcUrl)
        const { token: _, ...contracts } = deployment.addresses
        const last = await eventLog.readLast(chainStream(chainId))
        const live = await foldLiveLog(eventLog, chainId, {
          onEvent: progressOf(
            'events of the log',
            reporter,
            signal,
            Number(last?.revision ?? -1n) + 1,
          ),
        })
        const onHeight = progressOf('blocks of the chain', reporter, signal)
        const chain = await compareChainWithLog({
          ...{ node, chainId, contracts, live, startBlock: deployment.blockNumber, onHeight },
          added: deployment.added,
        })
        if (databaseUrl !== undefined) reporter.note('comparing the tables …')
        const tables =
          databaseUrl === undefined
            ? undefined
            : await verifyTables({ databaseUrl, eventLog, chainId, repair })
        signal.throwIfAborted()
        const [wrong] = chain.differences
        const rewound =
          repair && wrong !== undefined
            ? await rewindLog(eventLog, chainId, live, wrong.height, node)
            : 0
        const found = [...chain.differences, ...(tables?.differences ?? [])]
        const folded = tables?.folded ?? []
        const ok = found.length === 0 && folded.length === 0
        const repaired = { blocks: rewound, rows: tables?.repaired === true }
        reporter.result(
          {
            ...{ ok, chainId, facts: chain.facts, height: chain.height },
            ...{ rows: tables?.rows ?? null, repaired, first: found[0] ?? null },
            ...{ count: found.length, folded, differences: found.slice(0, 100) },
          },
          [
            `Chain ${chainId}: ${chain.facts} facts up to block ${chain.height} compared with the event log, ${tables === undefined ? 'no tables' : `${tables.rows} rows with the tables`}.`,
            ...(ok ? ['Chain, log and tables agree.'] : []),
            ...(found.length > 0 ? [`${found.length} differences, the first in`] : []),
            ...found.slice(0, 10).map((one) => `  ${describeDifference(one)}`),
            ...(found.length > 10 ? [`  … and ${found.length - 10} more (--json lists 100)`] : []),
            ...folded.map((table) => `Totals in ${table} do not follow from its facts.`),
            ...(rewound > 0
              ? [`${rewound} blocks of the log taken back; a running indexer reads them again.`]
              : []),
            ...(repaired.rows ? ['Rows written anew; verify once more to confirm.'] : []),
            ...(ok || repair ? [] : ['Run it with --repair to write what is wrong anew.']),
          ].join('\n'),
        )
        return ok ? 0 : differenceFound
      }),
    )
}

/** Reports every thousandth step, and ends the command when it is interrupted. */
function progressOf(label: string, reporter: Reporter, signal: AbortSignal, all = 0) {
  const pace = describePace(() => performance.now())
  return (done: number, total = all): void => {
    signal.throwIfAborted()
    if (done % 1000 === 0 || done >= total)
      reporter.progress(label, done, Math.max(done, total), pace(done, total))
  }
}
