import type { Sgp4Columns } from './sgp4Init.ts';
import { SGP4_KERNEL_BASE64 } from './sgp4Kernel.generated.ts';
import type { Sgp4Kernel } from './sgp4Kernel.ts';

/** What kernel/sgp4.ts exports. Addresses are bytes in `memory`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  states(
    columns: number,
    paddedCount: number,
    minutes: number,
    instantCount: number,
    out: number,
  ): void;
  positions(
    columns: number,
    paddedCount: number,
    minutes: number,
    turnRad: number,
    out: number,
  ): void;
}

const STATE_ROWS = 6;
const POSITION_ROWS = 3;
const BYTES = Float64Array.BYTES_PER_ELEMENT;
const PAGE_BYTES = 65536;

/** `(func (result v128) i32.const 0; i8x16.splat; i8x16.popcnt)`: valid only where SIMD is. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** Whether this engine runs WebAssembly with 128-bit SIMD. */
export function isSimdSupported(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(SIMD_PROBE);
}

let compiledModule: WebAssembly.Module | undefined;

function kernelModule(): WebAssembly.Module {
  compiledModule ??= new WebAssembly.Module(
    Uint8Array.from(atob(SGP4_KERNEL_BASE64), character => character.charCodeAt(0)),
  );
  return compiledModule;
}

/**
 * The SIMD kernel. Every kernel has its own module instance and memory: columns first, results
 * after them, growing with the largest batch asked for.
 */
export function createSimdKernel({ columns, paddedCount }: Sgp4Columns): Sgp4Kernel {
  const kernel = new WebAssembly.Instance(kernelModule(), {
    env: {
      abort(): never {
        throw new Error('the SGP4 kernel aborted');
      },
    },
  }).exports as unknown as KernelExports;
  const { memory } = kernel;
  const columnsAt = Math.ceil(kernel.heapBase() / 64) * 64;
  const freeAt = Math.ceil((columnsAt + columns.byteLength) / 64) * 64;

  const reserve = (bytes: number): void => {
    const missing = freeAt + bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  };
  reserve(0);
  new Float64Array(memory.buffer, columnsAt, columns.length).set(columns);

  return {
    name: 'simd',
    paddedCount,
    states(minutes) {
      const length = minutes.length * STATE_ROWS * paddedCount;
      const outAt = Math.ceil((freeAt + minutes.byteLength) / 64) * 64;
      reserve(outAt - freeAt + length * BYTES);
      new Float64Array(memory.buffer, freeAt, minutes.length).set(minutes);
      kernel.states(columnsAt, paddedCount, freeAt, minutes.length, outAt);
      return new Float64Array(memory.buffer, outAt, length);
    },
    positions(minutes, turnRad) {
      const length = POSITION_ROWS * paddedCount;
      reserve(length * BYTES);
      kernel.positions(columnsAt, paddedCount, minutes, turnRad, freeAt);
      return new Float64Array(memory.buffer, freeAt, length);
    },
  };
}
