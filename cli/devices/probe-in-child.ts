import { fileURLToPath } from 'node:url'
import type { DeviceProbe } from '../../gpu/device/probe-devices.ts'
import { runToEnd } from '../services/run-to-end.ts'

/**
 * Probes the devices in a child process, so that noise and crashes of native drivers stay there.
 *
 * @throws `CHILD_FAILED` when a driver takes the child down.
 */
export async function probeInChild(): Promise<readonly DeviceProbe[]> {
  const script = fileURLToPath(new URL('./print-devices.ts', import.meta.url))
  const output = await runToEnd(process.execPath, [...process.execArgv, script])
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '[]') as DeviceProbe[]
}
