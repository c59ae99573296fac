import { pino } from 'pino'
import type { EventLog } from '../../eventlog/client/event-log.ts'
import type { ScoreBackend } from '../../gpu/scores/score-backend.ts'
import { createEngine, type Engine } from '../create-engine.ts'
import { accountOf, chainId, type TinyWorld, token } from './tiny-world.fixture.ts'

/** Opens an engine over a tiny world. */
export const tinyEngine = (world: TinyWorld<EventLog>, backend?: ScoreBackend): Engine =>
  createEngine({
    eventLog: world.eventLog,
    artifacts: world.artifacts,
    rowVault: world.rowVault,
    callVault: world.callVault,
    chainId,
    token,
    accounts: { platform: accountOf('platform'), stakers: accountOf('stakers') },
    baseModelDir: world.baseModelDir,
    workers: 1,
    logger: pino({ level: 'silent' }),
    ...(backend === undefined ? {} : { backend }),
  })
