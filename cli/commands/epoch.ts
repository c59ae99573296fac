import { Command } from 'commander'
import { epochActivateCommand } from './epoch-activate.ts'
import { epochChallengeCommand } from './epoch-challenge.ts'
import { epochCloseCommand } from './epoch-close.ts'
import { epochProposeCommand } from './epoch-propose.ts'
import { epochStatusCommand } from './epoch-status.ts'
import { epochWatchCommand } from './epoch-watch.ts'

/** The way of an epoch from recorded calls to claims. */
export function epochCommand(): Command {
  return new Command('epoch')
    .description('close, propose, activate and watch reward epochs; each step may be repeated')
    .addCommand(epochCloseCommand())
    .addCommand(epochProposeCommand())
    .addCommand(epochActivateCommand())
    .addCommand(epochStatusCommand())
    .addCommand(epochWatchCommand())
    .addCommand(epochChallengeCommand())
}
