/** From and to, both included; either end may be open. */
export interface PublishedRange {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure that a source gives, before anything is computed. */
export interface PublishedFigure {
  readonly what: string;
  readonly unit: string;
  /** As the source prints it; null where it has a drawing or a formula and no figure. */
  readonly published: number | PublishedRange | null;
  /**
   * What ours is judged by where the source prints it roughly or not at all: the value recomputed by
   * another program for exactly these conditions (network.md §9 and peers.md, "to obtain"), or the
   * range that other inputs of the kind give. Left out: the published one.
   */
  readonly reference?: number | PublishedRange;
  /** Largest difference that passes, in the unit of the figure; 0: exact. Of a range: beyond its ends. */
  readonly tolerance: number;
  readonly note?: string;
}

/** One published figure beside ours. */
export interface ValidationRow {
  readonly what: string;
  readonly unit: string;
  readonly published: number | PublishedRange | null;
  readonly reference: number | PublishedRange | null;
  /** Null when it was not computed. */
  readonly ours: number | null;
  /** Ours less the reference, or less the published value; with neither, how far outside of the range. */
  readonly difference: number | null;
  readonly tolerance: number;
  readonly isPassed: boolean;
  /** Not computed, because what it needs is not here: neither passed nor failed. */
  readonly isSkipped: boolean;
  readonly note?: string;
}

/** A result of a paper, filing or recommendation that the twin reproduces. One file each, listed in `publishedResults.ts`. */
export interface PublishedResult {
  /** As in network.md §9 where it is there. */
  readonly id: string;
  readonly title: string;
  readonly source: string;
  /** Everything that has to be the same for the figures to be comparable. */
  readonly conditions: string;
  rows(): Promise<ValidationRow[]>;
}

/** Sets ours beside a figure. What is not a number does not pass. */
export function compare(figure: PublishedFigure, ours: number): ValidationRow {
  const { published, reference } = figure;
  const judge = reference ?? published ?? {};
  const off = distanceTo(judge, ours);
  const value = [reference, published].find(one => typeof one === 'number');
  return {
    ...rowOf(figure),
    ours,
    difference: value === undefined ? off : ours - value,
    isPassed: Math.abs(off) <= figure.tolerance,
    isSkipped: false,
  };
}

/** A figure that cannot be computed here, and why. */
export function skip(figure: PublishedFigure, why: string): ValidationRow {
  return {
    ...rowOf(figure),
    ours: null,
    difference: null,
    isPassed: false,
    isSkipped: true,
    note: why,
  };
}

function rowOf({ what, unit, published, reference, tolerance, note }: PublishedFigure) {
  const known = { what, unit, published, reference: reference ?? null, tolerance };
  return note === undefined ? known : { ...known, note };
}

/** Signed; 0 inside of a range. */
function distanceTo(target: number | PublishedRange, ours: number): number {
  if (typeof target === 'number') return ours - target;
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = target;
  return ours - Math.min(atMost, Math.max(atLeast, ours));
}
