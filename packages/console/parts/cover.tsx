import { imageOfCover } from '@savepoint/core/contracts/igdb-images.ts';
import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';
import { useState } from 'preact/hooks';
import { useConfig } from '../api/config.ts';

type Props = {
  game: Pick<PublishedGame, 'title' | 'cover_url' | 'appid'>;
  /** Its title stands beside it. */
  isDecoration?: boolean;
};

/** A game's cover; its title where it has none, or where the picture cannot be had. */
export function Cover({ game: { title, cover_url, appid }, isDecoration = false }: Props) {
  const config = useConfig();
  const [isBroken, setBroken] = useState(false);
  const image = cover_url === null ? null : imageOfCover(cover_url);
  if (config === null || image === null || isBroken)
    return (
      <span class="cover blank" data-hue={appid % 6} aria-hidden={isDecoration}>
        <span>{title}</span>
      </span>
    );
  return (
    <img
      class="cover"
      src={config.draws_covers ? `/console/covers/${image}.svg` : cover_url!}
      alt={isDecoration ? '' : title}
      width="264"
      height="374"
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      onError={() => setBroken(true)}
    />
  );
}
