import { expect, test } from 'vitest'
import { createTurns } from './create-turns.ts'

/** A job that ends when it is told to. */
function openJob<Value>(value: Value) {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((done) => {
    resolve = done
  })
  let started = false
  return {
    run: () => {
      started = true
      return promise
    },
    finish: () => resolve(value),
    get started() {
      return started
    },
  }
}

test('no more jobs run than the limit, in the order in which they asked', async () => {
  const turns = createTurns(2)
  const jobs = [1, 2, 3].map((value) => openJob(value))
  const results = jobs.map((job) => turns.take(job.run))
  expect(jobs.map((job) => job.started)).toEqual([true, true, false])
  jobs[1]!.finish()
  expect(await results[1]).toBe(2)
  await Promise.resolve()
  expect(jobs[2]!.started).toBe(true)
  jobs[0]!.finish()
  jobs[2]!.finish()
  expect(await Promise.all(results)).toEqual([1, 2, 3])
})

test('an abort drops a job that waits and lets the running one end', async () => {
  const turns = createTurns(1)
  const first = openJob('first')
  const second = openJob('second')
  const abort = new AbortController()
  const running = turns.take(first.run, abort.signal)
  const waiting = turns.take(second.run, abort.signal)
  abort.abort(new Error('enough'))
  first.finish()
  expect(await running).toBe('first')
  await expect(waiting).rejects.toThrow('enough')
  expect(second.started).toBe(false)
})

test('a failed job gives its turn to the next', async () => {
  const turns = createTurns(1)
  const failed = turns.take(() => Promise.reject(new Error('broken')))
  const after = turns.take(async () => 'fine')
  await expect(failed).rejects.toThrow('broken')
  expect(await after).toBe('fine')
})

test('the end waits for what runs and refuses what waits', async () => {
  const turns = createTurns(1)
  const job = openJob('done')
  const running = turns.take(job.run)
  const waiting = turns.take(async () => 'never')
  const end = turns.end()
  job.finish()
  await end
  expect(await running).toBe('done')
  await expect(waiting).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(turns.take(async () => 'late')).rejects.toMatchObject({ code: 'INTERNAL' })
})
