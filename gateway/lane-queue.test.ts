import { expect, test } from 'vitest'
import { createLaneQueue } from './lane-queue.ts'

test('holders of one lane follow each other in order, lanes do not wait for each other', async () => {
  const queue = createLaneQueue(10)
  const seen: string[] = []
  const leaveA = await queue.enter('a')
  const waiting = [1, 2, 3].map(async (n) => {
    const leave = await queue.enter('a')
    seen.push(`a${n}`)
    await Promise.resolve()
    leave()
  })
  const leaveB = await queue.enter('b')
  seen.push('b')
  leaveB()
  leaveA()
  await Promise.all(waiting)
  expect(seen).toEqual(['b', 'a1', 'a2', 'a3'])
  const again = await queue.enter('a')
  again()
})

test('a full lane turns callers away and takes them again later', async () => {
  const queue = createLaneQueue(1)
  const leave = await queue.enter('a')
  const second = queue.enter('a')
  await expect(queue.enter('a')).rejects.toMatchObject({ code: 'LANE_BUSY' })
  leave()
  ;(await second)()
  const third = await queue.enter('a')
  third()
})
