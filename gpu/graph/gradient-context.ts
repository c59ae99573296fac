import type { LoraConfig } from '../models/adapter.ts'
import type { ModelConfig } from '../models/model-config.ts'
import type { GraphBuilder } from '../onnx/graph-builder.ts'

/**
 * What a gradient graph computes besides the loss: nothing, the summed or the per-example gradient
 * of the adapter, or the summed gradient of all base weights (no adapter then).
 */
export type GradientMode = 'forward' | 'sum' | 'perexample' | 'full'

/** What the builders of one graph share. Activations are [batch·tokens, width]. */
export interface GradientContext {
  readonly graph: GraphBuilder
  readonly ops: TensorOps
  readonly config: ModelConfig
  readonly lora: LoraConfig
  readonly mode: GradientMode
  readonly batch: number
  readonly tokens: number
  /** Returns the graph name of a base weight: a constant, or an input in mode `full`. */
  weight(name: string): string
  /** Gradients emitted so far: layout name → tensor name. */
  readonly gradients: Map<string, string>
}

/** A forward result and the function that emits its backward pass: gradient of y → gradient of x. */
export interface Differentiable {
  readonly y: string
  readonly back: (gradient: string) => string
}

/** Short names for the operators that the derivation is written in. */
export interface TensorOps {
  add(a: string, b: string): string
  sub(a: string, b: string): string
  mul(a: string, b: string): string
  matmul(a: string, b: string): string
  /** α·op(a)·op(b) (+ c) of rank-2 tensors; `transB` keeps one copy of a weight for both passes. */
  gemm(
    a: string,
    b: string,
    options?: { transA?: boolean; transB?: boolean; alpha?: number; plus?: string },
  ): string
  reshape(x: string, shape: readonly number[]): string
  transpose(x: string, permutation: readonly number[]): string
  /** Sum or mean over the last axis, kept as 1. */
  sumLast(x: string): string
  meanLast(x: string): string
}
