import { Command } from 'commander'
import { connectNode } from '../../indexer/source/chain-node.ts'
import { compareChainWithLog } from '../../indexer/verify/compare-chain-with-log.ts'
import { foldLiveLog } from '../../indexer/verify/fold-live-log.ts'
import { rewindLog } from '../../indexer/verify/rewind-log.ts'
import type { VerifyDifference } from '../../indexer/verify/verify-difference.ts'
import { verifyTables } from '../../indexer/verify/verify-tables.ts'
import { runCommand } from '../console/run-command.ts'
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
Uses PROVENANT_RPC_URL, PROVENANT_EVENTSTORE_URL and PROVENANT_DATABASE_URL if they are set, else
the Provenant that runs in --dir. With --repair, the log gets BlockReverted events from the first
wrong block on and a running indexer reads those blocks again; verify once more when it has caught up.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using sources = await openVerifySources(process.env, options)
        const { rpcUrl, chainId, deployment, eventLog, databaseUrl } = sources
        const repair = options.repair === true
        const node = connectNode(rpcUrl)
        const { token: _, ...contracts } = deployment.addresses
        const live = await foldLiveLog(eventLog, chainId)
        const chain = await compareChainWithLog({
          ...{ node, chainId, contracts, live, startBlock: deployment.blockNumber },
          onHeight: (height, of) => reporter.progress('blocks', height, of),
        })
        const tables =
          databaseUrl === undefined
            ? undefined
            : await verifyTables({ databaseUrl, eventLog, chainId, repair })
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
            `${chain.facts} facts up to block ${chain.height} and ${tables?.rows ?? 'no'} rows compared.`,
            ...found.slice(0, 10).map(describe),
            ...(found.length > 10 ? [`… and ${found.length - 10} more`] : []),
            ...folded.map((table) => `${table} does not follow from its facts`),
            ...(rewound > 0 ? [`${rewound} blocks of the log taken back.`] : []),
            ...(repaired.rows ? ['Rows written anew.'] : []),
            ...(ok ? ['Chain, log and tables agree.'] : []),
          ].join('\n'),
        )
        return ok ? 0 : differenceFound
      }),
    )
}

const describe = (found: VerifyDifference): string =>
  `${found.between}: ${found.kind} ${found.what} ${found.id} in block ${found.height} ${found.blockHash}${found.deadLetter === undefined ? '' : ` (refused: ${found.deadLetter})`}`
