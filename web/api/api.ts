/** The server's contract as the page uses it: reading with views, writing signed bodies, what happens live. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';

const REQUEST_MS = 15_000;

/** What the server refused, in its own words. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
  }
}

/** Counts up whenever the log has grown: what is shown is read again. */
export const revision = signal(0);
/** The server does not answer. Scenarios go on; nothing is signed. */
export const isServerGone = signal(false);

/** A computation on the server. */
export interface Job {
  readonly job: string;
  readonly orderHash: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly result?: {
    readonly reportSha256: string;
    readonly isSame: boolean | null;
    readonly entry: number | null;
    readonly headlines: readonly {
      readonly name: string;
      readonly low: number;
      readonly central: number;
      readonly high: number;
    }[];
  };
  readonly error?: { readonly code: string; readonly detail: string };
}
/** The newest state of each job, by the order that it is about. */
export const jobs = signal<ReadonlyMap<string, Job>>(new Map());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
  } catch {
    isServerGone.value = true;
    throw new ApiProblem(
      0,
      'SERVER_GONE',
      'The server does not answer. Nothing was sent twice; try again.',
    );
  }
  isServerGone.value = false;
  if (response.ok) return response;
  const text = await response.text();
  let problem: { code?: string; detail?: string } = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // Not from our server: a proxy's page.
  }
  throw new ApiProblem(
    response.status,
    problem.code ?? 'UNKNOWN',
    problem.detail ?? `The server answered ${response.status}.`,
  );
}

/** @throws ApiProblem */
export async function get<T>(path: string): Promise<T> {
  return (await ask(path)).json() as Promise<T>;
}

export interface Recorded {
  readonly index: number;
  readonly type: string;
  readonly orderHash?: string;
}

/** @throws ApiProblem */
export async function post<T = Recorded>(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  revision.value += 1;
  return response.json() as Promise<T>;
}

/** Something read from the server: the last good answer stays while a newer one is on its way. */
export interface Resource<T> {
  readonly data: T | null;
  readonly error: ApiProblem | null;
  readonly isLoading: boolean;
}

/** Reads a path, and again whenever the log has grown. Null: nothing to read. */
export function useResource<T>(path: string | null): Resource<T> {
  const [state, setState] = useState<Resource<T> & { readonly path: string | null }>({
    path: null,
    data: null,
    error: null,
    isLoading: path !== null,
  });
  const current = revision.value;
  useEffect(() => {
    if (path === null) return;
    let isOld = false;
    setState(before => ({ ...before, isLoading: true }));
    get<T>(path).then(
      data => {
        if (!isOld) setState({ path, data, error: null, isLoading: false });
      },
      (error: ApiProblem) => {
        if (isOld) return;
        setState(before => ({
          path,
          data: before.path === path ? before.data : null,
          error,
          isLoading: false,
        }));
      },
    );
    return () => {
      isOld = true;
    };
  }, [path, current]);
  return state.path === path ? state : { data: null, error: null, isLoading: path !== null };
}

let stream: EventSource | null = null;

/** Listens to the log from now on; the browser resumes by itself after a break. */
export function followLog(): void {
  if (stream !== null || typeof EventSource === 'undefined') return;
  stream = new EventSource('/api/v1/stream');
  stream.addEventListener('open', () => {
    if (isServerGone.value) revision.value += 1;
    isServerGone.value = false;
  });
  stream.addEventListener('error', () => {
    isServerGone.value = true;
  });
  let isWaiting = false;
  stream.addEventListener('entry', () => {
    // Many entries at once are one change.
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      revision.value += 1;
    }, 50);
  });
  stream.addEventListener('job', event => {
    const job = JSON.parse((event as MessageEvent<string>).data) as Job;
    jobs.value = new Map(jobs.value).set(job.orderHash, job);
  });
}
