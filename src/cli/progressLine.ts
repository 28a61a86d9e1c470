const BAR_WIDTH = 24;
const LEAST_MS_BETWEEN = 100;

/** A line on stderr that says how far the work is and how long it will take; silent unless on a terminal. */
export interface ProgressLine {
  update(done: number, total: number): void;
  clear(): void;
}

export function createProgressLine(label: string, isQuiet: boolean): ProgressLine {
  // BEAMKEEPER_PROGRESS=1 shows it where stderr is no terminal, as in a log of a long run.
  const isShown = process.stderr.isTTY || process.env['BEAMKEEPER_PROGRESS'] === '1';
  if (isQuiet || !isShown) return { update() {}, clear() {} };
  const startedMs = performance.now();
  let drawnMs = Number.NEGATIVE_INFINITY;
  process.stderr.write(`${label} …`);
  return {
    update(done, total) {
      const nowMs = performance.now();
      if (done < total && nowMs - drawnMs < LEAST_MS_BETWEEN) return;
      drawnMs = nowMs;
      const share = total === 0 ? 1 : done / total;
      const filled = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      const leftS = done === 0 ? Number.NaN : ((nowMs - startedMs) / 1000) * (1 / share - 1);
      const left = Number.isFinite(leftS) ? `${timeLeft(leftS)} left` : '';
      process.stderr.write(
        `\r\x1b[2K${label} ${bar} ${Math.floor(share * 100)} %  ${done}/${total}  ${left}`,
      );
    },
    clear() {
      process.stderr.write('\r\x1b[2K');
    },
  };
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
