import type { WhatIfResult } from '../whatIfRun.ts';
export async function whatIfReport(_result: WhatIfResult): Promise<string> {
  return '';
}
