export * from './homePointsOfPresence.ts';
export * from './latencyComponents.ts';
export * from './latencyFits.ts';
export * from './latencyParameters.ts';
