import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPath } from '../artifacts/hash-path.ts'
import type { Hex } from '../schema/events/event.ts'
import { type GatewayWorld, startGatewayWorld } from '../test/support/gateway-world.ts'
import { createChainModelDirectory } from './create-chain-model-directory.ts'

let world: GatewayWorld
beforeAll(async () => {
  world = await startGatewayWorld()
})
afterAll(() => world.close())

const open = () =>
  createChainModelDirectory({
    rpcUrl: world.chain.anvil.url,
    deployment: world.chain.deployment,
    artifacts: world.artifacts,
  })

test('a model is found by name and by its version, with price and training rows', async () => {
  const models = open()
  expect(models.list()).toEqual([])
  await models.refresh()
  const atlas = models.find('atlas')
  expect(models.find('atlas@1')).toBe(atlas)
  expect(atlas).toMatchObject({
    modelId: 1,
    version: 1,
    termsVersion: 1,
    pricePer1kIn: '1000000',
    dataset: [{ contributionId: '1', dataHash: world.dataHash, rows: [0, 1, 2] }],
  })
})

test('new terms show after a refresh, and calls at the same time share one', async () => {
  const models = open()
  await models.refresh()
  await world.setTerms(7n, 9n)
  expect(models.find('atlas').termsVersion).toBe(1)
  await Promise.all([models.refresh(), models.refresh(), models.refresh()])
  expect(models.find('atlas')).toMatchObject({ termsVersion: 2, pricePer1kOut: '9' })
})

test('a model whose manifest is missing is not ready, and becomes so when it arrives', async () => {
  const ready = open()
  await ready.refresh()
  const hash: Hex = ready.find('atlas').artefactHash
  const manifest = await world.artifacts.get(hash)
  await rm(hashPath(`${world.dir}/artifacts`, hash))
  const models = open()
  await models.refresh()
  expect(() => models.find('atlas')).toThrow(expect.objectContaining({ code: 'MODEL_NOT_READY' }))
  expect(models.list()).toEqual([])
  await world.artifacts.put(manifest)
  await models.refresh()
  expect(models.find('atlas').version).toBe(1)
})

test('a node that does not answer is named', async () => {
  const models = createChainModelDirectory({
    rpcUrl: 'http://127.0.0.1:9',
    deployment: world.chain.deployment,
    artifacts: world.artifacts,
  })
  await expect(models.refresh()).rejects.toMatchObject({ code: 'NODE_UNAVAILABLE' })
})
