import type { AuditReport } from '../../engine/audit/audit-epoch.ts'
import type { ChainState } from '../../engine/state/chain-state.ts'
import { tableHashes } from '../../indexer/project/table-hashes.ts'
import { rewardLeaf } from '../../schema/codec/epoch-leaves.ts'
import { orderedLeafHash, verifyOrderedProof } from '../../schema/codec/ordered-merkle-tree.ts'
import type { EpochClosed } from '../../schema/events/attribution.ts'
import type { ChainFact } from '../../schema/events/chain-event.ts'
import type { Hex } from '../../schema/events/event.ts'
import type { EpochManifest } from '../../schema/manifests/epoch.ts'
import type { Config } from '../config/read-config.ts'
import type { MadeClaim } from '../epochs/claim-rewards.ts'
import { queryGraphql } from '../graphql/query-graphql.ts'
import { formatTokens } from '../money/format-tokens.ts'
import { compareReplay } from '../replay/compare-replay.ts'
import { replayEverything } from '../replay/replay-everything.ts'
import type { Stack } from '../stack/start-stack.ts'
import type { MoneyFigures } from './account-money.ts'
import { checkBackends } from './check-backends.ts'
import type { CheckList } from './check-list.ts'
import type { ContributorFigures } from './contributor-figures.ts'
import type { DisputedEpoch } from './dispute-wrong-epoch.ts'
import type { AttributionFigures } from './evaluate-calls.ts'
import type { MadeCall } from './make-calls.ts'
import type { ProvenanceChain } from './provenance-chain.ts'

/** Share of paraphrase calls whose true contributor has to be paid most. */
const wantedHitRate = 0.85

const memoryLimitMb = 4096

/** Runs every check of the demo; each one compares two things that were made independently. */
export async function checkDemo(options: {
  checks: CheckList
  stack: Stack
  config: Config
  signal: AbortSignal
  short: boolean
  made: readonly MadeCall[]
  manifests: readonly EpochManifest[]
  closed: readonly EpochClosed['data'][]
  claims: readonly MadeClaim[]
  money: MoneyFigures
  disputed: DisputedEpoch
  attribution: AttributionFigures
  contributors: readonly ContributorFigures[]
  provenance: ProvenanceChain
  state: ChainState
  facts: readonly ChainFact[]
  peakBytes: () => number | undefined
}): Promise<void> {
  const { checks, stack, made, manifests, closed, claims, money, short } = options
  const { attribution, contributors, provenance, state, facts } = options
  const { chain } = stack.services

  await checks.check('rows', () => {
    const rows = contributors.reduce((sum, contributor) => sum + contributor.rows, 0)
    const accounts = new Set(contributors.map(({ account }) => account)).size
    return { ok: rows >= 3000 && accounts >= 6, detail: `${rows} rows of ${accounts} contributors` }
  })
  await checks.check('calls', () => ({
    ok: state.calls.length === made.length && (short || made.length >= 300),
    detail: `${made.length} answered, ${state.calls.length} recorded on chain`,
  }))
  await checks.check('no undecodable log', () => {
    const count = facts.filter(({ type }) => type === 'UndecodableLog').length
    return { ok: count === 0, detail: `${count} of ${facts.length} facts` }
  })
  await checks.check('money', () => ({
    ok: money.balanced,
    detail: `claimed ${formatTokens(money.claimed)} + platform ${formatTokens(money.platform)} + dust ${money.dust} = charged ${formatTokens(money.charged)}`,
  }))
  await checks.check('balances', () => {
    const wrong = claims.filter(
      (claim) => claim.balanceAfter - claim.balanceBefore !== claim.amount,
    )
    const paid = claims.filter(({ amount }) => amount > 0n).length
    return {
      ok: wrong.length === 0 && paid === claims.length,
      detail: `${paid} of ${claims.length} accounts paid, ${wrong.length} balances off`,
    }
  })
  await checks.check('true contributor is paid most', () => {
    const { hitRate } = attribution.influence.paraphrase
    return {
      ok: short || hitRate >= wantedHitRate,
      detail: `${percent(hitRate)} of paraphrased questions (wanted ${percent(wantedHitRate)}${short ? ', not judged in a short run' : ''})`,
    }
  })
  await checks.check('provenance', () => checkProvenance(provenance))
  await checks.check('claim proof', () => checkClaimProof(stack, closed))
  await checks.check('wrong root', () => checkDispute(stack, options.disputed))
  await checks.check('score backends agree', () => checkBackends(stack.artifacts, manifests))
  for (const { epoch, manifestHash } of closed)
    await checks.check(`audit of epoch ${epoch}`, async () =>
      describeAudit(await stack.engine.audit(manifestHash, { deep: true, signal: options.signal })),
    )
  await checks.check('replay', async () => {
    const { databaseUrl } = stack.services
    const live = { tables: await tableHashes(databaseUrl), roots: closed }
    const replayed = await replayEverything({
      ...{ databaseUrl, chain, deployment: stack.deployment, artifacts: stack.artifacts },
      ...{ finality: options.config.finality, signal: options.signal },
    })
    const { ok, tables, rows, roots, differences } = compareReplay(live, replayed)
    return {
      ok,
      detail: ok
        ? `${tables} tables with ${rows} rows and ${roots} roots are the same`
        : differences.join('; '),
    }
  })
  await checks.check('memory', () => {
    const bytes = options.peakBytes()
    if (bytes === undefined) return { ok: true, detail: 'not measured: this system has no /proc' }
    const mb = Math.round(bytes / 2 ** 20)
    return {
      ok: mb <= memoryLimitMb,
      detail: `peak ${mb} MB of all processes (limit ${memoryLimitMb})`,
    }
  })
}

function checkProvenance({ inference }: ProvenanceChain) {
  const shares = inference?.attribution?.shares ?? []
  const sum = shares.reduce((total, { amount }) => total + BigInt(amount), 0n)
  const complete =
    inference !== null &&
    inference.attribution?.epoch.status === 'active' &&
    inference.modelVersion.trainingRun.id !== '' &&
    inference.attribution.rows.length > 0
  return {
    ok: complete && sum === BigInt(inference.fee),
    detail: `GraphQL shows call, model, training run, ${inference?.attribution?.rows.length ?? 0} rows and ${shares.length} shares that sum to the fee`,
  }
}

async function checkClaimProof(stack: Stack, closed: readonly EpochClosed['data'][]) {
  const last = closed.at(-1)
  const account = last?.balances[0]?.account
  const { epoch } = await queryGraphql<{
    epoch: { root: Hex; leafCount: number; claim: ClaimProof; proposal: { accounts: number } }
  }>(
    stack.api.url,
    `query ($epoch: BigInt!, $account: Hex!) { epoch(id: $epoch) {
      root proposal { accounts } claim(account: $account) { cumulative before index proof } } }`,
    { epoch: last?.epoch, account },
  )
  const { cumulative, before, index, proof } = epoch.claim
  const leaf = rewardLeaf({
    account: account ?? '0x',
    cumulative: BigInt(cumulative),
    before: BigInt(before),
  })
  const tree = { root: epoch.root, leafCount: epoch.proposal.accounts }
  return {
    ok: verifyOrderedProof(tree, index, orderedLeafHash(leaf), proof),
    detail: `the proof that GraphQL gives for ${account} folds to the root of epoch ${last?.epoch}`,
  }
}

interface ClaimProof {
  readonly cumulative: string
  readonly before: string
  readonly index: number
  readonly proof: readonly Hex[]
}

/** What the watcher did has to be what the chain, read back through GraphQL, says. */
async function checkDispute(stack: Stack, disputed: DisputedEpoch) {
  const { epochProposal } = await queryGraphql<{
    epochProposal: {
      root: string
      status: string
      faults: { kind: number; slashed: string; challenger: string }[]
    } | null
  }>(
    stack.api.url,
    'query ($id: BigInt!) { epochProposal(id: $id) { root status faults { kind slashed challenger } } }',
    { id: disputed.epoch },
  )
  const [fault] = epochProposal?.faults ?? []
  const { slashed, reward, stakeBefore, stakeAfter, kind, challenger } = disputed
  return {
    ok:
      epochProposal?.status === 'rejected' &&
      epochProposal.root === disputed.root &&
      fault?.kind === kind &&
      fault.slashed === slashed.toString() &&
      fault.challenger === challenger &&
      stakeBefore - stakeAfter === slashed &&
      slashed > 0n &&
      reward > 0n &&
      2n * reward <= slashed,
    detail: `proposal ${disputed.epoch} was proven wrong (${disputed.name}), rejected, and ${formatTokens(slashed)} slashed; the right root followed`,
  }
}

function describeAudit(report: AuditReport) {
  const { checked, difference, problem, deep } = report
  const found = difference ?? problem
  return {
    ok: report.ok,
    detail:
      found === undefined
        ? `${checked.scores} scores of ${checked.calls} calls and ${checked.leaves} leaves recomputed${deep === undefined ? '' : `, ${deep.gradients.lines} gradients re-derived from text`}`
        : JSON.stringify(found),
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
