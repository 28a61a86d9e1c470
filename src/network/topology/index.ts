export * from './hypatiaGrid.ts';
export * from './laserLimits.ts';
export * from './laserTopology.ts';
export * from './noLasers.ts';
export * from './plusGrid.ts';
