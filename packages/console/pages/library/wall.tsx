import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Cover } from '../../parts/cover.tsx';
import { playtime } from '../../parts/numbers.ts';

/** As in styles/library.css: the narrowest tile, the room between two, and what stands below a cover. */
const tile = { minWidth: 120, gap: 14, captionHeight: 46, ratio: 374 / 264 };
/** Rows that are there above and below what is seen: each more is painted while the page scrolls. */
const spareRows = 1;

type Props = { games: readonly PublishedGame[]; onOpen(appid: number): void };

/** All covers, of which only those that are seen are in the page: thousands of games scroll as smoothly as ten. */
export function Wall({ games, onOpen }: Props) {
  const wall = useRef<HTMLUListElement>(null);
  const { columns, rowHeight, first, last } = useWindow(wall, games.length);
  const rows = Math.ceil(games.length / columns);
  const shown = games.slice(first * columns, (last + 1) * columns);
  if (games.length === 0) return <p class="empty">No game fits.</p>;
  return (
    <ul
      ref={wall}
      class="wall windowed"
      style={{
        height: `${rows * rowHeight - tile.gap}px`,
        paddingTop: `${first * rowHeight}px`,
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridAutoRows: `${rowHeight - tile.gap}px`,
      }}
    >
      {shown.map((game, index) => (
        <li key={game.appid} aria-setsize={games.length} aria-posinset={first * columns + index + 1}>
          <button type="button" class="tile" onClick={() => onOpen(game.appid)}>
            <Cover game={game} isDecoration />
            <span class="tile-title">{game.title}</span>
            <span class="tile-time">
              {game.playtime_minutes ? playtime(game.playtime_minutes) : '\u00a0'}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Which rows are seen, by where the page is scrolled to. */
function useWindow(wall: { current: HTMLElement | null }, count: number) {
  const [view, setView] = useState({ columns: 1, rowHeight: 300, first: 0, last: 3 });
  useLayoutEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const { current } = wall;
      if (!current) return;
      const { width, top } = current.getBoundingClientRect();
      const columns = Math.max(1, Math.floor((width + tile.gap) / (tile.minWidth + tile.gap)));
      const coverWidth = (width - (columns - 1) * tile.gap) / columns;
      const rowHeight = Math.round(coverWidth * tile.ratio) + tile.captionHeight + tile.gap;
      const rows = Math.ceil(count / columns);
      const first = clamp(Math.floor(-top / rowHeight) - spareRows, 0, Math.max(0, rows - 1));
      const last = clamp(
        Math.ceil((innerHeight - top) / rowHeight) + spareRows,
        first,
        Math.max(first, rows - 1),
      );
      setView((before) =>
        before.columns === columns &&
        before.rowHeight === rowHeight &&
        before.first === first &&
        before.last === last
          ? before
          : { columns, rowHeight, first, last },
      );
    };
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    addEventListener('scroll', later, { passive: true });
    const resized = new ResizeObserver(later);
    resized.observe(document.documentElement);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', later);
      resized.disconnect();
    };
  }, [count]);
  return view;
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
