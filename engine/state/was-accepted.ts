import type { Contribution, RecordedCall } from './chain-state.ts'

/** True if a contribution had been accepted when a call was recorded. */
export const wasAccepted = (
  { acceptedAs }: Pick<Contribution, 'acceptedAs'>,
  { acceptedBefore }: Pick<RecordedCall, 'acceptedBefore'>,
): boolean => acceptedAs !== undefined && acceptedAs < acceptedBefore
