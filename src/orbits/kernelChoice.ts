import type { Sgp4Columns } from './sgp4Init.ts';
import type { Sgp4Kernel } from './sgp4Kernel.ts';
import { createSimdKernel, isSimdSupported } from './sgp4SimdKernel.ts';
import { createTypescriptKernel } from './sgp4TypescriptKernel.ts';

/** `auto` takes SIMD where the engine has it. */
export type KernelName = 'auto' | 'simd' | 'typescript';

/** The kernel asked for; both give the same answers (acceptance/satellite-js-agreement.test.ts). */
export function createKernel(prepared: Sgp4Columns, name: KernelName): Sgp4Kernel {
  const isSimd = name === 'simd' || (name === 'auto' && isSimdSupported());
  return isSimd ? createSimdKernel(prepared) : createTypescriptKernel(prepared);
}
