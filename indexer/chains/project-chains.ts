import type { Projector, ProjectorStatus } from '../project/create-projector.ts'
import { type RunChainsOptions, type RunningChains, runChains } from './run-chains.ts'

/** The projectors of several chains in one process, each with tables of its own. */
export type ChainProjectors = RunningChains<ProjectorStatus, Projector>

/** Creates one projector per chain; a chain that fails does not stop the others. */
export const projectChains = (
  options: Omit<RunChainsOptions<ProjectorStatus, Projector>, 'follows'>,
): ChainProjectors =>
  runChains({ ...options, follows: ({ state, caughtUp }) => state === 'running' && caughtUp })
