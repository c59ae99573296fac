import { expect, it } from 'vitest'
import { probeDevices } from './probe-devices.ts'

it('finds the CPU and gives a reason for every device that is missing', async () => {
  const probes = await probeDevices()
  const available = probes.filter((probe) => probe.available).map((probe) => probe.name)
  expect(available).toEqual(expect.arrayContaining(['onnx/cpu', 'gpu.js/webasm']))
  for (const probe of probes) expect(probe.detail).not.toBe('')
})
