export * from './backhaulPaths.ts';
export * from './backhaulSearch.ts';
