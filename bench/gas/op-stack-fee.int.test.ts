import gasPriceOracle from '@eth-optimism/contracts-bedrock/forge-artifacts/GasPriceOracle.sol/GasPriceOracle.json' with {
  type: 'json',
}
import l1Block from '@eth-optimism/contracts-bedrock/forge-artifacts/L1Block.sol/L1Block.json' with {
  type: 'json',
}
import {
  concat,
  createPublicClient,
  createTestClient,
  createWalletClient,
  encodePacked,
  http,
  parseAbi,
  toFunctionSelector,
} from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../schema/events/event.ts'
import { startTestChain } from '../../test/support/chain.ts'
import { pseudoRandomBytes } from '../merkle/pseudo-random-bytes.ts'
import { fastLzSize } from './fast-lz-size.ts'
import { fjordL1Fee } from './op-stack-fee.ts'

const oracle: Hex = '0x420000000000000000000000000000000000000f'
const block: Hex = '0x4200000000000000000000000000000000000015'
/** Sends the first transaction of every block of a rollup. */
const depositor: Hex = '0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001'
const abi = parseAbi(['function getL1Fee(bytes data) view returns (uint256)'])
const prices = {
  l1BaseFee: 12_345_678_901n,
  l1BlobBaseFee: 987_654_321n,
  baseFeeScalar: 5227n,
  blobBaseFeeScalar: 1_014_213n,
}
/** The oracle adds what a signature takes to the unsigned transaction that it is given. */
const signatureBytes = 68

test('sizes and fees equal those of the GasPriceOracle of Optimism', async () => {
  await using anvil = await startTestChain()
  const transport = http(anvil.url)
  const testClient = createTestClient({ mode: 'anvil', transport })
  const publicClient = createPublicClient({ transport })
  await testClient.setCode({
    address: oracle,
    bytecode: gasPriceOracle.deployedBytecode.object as Hex,
  })
  await testClient.setCode({ address: block, bytecode: l1Block.deployedBytecode.object as Hex })
  await testClient.impersonateAccount({ address: depositor })
  await testClient.setBalance({ address: depositor, value: 10n ** 20n })
  const wallet = createWalletClient({ account: depositor, transport })
  const send = async (to: Hex, data: Hex) => {
    const hash = await wallet.sendTransaction({ to, data, chain: null, gas: 1_000_000n })
    const receipt = await publicClient.waitForTransactionReceipt({ hash, checkReplacement: false })
    expect(receipt.status).toBe('success')
  }
  const values = encodePacked(
    ['uint32', 'uint32', 'uint64', 'uint64', 'uint64', 'uint256', 'uint256', 'bytes32', 'bytes32'],
    [
      ...([5227, 1_014_213, 0n, 1n, 1n] as const),
      ...([prices.l1BaseFee, prices.l1BlobBaseFee] as const),
      ...([`0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`] as const),
    ],
  )
  await send(block, concat([toFunctionSelector('setL1BlockValuesEcotone()'), values]))
  await send(oracle, toFunctionSelector('setEcotone()'))
  await send(oracle, toFunctionSelector('setFjord()'))

  const payloads = [
    ...[0, 1, 12, 13, 14, 31, 32, 33, 100, 1000, 9000].map((length) =>
      pseudoRandomBytes(length, length + 1),
    ),
    new Uint8Array(20_000),
    Uint8Array.from({ length: 5000 }, (_, i) => i % 7),
    Uint8Array.from({ length: 5000 }, (_, i) => (i % 97 < 40 ? 0 : (i * i) & 255)),
    Uint8Array.from([...pseudoRandomBytes(9000, 3), ...pseudoRandomBytes(9000, 3)]),
    Uint8Array.from([...pseudoRandomBytes(600, 4), ...pseudoRandomBytes(600, 4)]),
  ]
  for (const payload of payloads) {
    const data: Hex = `0x${Buffer.from(payload).toString('hex')}`
    const args = [data] as const
    const fee = await publicClient.readContract({
      ...{ address: oracle, abi, functionName: 'getL1Fee', args },
    })
    expect(
      fjordL1Fee(fastLzSize(payload) + signatureBytes, prices),
      `${payload.length} bytes`,
    ).toBe(fee)
  }
}, 60_000)
