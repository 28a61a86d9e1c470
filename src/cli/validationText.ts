import { plural } from '../runs/numbers.ts';
import type {
  PublishedRange,
  ValidatedResult,
  Validation,
  ValidationRow,
} from '../runs/validation/index.ts';
import { type TextColumn, textTable } from './textTable.ts';

const COLUMNS: readonly TextColumn[] = [
  { heading: '' },
  { heading: 'what' },
  { heading: 'published', align: 'right' },
  { heading: 'to obtain', align: 'right' },
  { heading: 'ours', align: 'right' },
  { heading: 'difference', align: 'right' },
  { heading: 'tolerance', align: 'right' },
  { heading: 'unit' },
];

/** A table for people: results under their sources, a row for each figure, the count at the end. */
export function validationText(validation: Validation, seconds: number): string {
  const { results, passedCount, failedCount, skippedCount } = validation;
  const rows = results.flatMap(result => result.rows);
  const [headings, rule, ...lines] = textTable(COLUMNS, rows.map(cellsOf));
  const lineOf = new Map(rows.map((row, k) => [row, lines[k]]));
  const blocks = [...Map.groupBy(results, result => result.source)].flatMap(([source, members]) => [
    '',
    source,
    ...members.flatMap(result => [
      `  ${titleOf(result)}`,
      ...result.rows.map(row => `  ${lineOf.get(row)}`),
    ]),
  ]);
  const failures = results.flatMap(result =>
    result.rows
      .filter(row => !row.isPassed && !row.isSkipped)
      .map(
        row => `✗ ${result.id}, ${row.what}: not met under these conditions: ${result.conditions}`,
      ),
  );
  const notes = [...new Set(rows.flatMap(row => (row.isSkipped && row.note ? [row.note] : [])))];
  return [
    `  ${headings}`,
    `  ${rule}`,
    ...blocks,
    '',
    ...notes.map(note => `– skipped, ${note}`),
    ...failures,
    [
      `${plural(rows.length, 'figure')} of ${plural(results.length, 'published result')}`,
      `${passedCount} met`,
      `${failedCount} not met`,
      ...(skippedCount === 0 ? [] : [`${skippedCount} skipped`]),
      `${seconds.toFixed(1)} s`,
    ].join(', '),
  ].join('\n');
}

function titleOf({ id, title }: ValidatedResult): string {
  return `${id}  ${title}`;
}

function cellsOf(row: ValidationRow): string[] {
  const digits = digitsFor(row);
  const note = row.note === undefined || row.isSkipped ? '' : ` (${row.note})`;
  return [
    markOf(row),
    `${row.what}${note}`,
    valueText(row.published, digits),
    valueText(row.reference, digits),
    row.ours === null ? '' : numberText(row.ours, digits),
    row.difference === null ? 'skipped' : signedText(row.difference, digits),
    toleranceText(row),
    row.unit,
  ];
}

function markOf(row: ValidationRow): string {
  if (row.isSkipped) return '–';
  return row.isPassed ? '✓' : '✗';
}

/** Enough decimals to see a difference of a hundredth of the tolerance; of a range, two. */
function digitsFor({ tolerance, published, reference }: ValidationRow): number {
  if (tolerance > 0) return Math.min(9, Math.max(0, Math.ceil(-Math.log10(tolerance)) + 2));
  const isExact = typeof (reference ?? published) === 'number';
  return isExact ? 0 : 2;
}

function valueText(value: number | PublishedRange | null, digits: number): string {
  if (value === null) return '';
  if (typeof value === 'number') return numberText(value, digits, true);
  const { atLeast, atMost } = value;
  if (atLeast === undefined) return `≤ ${numberText(atMost ?? Number.NaN, digits, true)}`;
  if (atMost === undefined) return `≥ ${numberText(atLeast, digits, true)}`;
  return `${numberText(atLeast, digits, true)}…${numberText(atMost, digits, true)}`;
}

/** What a source gives is shown as it gives it, without decimals of our own. */
function numberText(value: number, digits: number, isGiven = false): string {
  if (!Number.isFinite(value)) return 'none';
  const isTiny = value !== 0 && Math.abs(value) < 1e-4 && digits >= 8;
  if (isTiny) return value.toExponential(1);
  return isGiven
    ? value.toLocaleString('en', { maximumFractionDigits: 9 })
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function signedText(value: number, digits: number): string {
  const text = numberText(Math.abs(value), digits);
  if (!/[1-9]/.test(text)) return Number.isFinite(value) ? '0' : text;
  return (value > 0 ? '+' : '−') + text;
}

function toleranceText({ tolerance, reference, published }: ValidationRow): string {
  const rounded = Number(tolerance.toPrecision(3));
  if (rounded > 0) return `±${rounded < 1e-4 ? rounded.toExponential() : rounded}`;
  return typeof (reference ?? published) === 'number' ? 'exact' : 'inside';
}
