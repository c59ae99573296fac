import { Command } from 'commander'
import { privateKeyToAccount } from 'viem/accounts'
import { createPayerClient, type PaidAnswer } from '../../gateway/client.ts'
import { BaseError } from '../../schema/errors.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { readOffers } from '../inference/read-offers.ts'
import { ensureEscrow } from '../money/ensure-escrow.ts'
import { formatTokens } from '../money/format-tokens.ts'
import { accountOf } from '../stack/account-of.ts'
import { connectStack } from '../stack/connect-stack.ts'

interface Options {
  readonly dir?: string
  readonly model: string
  readonly stream?: boolean
  readonly maxTokens?: number
  readonly keyName: string
  readonly privateKeyFile?: string
  readonly json?: boolean
}

/** Asks one paid question. */
export function inferCommand(): Command {
  return new Command('infer')
    .description('ask a model one paid question and print answer, fee and citations')
    .argument('<question>', 'the question')
    .requiredOption('--model <name>', 'name of the model, or name@version')
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--stream', 'print the answer as it is generated')
    .option('--max-tokens <n>', 'longest answer in tokens', positiveInteger)
    .option('--key-name <name>', 'payer, whose key follows from the seed', 'cli')
    .option('--private-key-file <file>', 'key of the payer, for a chain of your own')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A voucher signed by the payer goes with the question. On a development chain the payer's escrow is
filled up; elsewhere deposit first. The gateway records the call on the chain with its next batch.`,
    )
    .action((question: string, options: Options) =>
      runCommand(options, async ({ reporter }) => {
        await using stack = await connectStack(readStackConfig(process.env, options.dir))
        const { gatewayUrl } = stack.state
        const { model } = options
        const offers = await readOffers(gatewayUrl)
        const offer = offers.find(({ id }) => id === model.split('@')[0])
        if (offer === undefined)
          throw new BaseError('UNKNOWN_MODEL', {
            facts: { model, served: offers.map(({ id }) => id).join(', ') || 'none' },
          })
        const payer = await accountOf(stack, `payer ${options.keyName}`, options.privateKeyFile)
        await ensureEscrow(stack, payer, offer.provenant.operator)
        const account = privateKeyToAccount(payer.privateKey)
        const streams = options.stream === true && !reporter.json
        const answer = await createPayerClient({ gatewayUrl, account }).ask(model, question, {
          ...(options.maxTokens === undefined ? {} : { maxTokens: options.maxTokens }),
          ...(streams ? { onText: (text: string) => process.stdout.write(text) } : {}),
        })
        const { completionTokens: _, ...provenance } = answer.provenance
        reporter.result(
          { model, question, answer: answer.text.trim(), payer: payer.address, ...provenance },
          describe(answer, streams),
        )
        return 0
      }),
    )
}

function describe({ text, provenance }: PaidAnswer, streamed: boolean): string {
  const { fee, tokensIn, tokensOut, requestHash, citations } = provenance
  return [
    streamed ? '' : `${text.trim()}\n`,
    `fee ${formatTokens(BigInt(fee))} for ${tokensIn} tokens in and ${tokensOut} out`,
    `request ${requestHash}`,
    ...citations.map(
      ({ rowId, contributor, question, answer }) =>
        `cites ${rowId} of ${contributor}: ${question} ${answer}`,
    ),
  ].join('\n')
}
