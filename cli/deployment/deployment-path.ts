import { fileURLToPath } from 'node:url'

/** Where the contract addresses of a chain are kept unless a file is named. */
export function deploymentPath(chainId: number): string {
  return fileURLToPath(new URL(`../../contracts/deployments/${chainId}.json`, import.meta.url))
}
