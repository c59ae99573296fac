import { BaseError } from '../../schema/errors.ts'

/** What the WebGPU adapter of this machine says about itself. */
export interface WebgpuAdapterInfo {
  readonly vendor: string
  readonly architecture: string
  readonly description: string
}

/**
 * Makes `navigator.gpu` (Dawn) available to libraries written for browsers and returns the adapter.
 *
 * Libraries read the globals when they are imported, so this must run before the first import of
 * gpu.js. Throws `DEVICE_UNAVAILABLE` if Dawn does not load or finds no Vulkan adapter.
 */
export async function requestWebgpuAdapter(): Promise<WebgpuAdapterInfo> {
  const gpu = await loadDawn()
  const adapter = await gpu.requestAdapter()
  if (adapter === null) {
    throw new BaseError('DEVICE_UNAVAILABLE', {
      facts: { device: 'webgpu', reason: 'no Vulkan adapter (libvulkan.so.1 and a driver)' },
    })
  }
  const { vendor, architecture, description } = adapter.info
  return { vendor, architecture, description }
}

async function loadDawn(): Promise<GPU> {
  const scope = globalThis as { navigator?: { gpu?: GPU } }
  if (scope.navigator?.gpu !== undefined) return scope.navigator.gpu
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    const gpu = create([])
    Object.defineProperty(globalThis, 'navigator', {
      value: { gpu, hardwareConcurrency: 1 },
      configurable: true,
    })
    return gpu
  } catch (cause) {
    throw new BaseError('DEVICE_UNAVAILABLE', {
      facts: { device: 'webgpu', reason: 'the webgpu package does not load' },
      cause,
    })
  }
}
