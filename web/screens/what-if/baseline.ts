import { signal } from '@preact/signals';

/** While true the map shows the baseline in place of the scenario. */
export const isBaselineShown = signal(false);
