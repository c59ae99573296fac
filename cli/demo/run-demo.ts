import { loadProvenEpoch } from '../../engine/publish/load-proven-epoch.ts'
import { foldChainFacts } from '../../engine/state/fold-chain-facts.ts'
import { readChainFacts } from '../../engine/state/read-chain-facts.ts'
import { BaseError } from '../../schema/errors.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import type { Config } from '../config/read-config.ts'
import type { Reporter } from '../console/reporter.ts'
import { claimRewards } from '../epochs/claim-rewards.ts'
import { rewardsClientOf } from '../epochs/rewards-client-of.ts'
import { finalise } from '../stack/finalise.ts'
import { watchMemory } from '../stack/measure-memory.ts'
import type { Stack } from '../stack/start-stack.ts'
import { startStack } from '../stack/start-stack.ts'
import { adaptersPath } from '../stack/store-paths.ts'
import { readAcceptedContributions } from '../training/read-accepted-contributions.ts'
import { trainingLine } from '../training/training-line.ts'
import { accountMoney } from './account-money.ts'
import { checkDemo } from './check-demo.ts'
import { createCheckList } from './check-list.ts'
import { closeDemoEpoch } from './close-epoch.ts'
import { contributorFigures } from './contributor-figures.ts'
import { demoAccounts } from './demo-accounts.ts'
import { type DemoReport, describeMachine } from './demo-report.ts'
import { type DisputedEpoch, disputeWrongEpoch } from './dispute-wrong-epoch.ts'
import { evaluateCalls } from './evaluate-calls.ts'
import { fundPayers, type MadeCall, makeCalls } from './make-calls.ts'
import { planCalls } from './plan-calls.ts'
import { queryProvenance } from './provenance-chain.ts'
import { readDemoDatanets } from './rows/demo-datanets.ts'
import { createStageClock } from './stage-clock.ts'
import { trainAdapters } from './train-adapters.ts'
import { uploadDatanets } from './upload-datanets.ts'

/** Calls per epoch and epochs of training; the short demo is for CI. */
const sizes = {
  full: { callsPerEpoch: 160, trainingEpochs: undefined },
  short: { callsPerEpoch: 30, trainingEpochs: 2 },
} as const

const epochs = 2

/**
 * Runs the main job from upload to claim on real parts and checks what came out.
 *
 * @returns the report and the running stack, which the caller closes
 */
export async function runDemo(options: {
  config: Config
  reporter: Reporter
  signal: AbortSignal
  short: boolean
}): Promise<{ report: DemoReport; stack: Stack }> {
  const { config, reporter, signal, short } = options
  const { seed, finality } = config
  const size = short ? sizes.short : sizes.full
  const clock = createStageClock(reporter, signal)
  const memory = watchMemory()
  const stack = await clock.run(
    'services',
    'Starting PostgreSQL, anvil, event log and servers',
    () => startStack(config, (step) => reporter.line(`  ${step}`)),
  )
  try {
    const { chain, dev } = stack.services
    if (dev === undefined)
      throw new BaseError('CONFIG_INVALID', {
        facts: {
          variable: 'PROVENANT_RPC_URL',
          problem: 'the demo moves time and needs its own node',
        },
      })
    const { datanets } = readDemoDatanets({ seed })
    const accounts = demoAccounts(seed, datanets)
    const { datanetOwner, modelOwner, watcher, thief } = accounts
    const people = [datanetOwner, modelOwner, watcher, ...accounts.payers]
    await dev.fund([...people, ...accounts.contributors.values()].map(({ address }) => address))

    const uploaded = await clock.run('upload', 'Uploading rows of the installed packages', () =>
      uploadDatanets({
        ...{ chain, accounts, datanets, seed },
        ...{ deployment: stack.deployment, rowVault: stack.rowVault },
        onProgress: (done, total) => reporter.progress('contributions', done, total),
      }),
    )
    const models = await clock.run('train', 'Fine-tuning one adapter per Datanet', () =>
      trainAdapters({
        ...{ stack, accounts, uploaded, seed, signal, dir: adaptersPath(config.dir) },
        ...(size.trainingEpochs === undefined ? {} : { epochs: size.trainingEpochs }),
        onProgress: (model, progress) =>
          reporter.progress(model, progress.step, progress.steps, trainingLine(progress)),
      }),
    )
    const modelOf = (datanet: string) =>
      models.find((model) => model.datanet === datanet)?.name ?? ''
    const planned = planCalls({
      ...{ uploaded, accounts, modelOf, epochs, seed, perEpoch: size.callsPerEpoch },
    })
    await clock.run('escrow', 'Funding payers and escrow', () => fundPayers(stack, accounts))

    const made: MadeCall[] = []
    const closed: EpochClosed['data'][] = []
    const wrong: DisputedEpoch[] = []
    for (const [index, calls] of planned.entries()) {
      const number = index + 1
      made.push(
        ...(await clock.run(
          'calls',
          `Asking ${calls.length} paid questions (epoch ${number})`,
          () =>
            makeCalls({
              ...{ stack, accounts, calls, signal, seed: seed * 1000 + number },
              onProgress: (done, total) => reporter.progress('calls', done, total),
            }),
        )),
      )
      closed.push(
        await clock.run('attribute', `Attributing, proposing and activating epoch ${number}`, () =>
          closeDemoEpoch({
            ...{ stack, finality, signal },
            // The first time the poster cheats before it proposes what is right.
            beforeProposal: async ({ manifestHash }) => {
              if (number > 1) return
              const people = { watcher, thief: thief.address }
              wrong.push(await disputeWrongEpoch({ stack, manifestHash, signal, ...people }))
            },
            onProgress: ({ stage, model, done, total }) =>
              reporter.progress(`${stage} of model ${model}`, done, total),
          }),
        ),
      )
    }
    const proven = await Promise.all(
      closed.map(({ manifestHash }) => loadProvenEpoch(stack.artifacts, manifestHash)),
    )
    const manifests = proven.map(({ manifest }) => manifest)
    const last = closed.at(-1)
    const lastProven = proven.at(-1)
    const [disputed] = wrong
    if (last === undefined || lastProven === undefined || disputed === undefined)
      throw new BaseError('EPOCH_EMPTY', { facts: {} })
    const claims = await clock.run('claim', 'Claiming for every account', () =>
      claimRewards({
        ...{ chain, signal, deployment: stack.deployment, artifacts: stack.artifacts },
        client: rewardsClientOf(chain, stack.deployment, stack.keys.deployer.privateKey),
        manifestHash: last.manifestHash,
        // The platform leaves its part in the distributor.
        accounts: lastProven.leaves.rewards
          .map(({ account }) => account)
          .filter((account) => account !== lastProven.manifest.payees.platform),
        onProgress: (done, total) => reporter.progress('claims', done, total),
      }),
    )
    await finalise(stack, finality, signal)

    const read = await readChainFacts(stack.eventLog, chain.chainId, {
      artifacts: stack.artifacts,
    })
    const facts = read?.facts ?? []
    const state = foldChainFacts(facts)
    const callIdOf = new Map(state.calls.map(({ requestHash, callId }) => [requestHash, callId]))
    const attribution = await clock.run(
      'evaluate',
      'Comparing credit with the known sources',
      async () =>
        evaluateCalls({
          ...{ calls: made, manifests, callIdOf, seed },
          ...{ artifacts: stack.artifacts, rowVault: stack.rowVault },
          modelNames: new Map(
            models.map(({ published, name }) => [published.modelId.toString(), name]),
          ),
          contributions: await readAcceptedContributions(
            chain,
            stack.deployment,
            uploaded.map(({ datanetId }) => datanetId),
          ),
        }),
    )
    const shown = pickShownCall(manifests)
    const provenance = await queryProvenance(stack.api.url, shown)
    const checks = createCheckList(reporter)
    const money = accountMoney(facts, lastProven)
    const contributors = contributorFigures(uploaded, accounts, manifests)
    await clock.run('checks', 'Checking everything', () =>
      checkDemo({
        ...{
          checks,
          stack,
          config,
          signal,
          short,
          made,
          manifests,
          closed,
          claims,
          money,
          disputed,
        },
        ...{ attribution, contributors, provenance, state, facts },
        peakBytes: () => memory.peakBytes,
      }),
    )
    memory.stop()
    const { seconds } = clock
    const tokens = made.reduce((sum, call) => sum + call.tokensIn + call.tokensOut, 0)
    const gradientRows = models.reduce(
      (sum, { trained }) => sum + trained.rows * trained.manifest.checkpoints.length,
      0,
    )
    const trainedTokens = models.reduce((sum, { trained }) => sum + trained.tokens, 0)
    const per = (count: number, stage: string) =>
      Math.round((10 * count) / (seconds[stage] ?? 1)) / 10
    const report: DemoReport = {
      ok: checks.failed.length === 0,
      ...{ seed, short, machine: describeMachine(), checks: checks.results, stages: seconds },
      ...{ attribution, contributors, money, disputed, provenance, graphqlUrl: stack.api.url },
      epochs: closed.map(({ epoch, root, calls, leaves, totalEarned, manifestHash }) => ({
        ...{ epoch, root, calls, leaves, totalEarned, manifestHash },
      })),
      calls: made.map(({ requestHash, citations: _, tokensIn: __, tokensOut: ___, ...call }) => ({
        callId: callIdOf.get(requestHash) ?? '',
        ...call,
      })),
      speed: {
        gradientRowsPerSecond: per(gradientRows, 'attribute'),
        callsPerSecond: per(made.length, 'calls'),
        tokensPerSecond: per(tokens, 'calls'),
        trainingTokensPerSecond: per(trainedTokens, 'train'),
      },
      memory: {
        peakMb: memory.peakBytes === undefined ? null : Math.round(memory.peakBytes / 2 ** 20),
      },
    }
    return { report, stack }
  } catch (error) {
    memory.stop()
    await stack.close()
    throw error
  }
}

/** The call whose best row stood out most: a good one to look at. */
function pickShownCall(
  manifests: readonly {
    calls: readonly { callId: string; rows: readonly { zMilli: number }[] }[]
  }[],
): string {
  const calls = manifests.flatMap(({ calls: list }) => list)
  const best = (call: (typeof calls)[number]) => call.rows[0]?.zMilli ?? 0
  return [...calls].sort((a, b) => best(b) - best(a))[0]?.callId ?? ''
}
