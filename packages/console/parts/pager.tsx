type Props = {
  /** Of the pages passed so far, the present one's last. */
  cursors: readonly string[];
  next: string | undefined;
  onChange(cursors: string[]): void;
  words?: { back: string; on: string };
};

/** Leafs through a list that goes on behind a cursor. */
export const Pager = ({ cursors, next, onChange, words = { back: 'Back', on: 'More' } }: Props) =>
  cursors.length === 0 && next === undefined ? null : (
    <div class="buttons">
      <button type="button" disabled={cursors.length === 0} onClick={() => onChange(cursors.slice(0, -1))}>
        {words.back}
      </button>
      <button
        type="button"
        disabled={next === undefined}
        onClick={() => onChange([...cursors, ...(next === undefined ? [] : [next])])}
      >
        {words.on}
      </button>
    </div>
  );
