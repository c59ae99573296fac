import { formatTokens } from '../money/format-tokens.ts'
import type { HitRate } from './attribution-figures.ts'
import type { DemoReport } from './demo-report.ts'
import type { MethodFigures } from './evaluate-calls.ts'

/** Writes the report for a person: one provenance chain, who is paid, money, checks. */
export function renderReport(report: DemoReport, seconds: number): string {
  return [
    '',
    ...renderProvenance(report),
    '',
    'Is the true contributor paid most? (share of calls; mean share of credit to the true row)',
    '                         paraphrased        held out of training',
    ...(['influence', 'bm25', 'random'] as const).map((method) =>
      renderMethod(method, report.attribution[method]),
    ),
    'The same with facts dealt to eight imaginary contributors by hash (no luck of neighbours)',
    ...(['influence', 'bm25'] as const).map((method) =>
      renderMethod(method, report.attribution.dealtByHash[method]),
    ),
    `  answers given exactly    ${percent(report.attribution.exactAnswers.paraphrase).padEnd(18)} ${percent(report.attribution.exactAnswers.heldOut)}`,
    `  calls paid by rows, because no row stood out: ${report.attribution.flatCalls}`,
    '',
    'Contributors (earned in two epochs)',
    ...report.contributors.map(
      ({ name, role, datanet, rows, earned }) =>
        `  ${name.padEnd(24)} ${datanet.padEnd(17)} ${String(rows).padStart(5)} rows  ${formatTokens(earned).padStart(12)}${role === 'author' ? '' : `  (${role})`}`,
    ),
    '',
    'Epochs',
    ...report.epochs.map(
      ({ epoch, root, calls, leaves, totalEarned }) =>
        `  ${epoch}  ${calls} calls, ${leaves} accounts, ${formatTokens(BigInt(totalEarned))} earned so far, root ${root}`,
    ),
    '',
    'A wrong root, proposed before the right one',
    `  proposal ${report.disputed.epoch}, root ${report.disputed.root}`,
    `  proven    ${report.disputed.name}: ${report.disputed.about}`,
    `  slashed   ${formatTokens(report.disputed.slashed)} of the poster's ${formatTokens(report.disputed.stakeBefore)}, ${formatTokens(report.disputed.reward)} of it to the challenger`,
    '',
    `Money: charged ${formatTokens(report.money.charged)} = claimed ${formatTokens(report.money.claimed)} + platform ${formatTokens(report.money.platform)} + dust ${report.money.dust}`,
    `Speed: ${report.speed.trainingTokensPerSecond} training tok/s, ${report.speed.callsPerSecond} calls/s, ${report.speed.tokensPerSecond} tok/s served, ${report.speed.gradientRowsPerSecond} gradient rows/s`,
    `Memory: peak ${report.memory.peakMb ?? 'unknown'} MB of all processes`,
    `Time: ${seconds.toFixed(0)} s (${Object.entries(report.stages)
      .map(([name, took]) => `${name} ${took.toFixed(0)}`)
      .join(', ')})`,
    report.ok
      ? `All ${Object.keys(report.checks).length} checks passed.`
      : `FAILED: ${Object.entries(report.checks)
          .filter(([, { ok }]) => !ok)
          .map(([name]) => name)
          .join(', ')}`,
  ].join('\n')
}

function renderProvenance({ provenance: { inference } }: DemoReport): string[] {
  if (inference === null) return ['No call to show.']
  const { attribution, modelVersion, provenance } = inference
  return [
    'Where one answer came from (GraphQL)',
    `  call      ${inference.id}`,
    `            block ${provenance.blockNumber}, fee ${formatTokens(BigInt(inference.fee))}, ${inference.tokensIn} tokens in, ${inference.tokensOut} out`,
    `  model     ${inference.model.name}@${modelVersion.version}, training run ${modelVersion.trainingRun.id}, dataset root ${short(modelVersion.trainingRun.datasetRoot)}`,
    ...(attribution?.rows ?? [])
      .slice(0, 3)
      .map(
        ({ rowId, z, contribution }) =>
          `  row       ${rowId.padEnd(8)} z ${z.toFixed(1).padStart(5)}  ${contribution.datanet.uri}, root ${short(contribution.root)}, by ${contribution.contributor.account}`,
      ),
    ...(attribution?.shares ?? [])
      .slice(0, 5)
      .map(
        ({ role, amount, account }) =>
          `  paid      ${role.padEnd(10)} ${formatTokens(BigInt(amount))} to ${account}`,
      ),
    `  epoch     ${attribution?.epoch.id} (${attribution?.epoch.status}), root ${short(attribution?.epoch.root ?? '')}`,
  ]
}

function renderMethod(name: string, { paraphrase, heldOut }: MethodFigures): string {
  const cell = ({ hitRate, meanClusterShare }: HitRate) =>
    `${percent(hitRate)}${meanClusterShare === null ? '' : `; ${percent(meanClusterShare)}`}`
  return `  ${name.padEnd(24)} ${cell(paraphrase).padEnd(18)} ${cell(heldOut)}`
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

const short = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-4)}`
