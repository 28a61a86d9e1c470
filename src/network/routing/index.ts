export * from './fewestHops.ts';
export * from './fibreCrossover.ts';
export * from './groundLinks.ts';
export * from './routeTable.ts';
export * from './routingAlgorithm.ts';
export * from './routingAlgorithms.ts';
export * from './shortestDelay.ts';
