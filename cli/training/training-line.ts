import type { TrainingProgress } from '../../gpu/training/train-lora.ts'

/** Writes loss, speed and time left of a training for a person to read. */
export const trainingLine = ({ loss, tokensPerSecond, secondsLeft }: TrainingProgress): string =>
  `loss ${loss.toFixed(2)}, ${tokensPerSecond.toFixed(0)} tok/s, ${secondsLeft.toFixed(0)} s left`
