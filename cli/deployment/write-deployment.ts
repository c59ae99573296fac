import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Deployment } from '../../schema/deployment.ts'

/** Writes the addresses of a deployment, whole or not at all. */
export async function writeDeployment(path: string, deployment: Deployment): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, `${JSON.stringify(deployment, null, 2)}\n`)
  await rename(draft, path)
}
