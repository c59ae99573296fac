import { keccak256, toHex, zeroAddress, zeroHash } from 'viem'
import type { Hex } from '../schema/events/event.ts'
import { timelockControllerAbi } from './abi/timelock-controller.ts'
import type { VerifyOptions } from './verify-deployment.ts'

const roles = {
  admin: zeroHash,
  proposer: keccak256(toHex('PROPOSER_ROLE')),
  canceller: keccak256(toHex('CANCELLER_ROLE')),
  executor: keccak256(toHex('EXECUTOR_ROLE')),
} as const

/** Checks who may propose to the timelock, cancel in it and run what is due. */
export async function verifyTimelock(options: VerifyOptions): Promise<readonly string[]> {
  const { publicClient, settings, addresses, outsiders } = options
  const { timelock, governor } = addresses
  const members: Readonly<Record<keyof typeof roles, readonly Hex[]>> = {
    admin: [timelock],
    proposer: [governor],
    canceller: [governor, settings.guardian],
    executor: [zeroAddress],
  }
  const accounts = [
    ...outsiders,
    timelock,
    governor,
    settings.guardian,
    settings.admin,
    zeroAddress,
  ]
  const checks = [...new Set(accounts.map((account) => account.toLowerCase() as Hex))].flatMap(
    (account) =>
      Object.entries(roles).map(async ([name, role]) => {
        const isMember = await publicClient.readContract({
          address: timelock,
          abi: timelockControllerAbi,
          functionName: 'hasRole',
          args: [role, account],
        })
        const expected = members[name as keyof typeof roles]
        const shouldBe = expected.some((member) => member.toLowerCase() === account)
        if (isMember === shouldBe) return []
        return [`${account} ${shouldBe ? 'is not' : 'is'} ${name} of the timelock`]
      }),
  )
  return (await Promise.all(checks)).flat()
}
