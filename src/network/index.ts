export * from './hypatiaCompat.ts';
export * from './linkGraph.ts';
export * from './pathSeries.ts';
export * from './routing/index.ts';
export * from './topology/index.ts';
