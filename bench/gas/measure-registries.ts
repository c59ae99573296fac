import { agentStakingAbi } from '../../contracts/abi/agent-staking.ts'
import { datanetRegistryAbi } from '../../contracts/abi/datanet-registry.ts'
import { inferenceEscrowAbi } from '../../contracts/abi/inference-escrow.ts'
import { modelRegistryAbi } from '../../contracts/abi/model-registry.ts'
import { provenantTokenAbi } from '../../contracts/abi/provenant-token.ts'
import type { Cost, GasLab } from './gas-lab.ts'
import { someHash } from './some-hash.ts'

/** One kind of transaction; `laterGas` where the first one writes storage that stays. */
export interface ActionCost {
  readonly action: string
  readonly firstGas: number
  readonly laterGas: number
  readonly signed: Cost['signed']
}

/** Model 1 with terms 1 comes into being here; the fault proofs use it. */
export async function measureRegistries(lab: GasLab): Promise<readonly ActionCost[]> {
  const { owner, admin, operator } = lab.accounts
  const { datanets, models, escrow, staking, token } = lab.deployment.addresses
  const datanet = { address: datanets, abi: datanetRegistryAbi } as const
  const model = { address: models, abi: modelRegistryAbi } as const
  const uri = 'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
  const results: ActionCost[] = []
  const twice = async (action: string, send: (round: number) => Promise<Cost>) => {
    const first = await send(1)
    const later = await send(2)
    results.push({ action, firstGas: first.gas, laterGas: later.gas, signed: later.signed })
  }
  await twice('create a Datanet', (round) =>
    lab.send(owner, {
      ...{ ...datanet, functionName: 'createDatanet' },
      args: [someHash(`datanet ${round}`), uri, 1],
    }),
  )
  await twice('contribution batch (1,000 rows)', (round) =>
    lab.send(owner, {
      ...{ ...datanet, functionName: 'submitContribution' },
      args: [1n, someHash(`rows ${round}`), 1000, 131_072n, someHash(`data ${round}`)],
    }),
  )
  await twice('accept a contribution', (round) =>
    lab.send(owner, { ...datanet, functionName: 'acceptContribution', args: [BigInt(round)] }),
  )
  await twice('register a model', (round) =>
    lab.send(owner, {
      ...{ ...model, functionName: 'registerModel' },
      args: [`bench-model-${round}`, someHash('base model'), [1n, 2n]],
    }),
  )
  await twice('training run', (round) =>
    lab.send(owner, {
      ...{ ...model, functionName: 'recordTrainingRun' },
      args: [
        1n,
        ...(['dataset', 'config', 'order', 'artefact'].map((name) =>
          someHash(`${name} ${round}`),
        ) as [Hash, Hash, Hash, Hash]),
      ],
    }),
  )
  await twice('publish a version', (round) =>
    lab.send(owner, { ...model, functionName: 'publishVersion', args: [1n, BigInt(round)] }),
  )
  await twice('set terms', () =>
    lab.send(owner, {
      ...{ ...model, functionName: 'setTerms' },
      args: [1n, 10n ** 15n, 2n * 10n ** 15n, 500, 2000, 500, 7000, 2000],
    }),
  )
  const amount = 10n ** 18n
  for (const spender of [escrow, staking])
    await lab.send(admin, {
      ...{ address: token, abi: provenantTokenAbi, functionName: 'approve' },
      args: [spender, 10n * amount],
    })
  await twice('deposit', () =>
    lab.send(admin, {
      ...{ address: escrow, abi: inferenceEscrowAbi, functionName: 'deposit' },
      args: [operator.address, amount],
    }),
  )
  await twice('stake', () =>
    lab.send(admin, {
      ...{ address: staking, abi: agentStakingAbi, functionName: 'stake' },
      args: [owner.address, amount],
    }),
  )
  return results
}

type Hash = `0x${string}`
