import fc from 'fast-check'
import { keccak256, parseEventLogs, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { orderRewards } from '../schema/codec/order-epoch-leaves.ts'
import { buildOrderedMerkleTree } from '../schema/codec/ordered-merkle-tree.ts'
import { packRewardLeaves } from '../schema/codec/pack-epoch-leaves.ts'
import { type PackedCall, packCalls, unpackCalls } from '../schema/codec/packed-calls.ts'
import {
  emptyChain,
  extendChain,
  type Voucher,
  voucherDigest,
  voucherDomain,
  voucherTypes,
} from '../schema/codec/voucher.ts'
import type { Hex } from '../schema/events/event.ts'
import { type DeployedChain, startDeployedChain } from '../test/support/deployed-chain.ts'
import { inferenceEscrowAbi } from './abi/inference-escrow.ts'
import { inferenceLedgerAbi } from './abi/inference-ledger.ts'
import { provenantTokenAbi } from './abi/provenant-token.ts'
import { rewardsDistributorAbi } from './abi/rewards-distributor.ts'

let deployed: DeployedChain

beforeAll(async () => {
  deployed = await startDeployedChain()
})

afterAll(() => deployed.close())

const bytes = (length: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => toHex(value))

const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: (1n << bits) - 1n })

const vouchers: fc.Arbitrary<Voucher> = fc.record({
  payer: bytes(20),
  operator: bytes(20),
  modelId: fc.nat(2 ** 32 - 1),
  termsVersion: fc.nat(2 ** 16 - 1),
  calls: uint(64n),
  cumulativeMaxFee: uint(128n),
  callsChain: bytes(32),
})

const call = (payer: Hex, fields: Partial<PackedCall>): PackedCall => ({
  payer,
  modelId: 1,
  modelVersion: 2,
  termsVersion: 3,
  fee: 5n,
  tokensIn: 100,
  tokensOut: 200,
  calledAt: 1_760_000_000,
  requestHash: keccak256('0x01'),
  outputHash: keccak256('0x02'),
  ...fields,
})

const laneCalls = (payer: Hex): fc.Arbitrary<readonly PackedCall[]> =>
  fc.array(
    fc
      .record({
        fee: fc.bigInt({ min: 0n, max: 10n ** 18n }),
        modelVersion: fc.nat(2 ** 16 - 1),
        tokensIn: fc.nat(2 ** 32 - 1),
        tokensOut: fc.nat(2 ** 32 - 1),
        calledAt: fc.nat(2 ** 32 - 1),
        requestHash: bytes(32),
        outputHash: bytes(32),
      })
      .map((fields) => call(payer, fields)),
    { minLength: 1, maxLength: 12 },
  )

describe('the codecs of schema/ agree with the contracts', () => {
  test('on the digest of a voucher', async () => {
    const { publicClient, deployment } = deployed
    const { ledger } = deployment.addresses
    await fc.assert(
      fc.asyncProperty(vouchers, async (voucher) => {
        const onChain = await publicClient.readContract({
          address: ledger,
          abi: inferenceLedgerAbi,
          functionName: 'hashVoucher',
          args: [voucher],
        })
        expect(voucherDigest(deployment.chainId, ledger, voucher)).toBe(onChain)
      }),
      { numRuns: 60, seed: 1 },
    )
  })

  test('on the digest that a session key signs for its payer', async () => {
    const { publicClient, deployment, wallet } = deployed
    const { ledger } = deployment.addresses
    const key = wallet('contributor').account
    await fc.assert(
      fc.asyncProperty(vouchers, async (message) => {
        const domain = voucherDomain(deployment.chainId, ledger)
        const signature = await key.signTypedData({
          ...{ domain, types: voucherTypes, primaryType: 'Voucher', message },
        })
        const isSignedBy = (signer: Hex) =>
          publicClient.readContract({
            ...{ address: ledger, abi: inferenceLedgerAbi, functionName: 'isSignedBy' },
            args: [signer, voucherDigest(deployment.chainId, ledger, message), signature],
          })
        expect(await isSignedBy(key.address)).toBe(true)
        expect(await isSignedBy(message.payer)).toBe(false)
      }),
      { numRuns: 20, seed: 3 },
    )
  })

  test('on packed records, the hash chain of a lane and what is charged', async () => {
    const { publicClient, deployment, wallet } = deployed
    const { ledger, escrow, token } = deployment.addresses
    const admin = wallet('admin')
    const operator = wallet('operator')
    const payer = wallet('payer')
    const payerAddress = payer.account.address.toLowerCase() as Hex
    const amount = 10n ** 22n
    await mined(
      await admin.writeContract({
        address: token,
        abi: provenantTokenAbi,
        functionName: 'approve',
        args: [escrow, amount],
      }),
    )
    await mined(
      await admin.writeContract({
        address: escrow,
        abi: inferenceEscrowAbi,
        functionName: 'depositFor',
        args: [payerAddress, operator.account.address, amount],
      }),
    )

    let calls = 0n
    let charged = 0n
    let chain: Hex = emptyChain
    await fc.assert(
      fc.asyncProperty(laneCalls(payerAddress), async (batch) => {
        calls += BigInt(batch.length)
        charged += batch.reduce((sum, { fee }) => sum + fee, 0n)
        chain = batch.reduce((link, { requestHash }) => extendChain(link, requestHash), chain)
        const voucher: Voucher = {
          payer: payerAddress,
          operator: operator.account.address,
          modelId: 1,
          termsVersion: 3,
          calls,
          cumulativeMaxFee: charged,
          callsChain: chain,
        }
        const signature = await payer.signTypedData({
          domain: voucherDomain(deployment.chainId, ledger),
          types: voucherTypes,
          primaryType: 'Voucher',
          message: voucher,
        })
        const receipt = await mined(
          await operator.writeContract({
            address: ledger,
            abi: inferenceLedgerAbi,
            functionName: 'recordBatch',
            args: [
              1,
              packCalls(batch),
              keccak256('0x03'),
              [{ voucher, signer: payerAddress, calls: batch.length, signature }],
            ],
          }),
        )
        const logs = parseEventLogs({ abi: inferenceLedgerAbi, logs: receipt.logs })
        expect(logs.map(({ eventName }) => eventName)).toEqual(['BatchPacked'])
        const packed = logs.find((log) => log.eventName === 'BatchPacked')
        expect(packed?.args.calls).toBe(batch.length)
        expect(unpackCalls(packed?.args.data ?? '0x')).toEqual(batch)
        const lane = await publicClient.readContract({
          address: ledger,
          abi: inferenceLedgerAbi,
          functionName: 'laneOf',
          args: [payerAddress, operator.account.address, 1, 3],
        })
        expect(lane).toEqual({ calls, charged, callsChain: chain })
      }),
      { numRuns: 12, seed: 2, endOnFailure: true },
    )
    expect(await balanceOf(deployment.addresses.rewards)).toBe(charged)
  })

  test('on the spec of codec 1', async () => {
    const fields = [
      'payer address',
      'modelId uint32',
      'modelVersion uint16',
      'termsVersion uint16',
      'fee uint96',
      'tokensIn uint32',
      'tokensOut uint32',
      'timestamp uint32',
      'requestHash bytes32',
      'outputHash bytes32',
    ]
    const [registered] = await deployed.publicClient.getContractEvents({
      address: deployed.deployment.addresses.ledger,
      abi: inferenceLedgerAbi,
      eventName: 'CodecRegistered',
      fromBlock: BigInt(deployed.deployment.blockNumber),
    })
    expect(registered?.args).toEqual({ codec: 1, specHash: keccak256(toHex(fields.join('|'))) })
  })

  test.each([1, 2, 3, 7, 16])('on the proofs of an epoch with %i accounts', async (size) => {
    const { publicClient, deployment, wallet, passTime } = deployed
    const rewards = { address: deployment.addresses.rewards, abi: rewardsDistributorAbi } as const
    const share = 1000n
    const earnedBefore = await activeTotal()
    const total = earnedBefore + share * BigInt(size)
    const leaves = orderRewards(
      Array.from({ length: size }, (_, i) => ({
        account: keccak256(toHex(`${size}/${i}`)).slice(0, 42) as Hex,
        cumulative: share,
      })),
    )
    const tree = buildOrderedMerkleTree(packRewardLeaves(leaves))

    const admin = wallet('admin')
    const amount = total - earnedBefore
    await mined(
      await admin.writeContract({
        ...{ address: deployment.addresses.token, abi: provenantTokenAbi },
        functionName: 'approve',
        args: [rewards.address, amount],
      }),
    )
    await mined(await admin.writeContract({ ...rewards, functionName: 'fund', args: [amount] }))
    const [head, active] = await Promise.all([
      publicClient.getBlock(),
      publicClient.readContract({ ...rewards, functionName: 'activeEpoch' }),
    ])
    const { toBlock } = await publicClient.readContract({
      ...{ ...rewards, functionName: 'epochOf', args: [active] },
    })
    const other = { creditsRoot: head.hash, credits: 1, callsRoot: head.hash, calls: 1 }
    const hashes = { dataHash: head.hash, engineHash: head.hash, toBlockHash: head.hash }
    await passTime(1)
    await mined(
      await wallet('epochPoster').writeContract({
        ...{ ...rewards, functionName: 'propose' },
        args: [
          {
            ...{ ...other, ...hashes, root: tree.root, totalEarned: total, accounts: size },
            ...{ fromBlock: toBlock + 1n, toBlock: head.number },
          },
        ],
      }),
    )
    await passTime(3600)
    const epoch = await publicClient.readContract({ ...rewards, functionName: 'epochCount' })
    await mined(await admin.writeContract({ ...rewards, functionName: 'activate', args: [epoch] }))
    for (const [index, { account, cumulative, before }] of leaves.entries()) {
      const claim = { cumulative, before, index, proof: tree.proof(index) }
      await mined(
        await admin.writeContract({ ...rewards, functionName: 'claim', args: [account, claim] }),
      )
      expect(await balanceOf(account)).toBe(cumulative)
    }
  })
})

async function mined(hash: Hex) {
  const receipt = await deployed.publicClient.waitForTransactionReceipt({
    hash,
    checkReplacement: false,
  })
  expect(receipt.status).toBe('success')
  return receipt
}

async function balanceOf(account: Hex): Promise<bigint> {
  return deployed.publicClient.readContract({
    address: deployed.deployment.addresses.token,
    abi: provenantTokenAbi,
    functionName: 'balanceOf',
    args: [account],
  })
}

async function activeTotal(): Promise<bigint> {
  const rewards = {
    address: deployed.deployment.addresses.rewards,
    abi: rewardsDistributorAbi,
  } as const
  const epoch = await deployed.publicClient.readContract({
    ...rewards,
    functionName: 'activeEpoch',
  })
  const { totalEarned } = await deployed.publicClient.readContract({
    ...rewards,
    functionName: 'epochOf',
    args: [epoch],
  })
  return totalEarned
}
