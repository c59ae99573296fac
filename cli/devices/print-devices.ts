import { probeDevices } from '../../gpu/device/probe-devices.ts'

// Probing prints native noise and changes globals, so it runs in a process of its own.
process.stdout.write(`\n${JSON.stringify(await probeDevices())}\n`)
