import type { ProcessStatus } from './read-process-status.ts'

type Facts = ProcessStatus['facts']

/** What a person wants to know of a process beside its state; empty for one that says no more. */
const details: Readonly<Record<string, (facts: Facts) => string>> = {
  indexer: (facts) =>
    [
      `block ${facts['height']} of ${facts['nodeHeight'] ?? '?'}`,
      `final ${facts['finalizedHeight']}`,
      `${facts['events']} events`,
      ...restarts(facts),
    ].join(', '),
  projector: (facts) =>
    [
      facts['caughtUp'] === true ? 'caught up' : 'catching up',
      `${facts['events']} events`,
      ...delay(facts),
      ...(Number(facts['deadLetters'] ?? 0) > 0 ? [`${facts['deadLetters']} refused`] : []),
      ...restarts(facts),
    ].join(', '),
  engine: (facts) =>
    [
      `epoch ${facts['lastEpoch'] ?? 'none'}`,
      `${facts['openCalls']} calls in no epoch yet`,
      ...restarts({ lastError: facts['lastError'] }),
    ].join(', '),
}

/** Describes a process in a line: name, state, what is missing, details, URL. */
export function describeProcess(status: ProcessStatus): string {
  const { url, state, ready, missing, facts } = status
  const name = status.process ?? '?'
  if (state === undefined) return `${name.padEnd(10)}  DOWN       ${url}`
  const why = missing.length === 0 ? '' : ` (${missing.join(', ')})`
  const mark = ready ? 'ready' : 'NOT READY'
  const detail = describeFacts(name, facts)
  return [
    `${name.padEnd(10)}  ${mark.padEnd(9)}  ${state}${why}`,
    ...(detail ? [detail] : []),
    url,
  ].join('; ')
}

/** Details of a process by its name; of several chains one by one. */
export function describeFacts(name: string, facts: Facts): string {
  const describe = details[name]
  if (describe === undefined) return ''
  const { chains } = facts
  if (!Array.isArray(chains)) return describe(facts)
  return chains
    .map((chain: Facts) => `chain ${chain['chainId']} ${chain['state']}: ${describe(chain)}`)
    .join('; ')
}

const delay = ({ delaySeconds }: Facts): readonly string[] =>
  typeof delaySeconds === 'number' ? [`${delaySeconds.toFixed(1)} s behind the log`] : []

const restarts = ({ restarts: count, lastError }: Facts): readonly string[] => [
  ...(Number(count ?? 0) > 0 ? [`${count} restarts`] : []),
  ...(lastError === undefined ? [] : [`last error ${lastError}`]),
]
