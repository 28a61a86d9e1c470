import { cpus } from 'node:os';

/** What a benchmark says. Ratios are of figures measured in the same run. */
export interface BenchReport {
  readonly name: string;
  readonly machine: { readonly cpu: string; readonly coreCount: number; readonly node: string };
  readonly rows: readonly BenchRow[];
}

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** How many times better than the peer. */
  readonly ratio?: number;
  readonly peer?: string;
  /** The ratio (or, without a ratio, the value) that is asked for. */
  readonly target?: number;
  readonly pass?: boolean;
}

export function thisMachine(): BenchReport['machine'] {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    coreCount: all.length,
    node: process.version,
  };
}

/** A row whose ratio is held against a target. */
export function ratioRow(
  name: string,
  value: number,
  unit: string,
  ratio: number,
  peer: string,
  target?: number,
): BenchRow {
  const row = { name, value, unit, ratio, peer };
  return target === undefined ? row : { ...row, target, pass: ratio >= target };
}

/** The report as a table for people. */
export function benchTable(report: BenchReport): string {
  const { cpu, coreCount, node } = report.machine;
  const lines = report.rows.map(row => [
    row.name,
    `${Number(row.value.toPrecision(4))} ${row.unit}`,
    row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × ${row.peer ?? ''}`,
    row.target === undefined ? '' : `target ${row.target} ${row.pass ? 'met' : 'MISSED'}`,
  ]);
  const widths = [0, 1, 2].map(column => Math.max(...lines.map(line => line[column].length)));
  const body = lines.map(line =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`${report.name}: ${cpu}, ${coreCount} cores, Node ${node}`, ...body].join('\n');
}
