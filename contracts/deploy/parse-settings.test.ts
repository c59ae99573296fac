import { describe, expect, test } from 'vitest'
import { parseSettings } from './parse-settings.ts'
import { planDeployment } from './plan-deployment.ts'

const account = (digit: string) => `0x${digit.repeat(40)}`
const valid = {
  ...{ admin: 'timelock', operator: account('A'), epochPoster: account('3') },
  ...{ guardian: account('4'), disputeWindow: 3600, thawPeriod: '86400' },
}

describe('parseSettings', () => {
  test('reads amounts and times as numbers or text and lowers the case of addresses', () => {
    const file = { ...valid, minBond: '1000000000000000000000', disputes: { quorum: 1 } }
    expect(parseSettings(file)).toEqual({
      ...file,
      ...{ operator: account('a'), disputeWindow: 3600n, thawPeriod: 86_400n, minBond: 10n ** 21n },
    })
  })

  test.each([
    ['guardian', { ...valid, guardian: undefined }],
    ['admin', { ...valid, admin: 'everyone' }],
    ['minBond', { ...valid, minBond: '-1' }],
    ['minBond', { ...valid, minBond: 1.5 }],
    ['disputes.winnerBps', { ...valid, disputes: { winnerBps: 5001 } }],
    ['governance.capBps', { ...valid, governance: { capBps: 10_001 } }],
    ['salt', { ...valid, salt: '0x00' }],
    ['minBonds', { ...valid, minBonds: 1 }],
  ])('names the wrong field %s', (field, file) => {
    expect(() => parseSettings(file)).toThrow(
      expect.objectContaining({
        code: 'DEPLOY_SETTINGS_INVALID',
        facts: expect.objectContaining({ field }),
      }),
    )
  })

  test.each([null, 1, 'settings', []])('refuses %j as a whole', (file) => {
    expect(() => parseSettings(file)).toThrow(
      expect.objectContaining({ code: 'DEPLOY_SETTINGS_INVALID' }),
    )
  })
})

describe('planDeployment', () => {
  test.each([
    ['minBond', { minBond: 0 }],
    ['stakeThawPeriod', { stakeThawPeriod: 3600 }],
    ['disputes.slashAmount', { minBond: 5, disputes: { slashAmount: 6 } }],
    ['disputes.attesters', { disputes: { attesters: [account('a'), account('A')], quorum: 2 } }],
    ['disputes.quorum', { disputes: { attesters: [account('5'), account('6')], quorum: 1 } }],
    ['governance.maturity', { governance: { maturity: 60 } }],
  ])('refuses what a constructor would refuse later: %s', (field, wrong) => {
    expect(() => planDeployment(parseSettings({ ...valid, ...wrong }))).toThrow(
      expect.objectContaining({
        code: 'DEPLOY_SETTINGS_INVALID',
        facts: expect.objectContaining({ field }),
      }),
    )
  })
})
