import { useEffect, useRef } from 'preact/hooks';
import { areKeysOn, isKeyListOpen, KEY_LIST, setKeysOn } from './keys.ts';

/** The list of keys, and the switch that turns single letters off. */
export function KeyList() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isKeyListOpen.value;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      class="key-list"
      aria-labelledby="key-list-title"
      onClose={() => {
        isKeyListOpen.value = false;
      }}
    >
      <h1 id="key-list-title">Keys</h1>
      <dl>
        {KEY_LIST.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="row">
        <span>Single-letter keys</span>
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={event => setKeysOn(event.currentTarget.checked)}
        />
      </label>
      <p class="muted">No key approves, signs or revokes.</p>
      <button
        type="button"
        onClick={() => {
          isKeyListOpen.value = false;
        }}
      >
        Close
      </button>
    </dialog>
  );
}
