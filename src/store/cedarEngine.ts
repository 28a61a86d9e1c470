import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { createCedarEngine } from '../control/index.ts';
import { nodeSha256 } from './tlogStore.ts';

/** Cedar for Node. Loading takes some 50 ms and 4 MB: import this file only where it is asked. */
export const cedarEngine = createCedarEngine(cedar, nodeSha256);
