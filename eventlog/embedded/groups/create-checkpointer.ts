import type { GroupRecord, GroupStore } from './group-store.ts'

export interface Progress {
  readonly checkpoint: number
  readonly retries: Readonly<Record<string, number>>
}

export interface Checkpointer {
  /** Counts a settled event; the progress is saved soon. */
  settled(): void
  saved(): number
  /** Saves what is left. */
  close(): Promise<void>
}

/** Saves a group's progress after a time or a number of events, one save at a time. */
export function createCheckpointer(
  store: GroupStore,
  record: GroupRecord,
  progress: () => Progress,
): Checkpointer {
  let saved = record.checkpoint
  let unsaved = 0
  let timer: NodeJS.Timeout | undefined
  let saving: Promise<void> = Promise.resolve()

  const save = () => {
    clearTimeout(timer)
    timer = undefined
    unsaved = 0
    saving = saving
      .then(async () => {
        const { checkpoint, retries } = progress()
        await store.save(record.id, checkpoint, retries)
        saved = checkpoint
      })
      // The next save says the same and more; until then a restart delivers again.
      .catch(() => {})
    return saving
  }

  return {
    settled() {
      unsaved++
      const { maxCheckpointCount, checkpointAfterMs } = record.settings
      if (maxCheckpointCount > 0 && unsaved >= maxCheckpointCount) void save()
      else timer ??= setTimeout(save, checkpointAfterMs).unref()
    },
    saved: () => saved,
    close: save,
  }
}
