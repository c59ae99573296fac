import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { drawSalts } from '../../artifacts/draw-salts.ts'
import { readRowsFile } from '../../artifacts/read-rows-file.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { runCommand } from '../console/run-command.ts'
import { acceptContribution } from '../datanets/accept-contribution.ts'
import { createDatanet, licences } from '../datanets/create-datanet.ts'
import { findDatanet } from '../datanets/find-datanet.ts'
import { submitContribution } from '../datanets/submit-contribution.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly datanet: string
  readonly file: string
  readonly keyName: string
  readonly privateKeyFile?: string
  readonly summary: string
  readonly licence: keyof typeof licences
  readonly json?: boolean
}

/** Uploads a file of rows into a Datanet. */
export function uploadCommand(): Command {
  return new Command('upload')
    .description('put rows into the vault and their Merkle root on the chain')
    .requiredOption('--datanet <name>', 'name or number of the Datanet; a new name creates it')
    .requiredOption('--file <rows.jsonl>', 'one {"question": …, "answer": …} per line, UTF-8')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--key-name <name>', 'contributor, whose key follows from the seed', 'uploader')
    .option('--private-key-file <file>', 'key of the contributor, for a chain of your own')
    .option('--summary <text>', 'public summary of a new Datanet', '')
    .addOption(
      new Option('--licence <licence>', 'licence of a new Datanet')
        .choices(Object.keys(licences))
        .default('unknown'),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The text of the rows stays in the folder; the chain gets hashes. On a development chain the owner
accepts at once; elsewhere only if the key is the owner's. Uploading a file twice makes two
contributions, of which the earlier one keeps the credit.`,
    )
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const rows = await readRowsFile(resolve(options.file))
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { chain, deployment, rowVault } = stack
        const given = options.privateKeyFile
        const contributor = await accountOf(stack, `contributor ${options.keyName}`, given)
        const owner = await accountOf(stack, 'datanet owner', given)
        const found = await findDatanet(chain, deployment, options.datanet, owner.address)
        const { datanet: name, summary, licence } = options
        const datanetId =
          found?.datanetId ??
          (await createDatanet({
            ...{ chain, deployment, owner: chain.wallet(owner.privateKey), name, summary },
            licence: licences[licence],
          }))
        const contributionId = await submitContribution({
          ...{ chain, deployment, datanetId, rows, rowVault },
          contributor: chain.wallet(contributor.privateKey),
          salts: drawSalts(rows.length, randomBytes),
        })
        const accepted = found === undefined || found.owner === owner.address
        if (accepted)
          await acceptContribution({
            ...{ chain, deployment, contributionId, owner: chain.wallet(owner.privateKey) },
          })
        const created = found === undefined
        reporter.result(
          {
            ...{ datanetId, created, contributionId, accepted, rows: rows.length },
            contributor: contributor.address,
          },
          [
            `${rows.length} rows are contribution ${contributionId} of Datanet ${datanetId}${created ? ' (new)' : ''}, by ${contributor.address}.`,
            accepted ? 'Accepted.' : 'The owner of the Datanet has to accept it.',
          ].join('\n'),
        )
        return 0
      }),
    )
}
