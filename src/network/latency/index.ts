export * from './latencyParameters.ts';
