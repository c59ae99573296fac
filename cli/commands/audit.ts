import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { AuditReport } from '../../engine/audit/audit-epoch.ts'
import type { Hex } from '../../schema/events/event.ts'
import { auditExitCode } from '../audit/audit-exit-code.ts'
import { auditFromNode } from '../audit/audit-from-node.ts'
import { describeAudit } from '../audit/describe-audit.ts'
import { type BackendName, backendNames, openBackend } from '../audit/open-backend.ts'
import { readStackConfig } from '../config/read-stack-config.ts'
import { createLogger } from '../console/create-logger.ts'
import { artifactHash, positiveInteger } from '../console/option-values.ts'
import { runCommand } from '../console/run-command.ts'
import { findClosedEpoch } from '../epochs/find-closed-epoch.ts'
import { connectStack } from '../stack/connect-stack.ts'
import { engineOf } from '../stack/engine-of.ts'

interface Options {
  readonly dir?: string
  readonly epoch?: number
  readonly manifest?: Hex
  readonly deep?: boolean
  readonly backend: BackendName
  readonly rpc?: string
  readonly artifacts?: string
  readonly deployment?: string
  readonly json?: boolean
}

/** Recomputes an epoch and compares. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .description('recompute an epoch from chain and artifacts; exit code 5 on a difference')
    .option('--epoch <n>', 'number of the epoch (default: the newest)', positiveInteger)
    .option('--manifest <hash>', 'sha256 of its manifest, instead of the number', artifactHash)
    .option('--dir <dir>', 'data folder of the running Provenant (default: .provenant)')
    .option('--deep', 'also take a sample of gradients again from the texts')
    .addOption(
      new Option('--backend <name>', 'kernel that computes the scores')
        .choices(backendNames)
        .default('onnx'),
    )
    .option('--rpc <url>', 'audit without a running Provenant: a node of the chain')
    .option('--artifacts <dir>', 'with --rpc: the folder that holds store/ (PROVENANT_ARTIFACTS)')
    .option('--deployment <file>', 'with --rpc: contract addresses (PROVENANT_DEPLOYMENT)')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
A missing or damaged artifact is named with its code and exits with the code of its class.
With --rpc nothing is trusted but the node: facts come from its logs, everything else from the
artifacts by hash. --deep needs rows and calls in plain text and so a running Provenant.`,
    )
  return command.action((options: Options) => {
    if (options.rpc !== undefined && options.deep === true)
      command.error('error: --deep needs a running Provenant, not --rpc')
    if (options.rpc !== undefined && options.epoch === undefined && options.manifest === undefined)
      command.error('error: --rpc needs --epoch or --manifest')
    return runCommand(options, async ({ reporter, signal }) => {
      const report =
        options.rpc === undefined
          ? await auditRunning(options, signal)
          : await auditAlone(options, options.rpc, signal, (block, head) =>
              reporter.progress('blocks', block, head),
            )
      reporter.result(report, describeAudit(report))
      return auditExitCode(report)
    })
  })
}

async function auditRunning(options: Options, signal: AbortSignal): Promise<AuditReport> {
  const config = readStackConfig(process.env, options.dir)
  await using stack = await connectStack(config)
  const manifestHash =
    options.manifest ??
    (await findClosedEpoch(stack.eventLog, stack.chain.chainId, options.epoch)).manifestHash
  await using backend = await openBackend(options.backend)
  await using engine = engineOf(stack, {
    ...{ backend, workers: stack.state.workers, logger: createLogger(config.logLevel) },
  })
  return await engine.audit(manifestHash, { deep: options.deep === true, signal })
}

function auditAlone(
  options: Options,
  rpc: string,
  signal: AbortSignal,
  onProgress: (block: number, head: number) => void,
): Promise<AuditReport> {
  const config = readStackConfig(process.env, options.dir, {
    PROVENANT_RPC_URL: rpc,
    PROVENANT_ARTIFACTS: options.artifacts && resolve(options.artifacts),
    PROVENANT_DEPLOYMENT: options.deployment,
  })
  const { chainId, deploymentFile, artifactsDir } = config
  return auditFromNode({
    ...{ chainId, deploymentFile, artifactsDir, signal, onProgress },
    ...{ rpcUrl: rpc, manifestHash: options.manifest, epoch: options.epoch },
    backend: options.backend,
  })
}
