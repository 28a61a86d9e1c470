/** On | Off as two buttons: a state of service, not a layer switch. */
export function Segment(props: {
  readonly label: string;
  readonly isOff: boolean;
  readonly onChange: (isOff: boolean) => void;
}) {
  return (
    <fieldset class="segment">
      <legend class="visually-hidden">{props.label}</legend>
      <button
        type="button"
        aria-pressed={!props.isOff}
        aria-label={`${props.label}: on`}
        onClick={() => props.onChange(false)}
      >
        On
      </button>
      <button
        type="button"
        class="segment-off"
        aria-pressed={props.isOff}
        aria-label={`${props.label}: off`}
        onClick={() => props.onChange(true)}
      >
        Off
      </button>
    </fieldset>
  );
}
