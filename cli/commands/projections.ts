import { Command } from 'commander'
import { projectionsDropCommand } from './projections-drop.ts'
import { projectionsRebuildCommand } from './projections-rebuild.ts'
import { projectionsStatusCommand } from './projections-status.ts'
import { projectionsSwapCommand } from './projections-swap.ts'

/** Generations of the tables: rebuilt beside the live ones, then swapped. */
export function projectionsCommand(): Command {
  return new Command('projections')
    .description('rebuild the tables beside the live ones and swap them without downtime')
    .addCommand(projectionsStatusCommand())
    .addCommand(projectionsRebuildCommand())
    .addCommand(projectionsSwapCommand())
    .addCommand(projectionsDropCommand())
}
