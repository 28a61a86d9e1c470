import type { CoverageResult } from '../coverageRun.ts';
export async function coverageReport(
  _n: string,
  _result: CoverageResult,
  _s: unknown,
): Promise<string> {
  return '';
}
