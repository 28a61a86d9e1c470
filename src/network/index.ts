export * from './backhaul/index.ts';
export * from './hypatiaCompat.ts';
export * from './latency/index.ts';
export * from './linkGraph.ts';
export * from './pathSeries.ts';
export * from './routing/index.ts';
export * from './topology/index.ts';
