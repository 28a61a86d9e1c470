import { useEffect, useRef, useState } from 'preact/hooks';
import { isServerGone } from '../../api/api.ts';
import { Part } from '../../kit/parts.tsx';
import { announce } from '../../shell/state.ts';
import type { VerifyAnswer, VerifyRequest } from '../../workers/verify.ts';

/** Runs the real verifier in a worker of this page, against the reader's own trust policy. */
export function Verify({
  verifierKey,
  onResult,
}: {
  verifierKey: string;
  onResult: (result: Extract<VerifyAnswer, { kind: 'done' | 'failed' }>) => void;
}) {
  const ours = `log ${verifierKey}\nquorum none\n`;
  const [policy, setPolicy] = useState('');
  const [answer, setAnswer] = useState<VerifyAnswer | null>(null);
  const worker = useRef<Worker | null>(null);
  useEffect(() => () => worker.current?.terminate(), []);
  const isRunning = answer?.kind === 'progress';
  const run = (): void => {
    worker.current?.terminate();
    const fresh = new Worker(new URL('../../workers/verify.ts', import.meta.url), {
      type: 'module',
    });
    worker.current = fresh;
    setAnswer({ kind: 'progress', what: 'files', done: 0, total: 1 });
    fresh.onmessage = ({ data }: MessageEvent<VerifyAnswer>) => {
      setAnswer(data);
      if (data.kind === 'progress') return;
      announce(
        data.kind === 'done' ? `${data.size} entries verified` : `Not verified: ${data.message}`,
      );
      onResult(data);
      fresh.terminate();
    };
    fresh.onerror = event => {
      setAnswer({ kind: 'failed', message: `The verifier stopped: ${event.message}`, entry: null });
    };
    const request: VerifyRequest = {
      place: '/ledger/orders',
      policy: policy.trim() === '' ? ours : `${policy.trim()}\n`,
    };
    fresh.postMessage(request);
  };
  return (
    <Part title="Verify in this page">
      <p class="small">
        Fetches the public files and checks every hash, signature, vote and quorum here, on your
        machine.
      </p>
      <details>
        <summary>Whom do you trust?</summary>
        <label>
          <span>
            Trust policy, got by another way than this server (empty: the key that it names itself)
          </span>
          <textarea
            value={policy}
            placeholder={ours}
            onInput={event => setPolicy(event.currentTarget.value)}
          />
        </label>
      </details>
      <div class="row">
        <button
          type="button"
          class="primary"
          disabled={isRunning || isServerGone.value}
          onClick={run}
        >
          Verify
        </button>
        {isRunning && (
          <button
            type="button"
            onClick={() => {
              worker.current?.terminate();
              setAnswer(null);
            }}
          >
            Stop
          </button>
        )}
      </div>
      {answer?.kind === 'progress' && (
        <div
          role="progressbar"
          aria-label={`Checking ${answer.what}`}
          aria-valuemin={0}
          aria-valuemax={answer.total}
          aria-valuenow={answer.done}
        >
          <div class="meter">
            <div style={{ width: `${Math.max(3, (100 * answer.done) / answer.total)}%` }} />
          </div>
          <span class="small muted">{answer.what} …</span>
        </div>
      )}
      {answer?.kind === 'done' && (
        <div role="status" data-verified={answer.size}>
          <p class="good">
            All {answer.size} entries agree with the signed checkpoint, and so do{' '}
            {answer.signatureCount} signatures and every quorum.
          </p>
          <p class="small">
            Root <code class="mono">{answer.root}</code>
            {answer.witnesses.length > 0
              ? `, cosigned by ${answer.witnesses.map(({ name }) => name).join(', ')}`
              : ''}
            . {answer.ineffectiveCount} entries are in the log without effect.
          </p>
          {policy.trim() === '' && (
            <p class="small warn">
              The key came from this server: this shows that the log agrees with itself, not whose
              it is. Compare <code class="mono">{verifierKey.slice(0, 60)}…</code> with where it was
              published.
            </p>
          )}
        </div>
      )}
      {answer?.kind === 'failed' && (
        <p class="bad" role="alert" data-broken={answer.entry ?? ''}>
          Not verified: {answer.message}.{' '}
          {answer.entry !== null && `Entry ${answer.entry} is broken; nothing after it is proven.`}
        </p>
      )}
    </Part>
  );
}
