import { attributionMethod } from './attribution-method.ts'
import { longestCommonSubstring } from './longest-common-substring.ts'

/**
 * Decides whether an answer used a cited row: they share a run of characters at least four long
 * and at least half as long as the row's answer. Case and surrounding white space do not count.
 */
export function isCitationUsed(rowAnswer: string, output: string): boolean {
  const { minLength, minAnswerMilli } = attributionMethod.citation
  const answer = rowAnswer.trim().toLowerCase()
  const shared = longestCommonSubstring(answer, output.trim().toLowerCase())
  return shared >= minLength && shared * 1000 >= answer.length * minAnswerMilli
}
