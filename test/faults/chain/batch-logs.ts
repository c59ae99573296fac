import { concat, keccak256, numberToHex, toHex } from 'viem'
import { inferenceLedgerAbi } from '../../../contracts/abi/inference-ledger.ts'
import { encodeLog } from '../../../indexer/decode/log.fixture.ts'
import type { Hex } from '../../../schema/events/event.ts'
import type { SeededRandom } from '../plan/seeded-random.ts'
import { contracts } from './contracts.ts'
import type { RawLog } from './emitter.ts'

/**
 * Logs of one packed batch: lanes of 1 to 3 records, some of them skipped, and now and then a batch
 * that lies about its length or its codec.
 */
export function batchLogs(
  random: SeededRandom,
  batchId: bigint,
  payers: readonly Hex[],
): readonly RawLog[] {
  const hash = () => keccak256(toHex(random.int(0, 2 ** 32 - 1)))
  const lanes = payers.slice(0, random.int(1, 3)).map((payer, lane) => ({
    payer,
    lane,
    skipped: random.chance(0.2),
    records: Array.from({ length: random.int(1, 3) }, () =>
      concat([
        payer,
        numberToHex(lane + 1, { size: 4 }),
        numberToHex(1, { size: 2 }),
        numberToHex(2, { size: 2 }),
        numberToHex(random.int(0, 2 ** 40), { size: 12 }),
        numberToHex(random.int(0, 9999), { size: 4 }),
        numberToHex(random.int(0, 9999), { size: 4 }),
        numberToHex(1_800_000_000 + random.int(0, 9999), { size: 4 }),
        hash(),
        hash(),
      ]),
    ),
  }))
  const charged = lanes.filter(({ skipped }) => !skipped)
  const calls = charged.reduce((sum, { records }) => sum + records.length, 0)
  const ledger = (name: 'LaneSkipped' | 'BatchPacked', args: Readonly<Record<string, unknown>>) =>
    encodeLog(contracts.ledger, inferenceLedgerAbi, name, args)
  return [
    ...lanes
      .filter(({ skipped }) => skipped)
      .map(({ payer, lane }) =>
        ledger('LaneSkipped', {
          ...{ batchId, lane, payer, modelId: lane + 1, termsVersion: 2 },
          reason: random.int(1, 6),
        }),
      ),
    ledger('BatchPacked', {
      batchId,
      operator: payers[0],
      codec: random.chance(0.05) ? 9 : 1,
      calls: calls + (random.chance(0.05) ? 1 : 0),
      digest: hash(),
      dataHash: hash(),
      data: concat(lanes.flatMap(({ records }) => records)),
    }),
  ]
}
