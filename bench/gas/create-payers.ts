import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import type { Hex } from '../../schema/events/event.ts'
import { devAccount } from './dev-account.ts'
import type { GasLab, Sender } from './gas-lab.ts'

const deposit = 10n ** 21n

/** Creates payers with money in escrow for the operator, sorted as records are. */
export async function createPayers(lab: GasLab, count: number): Promise<readonly Sender[]> {
  const { admin, operator } = lab.accounts
  const { token, escrow } = lab.deployment.addresses
  await lab.send(admin, {
    ...{ address: token, abi: provenantTokenAbi, functionName: 'approve' },
    args: [escrow, deposit * BigInt(count)],
  })
  const payers = Array.from({ length: count }, (_, i) => devAccount('payer', i))
  for (const payer of payers)
    await lab.send(admin, {
      ...{ address: escrow, abi: inferenceEscrowAbi, functionName: 'depositFor' },
      args: [payer.address, operator.address, deposit],
    })
  const key = ({ address }: Sender) => address.toLowerCase() as Hex
  return payers.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
