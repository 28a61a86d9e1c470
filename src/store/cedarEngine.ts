import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { createCedarEngine, decideReadByPolicy } from '../control/index.ts';
import { nodeSha256 } from './tlogStore.ts';

/** Cedar for Node. Loading takes some 50 ms and 4 MB: import this file only where it is asked. */
export const cedarEngine = createCedarEngine(cedar, nodeSha256);

/** For the release service: need to know by the policies in the log. */
export const readByPolicy = {
  decide: decideReadByPolicy(cedarEngine),
  schemaSha256: cedarEngine.schemaSha256,
};
