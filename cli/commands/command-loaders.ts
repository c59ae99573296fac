import type { Command } from 'commander'

type Loader = () => Promise<Command>

/** Every command by its name, in the order in which they are listed. */
export const commandLoaders: Readonly<Record<string, Loader>> = {
  demo: async () => (await import('./demo.ts')).demoCommand(),
  up: async () => (await import('./up.ts')).upCommand(),
  status: async () => (await import('./status.ts')).statusCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  deploy: async () => (await import('./deploy.ts')).deployCommand(),
  upload: async () => (await import('./upload.ts')).uploadCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  infer: async () => (await import('./infer.ts')).inferCommand(),
  epoch: async () => (await import('./epoch.ts')).epochCommand(),
  claim: async () => (await import('./claim.ts')).claimCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  projections: async () => (await import('./projections.ts')).projectionsCommand(),
  pretrain: async () => (await import('./pretrain.ts')).pretrainCommand(),
  migrate: async () => (await import('./migrate.ts')).migrateCommand(),
  eventlog: async () => (await import('./eventlog.ts')).eventlogCommand(),
  indexer: async () => (await import('./indexer.ts')).indexerCommand(),
  projector: async () => (await import('./projector.ts')).projectorCommand(),
  api: async () => (await import('./api.ts')).apiCommand(),
  engine: async () => (await import('./engine.ts')).engineCommand(),
  gpu: async () => (await import('./gpu.ts')).gpuCommand(),
  gateway: async () => (await import('./gateway.ts')).gatewayCommand(),
}
