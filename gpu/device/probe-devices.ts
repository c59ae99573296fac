import { Tensor } from 'onnxruntime-node'
import { BaseError } from '../../schema/errors.ts'
import { createGraphBuilder } from '../onnx/graph-builder.ts'
import { type ExecutionProvider, openSession } from './open-session.ts'
import { requestWebgpuAdapter } from './request-webgpu-adapter.ts'

/** One way to compute on this machine. */
export interface DeviceProbe {
  readonly name: `onnx/${ExecutionProvider}` | 'gpu.js/webasm' | 'gpu.js/webgpu'
  readonly available: boolean
  /** What was found, or why the device cannot be used here. */
  readonly detail: string
}

/**
 * Tries every device with a real product and reports which ones exist here and why the others do
 * not. Never throws.
 *
 * onnxruntime crashes when two threads create WebGPU sessions at once, so only one probe may run in
 * a process at a time.
 */
export async function probeDevices(): Promise<readonly DeviceProbe[]> {
  return [
    await probe('onnx/cpu', () => probeOnnx('cpu')),
    await probe('onnx/webgpu', () => probeOnnx('webgpu')),
    await probe('onnx/cuda', () => probeOnnx('cuda')),
    await probe('gpu.js/webgpu', async () => {
      const { vendor, architecture, description } = await requestWebgpuAdapter()
      return [vendor, architecture, description].filter((part) => part !== '').join(' ')
    }),
    await probe('gpu.js/webasm', async () => {
      await import('gpu.js')
      return 'WebAssembly SIMD'
    }),
  ]
}

async function probe(
  name: DeviceProbe['name'],
  attempt: () => Promise<string>,
): Promise<DeviceProbe> {
  try {
    return { name, available: true, detail: await attempt() }
  } catch (error) {
    return { name, available: false, detail: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  const told = error instanceof BaseError ? error.facts['reason'] : undefined
  const text = String(told ?? (error instanceof Error ? error.message : error))
  // onnxruntime puts the place in its source and the failed condition before the reason.
  return text.split('\n', 1)[0]!.replace(/^.* was false\. /, '')
}

async function probeOnnx(provider: ExecutionProvider): Promise<string> {
  const graph = createGraphBuilder()
  const x = graph.input('x', 'f32', [2, 2])
  graph.output('y', graph.op('MatMul', [x, x]), 'f32', [2, 2])
  const session = await openSession(graph.encode(), { provider })
  try {
    const { y } = await session.run({ x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) })
    const exact = Array.from(y!.data as Float32Array).join() === '7,10,15,22'
    if (!exact) {
      throw new BaseError('DEVICE_UNAVAILABLE', {
        facts: { device: provider, reason: 'a 2x2 product is wrong' },
      })
    }
    return `onnxruntime ${provider}`
  } finally {
    await session.release()
  }
}
