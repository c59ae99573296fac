import { encodeFunctionData } from 'viem'
import { datanetRegistryAbi, datanetRegistryBytecode } from '../abi/datanet-registry.ts'
import { modelRegistryAbi, modelRegistryBytecode } from '../abi/model-registry.ts'
import { registryProxyAbi, registryProxyBytecode } from '../abi/registry-proxy.ts'
import type { PlanBuilder } from './create-plan-builder.ts'

const proxy = {
  contract: 'RegistryProxy',
  abi: registryProxyAbi,
  bytecode: registryProxyBytecode,
} as const

/** Adds both registries; each is initialised by the creation of its proxy, so nobody can come between. */
export function planRegistries({ addressOf, create }: PlanBuilder): void {
  const datanetsCode = create({
    ...{ name: 'datanetsImplementation', contract: 'DatanetRegistry' },
    ...{ abi: datanetRegistryAbi, bytecode: datanetRegistryBytecode },
    args: [],
  })
  const initializeDatanets = encodeFunctionData({
    ...{ abi: datanetRegistryAbi, functionName: 'initialize' },
    args: [addressOf('access')],
  })
  const datanets = create({ ...proxy, name: 'datanets', args: [datanetsCode, initializeDatanets] })
  const modelsCode = create({
    ...{ name: 'modelsImplementation', contract: 'ModelRegistry' },
    ...{ abi: modelRegistryAbi, bytecode: modelRegistryBytecode },
    args: [],
  })
  const initializeModels = encodeFunctionData({
    ...{ abi: modelRegistryAbi, functionName: 'initialize' },
    args: [addressOf('access'), datanets],
  })
  create({ ...proxy, name: 'models', args: [modelsCode, initializeModels] })
}
