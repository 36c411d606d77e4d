import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';
import { useMemo } from 'preact/hooks';
import { plural } from '../../parts/numbers.ts';
import { type Choice, noChoice, orders, timesToBeat } from './choose-games.ts';

type Props = {
  games: readonly PublishedGame[];
  choice: Choice;
  shown: number;
  onChange(choice: Choice): void;
};

const kinds = {
  '': 'Games',
  played: 'Played',
  unplayed: 'Never played',
  unmatched: 'Without a match',
  gone: 'No longer owned',
  other: 'Not games',
};

/** Search, order and filters; those that the library has nothing for are left out. */
export function LibraryFilters({ games, choice, shown, onChange }: Props) {
  const genres = useMemo(() => wordsOf(games, ({ genres }) => genres), [games]);
  const platforms = useMemo(() => wordsOf(games, ({ platforms }) => platforms), [games]);
  const decks = useMemo(
    () => wordsOf(games, ({ deck_compatibility: deck }) => (deck === null ? [] : [deck])),
    [games],
  );
  const set = (part: Partial<Choice>) => onChange({ ...choice, ...part });
  return (
    <form class="filters" role="search" aria-label="Library" onSubmit={(event) => event.preventDefault()}>
      <input
        type="search"
        aria-label="Search"
        placeholder="Search"
        value={choice.words}
        maxLength={200}
        onInput={({ currentTarget }) => set({ words: currentTarget.value })}
      />
      <Select
        name="Order"
        value={choice.order}
        options={orders}
        onChange={(order) => set({ order: order as Choice['order'] })}
      />
      <Select name="Shown" value={choice.show} options={kinds} onChange={(show) => set({ show })} />
      <Words name="genre" value={choice.genre} words={genres} onChange={(genre) => set({ genre })} />
      <Words
        name="platform"
        value={choice.platform}
        words={platforms}
        onChange={(platform) => set({ platform })}
      />
      <Words name="Deck" value={choice.deck} words={decks} onChange={(deck) => set({ deck })} />
      <Select
        name="Time to beat"
        value={choice.hours}
        options={{ '': 'Any time to beat', ...timesToBeat }}
        onChange={(hours) => set({ hours })}
      />
      <span class="hint" role="status">
        {plural(shown, 'game')}
      </span>
      {JSON.stringify(choice) !== JSON.stringify(noChoice) && (
        <button type="button" class="quiet" onClick={() => onChange(noChoice)}>
          Clear
        </button>
      )}
    </form>
  );
}

type SelectProps = {
  name: string;
  value: string;
  options: Readonly<Record<string, string>>;
  onChange(value: string): void;
};

const Select = ({ name, value, options, onChange }: SelectProps) => (
  <select aria-label={name} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
    {Object.entries(options)
      // Names that are numbers would come first.
      .sort(([a], [b]) => Number(a !== '') - Number(b !== ''))
      .map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
  </select>
);

const Words = ({
  name,
  value,
  words,
  onChange,
}: Omit<SelectProps, 'options'> & { words: readonly string[] }) =>
  words.length === 0 ? null : (
    <Select
      name={name}
      value={value}
      options={{ '': `Any ${name}`, ...Object.fromEntries(words.map((word) => [word, word])) }}
      onChange={onChange}
    />
  );

const collator = new Intl.Collator();
const wordsOf = (games: readonly PublishedGame[], of: (game: PublishedGame) => readonly string[]): string[] =>
  [...new Set(games.flatMap((game) => of(game)))].sort(collator.compare);
