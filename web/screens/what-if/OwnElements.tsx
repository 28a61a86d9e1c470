import { whole } from '../../shell/figures.ts';
import {
  isReadingFile,
  ownElements,
  readElements,
  refusedFile,
  takeElements,
} from '../../shell/simulation.ts';

/** Satellites from a file of the reader's own: chosen here, or dropped on the map. */
export function OwnElements() {
  const own = ownElements.value;
  return (
    <>
      <label class="file">
        <span class="muted small">
          TLE, 3LE or OMM (JSON, XML, KVN, CSV), also as .gz; or drop it on the map. It stays in
          this page and is in no link. Gateways, beams and lasers stay those of the fleet here.
        </span>
        <input
          type="file"
          aria-label="Element sets of your own"
          onChange={event => {
            const [file] = event.currentTarget.files ?? [];
            if (file) void readElements(file);
            event.currentTarget.value = '';
          }}
        />
      </label>
      {isReadingFile.value && <p role="status">Reading …</p>}
      {refusedFile.value !== null && (
        <p class="refused" role="alert">
          {refusedFile.value.replace(/([^.?!])$/, '$1.')} The satellites are as before.
        </p>
      )}
      {own && (
        <>
          <p role="status">
            {whole(own.count)} satellites of {own.name}, {own.epoch.slice(0, 16).replace('T', ' ')}{' '}
            UTC.
            {own.rejectedCount > 0 &&
              ` ${whole(own.rejectedCount)} records were left out; the first: ${own.firstRejection}.`}
          </p>
          <button type="button" onClick={() => takeElements(null)}>
            Back to the fleet of the server
          </button>
        </>
      )}
    </>
  );
}
