/** An answer as the GPU server generated it. */
export interface Completion {
  readonly promptTokens: number
  readonly completionTokens: readonly number[]
  /** As the server shows it: without the leading space, without bytes that are not UTF-8. */
  readonly content: string
  readonly finishReason: string
}

/** Where answers come from. */
export interface Backend {
  /**
   * Generates one greedy answer; `onText` gets its pieces as they come.
   *
   * @throws `BACKEND_UNAVAILABLE`, `BACKEND_INVALID`.
   */
  generate(job: {
    readonly model: string
    readonly prompt: string
    readonly maxTokens: number
    readonly onText?: ((text: string) => void) | undefined
  }): Promise<Completion>
  /** True if it answers its health check. */
  isHealthy(): Promise<boolean>
}
