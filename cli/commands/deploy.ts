import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { planDeployment } from '../../contracts/deploy/plan-deployment.ts'
import { readProgress } from '../../contracts/deploy/read-progress.ts'
import { runDeployment } from '../../contracts/deploy/run-deployment.ts'
import { writeVerification } from '../../contracts/deploy/write-verification.ts'
import { connectChain } from '../chain/connect-chain.ts'
import { readKeyFile } from '../chain/read-key-file.ts'
import { requireSetting } from '../config/require-setting.ts'
import { runCommand } from '../console/run-command.ts'
import { deploymentPath } from '../deployment/deployment-path.ts'
import { readSettings } from '../deployment/read-settings.ts'
import { refuseOtherDeployment } from '../deployment/refuse-other-deployment.ts'
import { renderDeployment } from '../deployment/render-deployment.ts'
import { writeDeployment } from '../deployment/write-deployment.ts'

interface Options {
  readonly rpc: string
  readonly keyFile?: string
  readonly config?: string
  readonly out?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Deploys all contracts to any chain. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description(
      'deploy all contracts by CREATE2: the same settings give the same addresses anywhere',
    )
    .requiredOption('--rpc <url>', 'node of the chain')
    .option('--key-file <file>', 'private key of the account that pays; it gets no role')
    .option('--config <file>', 'settings as JSON (default: development roles, on anvil only)')
    .option(
      '--out <file>',
      'where the addresses go (default: contracts/deployments/<chainId>.json)',
    )
    .option('--dry-run', 'print the addresses and what is missing, send nothing')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      runCommand(options, async ({ reporter }) => {
        const chain = await connectChain(options.rpc)
        const { chainId, publicClient } = chain
        const planned = planDeployment(await readSettings(chain, options.config))
        const { located, addresses } = planned
        const out = options.out ?? deploymentPath(chainId)
        await refuseOtherDeployment(out, publicClient, addresses)
        const { done } = await readProgress(publicClient, located)
        const steps = located.plan.steps.map(({ label }) => label)
        const found = { chainId, genesis: located.genesis, addresses, missing: steps.slice(done) }
        if (options.dryRun === true) {
          reporter.result({ ...found, dryRun: true }, renderDeployment(found))
          return 0
        }
        const { privateKey } = await readKeyFile(requireSetting(options.keyFile, '--key-file'))
        const outcome = await runDeployment(planned, {
          ...{ publicClient, walletClient: chain.wallet(privateKey) },
          onStep: (label) => reporter.line(`  ${label} …`),
        })
        await writeDeployment(out, outcome.deployment)
        const verification = join(dirname(out), `${chainId}.verification`)
        await writeVerification(located, verification)
        const { stepsRun, differences, deployment } = outcome
        const { blockNumber } = deployment
        const result = { ...found, missing: [], blockNumber, stepsRun, differences }
        reporter.result({ ...result, out, verification }, renderDeployment({ ...result, out }))
        return 0
      }),
    )
}
