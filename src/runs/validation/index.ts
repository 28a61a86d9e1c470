export {
  compare,
  type PublishedFigure,
  type PublishedRange,
  type PublishedResult,
  skip,
  type ValidationRow,
} from './publishedResult.ts';
export { PUBLISHED_RESULTS } from './publishedResults.ts';
export { runValidation, type ValidatedResult, type Validation } from './runValidation.ts';
