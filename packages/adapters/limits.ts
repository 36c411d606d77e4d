/**
 * The most that is taken from outside, where the bytes arrive, unpacked. Each is several times what the other side has
 * reason to send, so that whoever sends more is broken, and is stopped before its answer fills the memory. Library
 * files have their own limit in core/topology.ts.
 */

const mebibyte = 1024 * 1024;

/** Bodies of HTTP answers. */
export const answerLimits = {
  /** A library of 200,000 apps, 300 bytes each, is some 60 MB; nobody owns as many. */
  steam: 64 * mebibyte,
  /** 150 apps of Steam's store, some 4 KB each. */
  steamStore: 4 * mebibyte,
  /** Ten questions of 400 games each, some 4 KB a game, seldom 20; of that the summary is most. */
  igdb: 32 * mebibyte,
  twitchToken: 64 * 1024,
} as const;

/** Objects in the bucket that are read as a whole. */
export const objectLimits = {
  /** The status of a stage, an import request, IGDB's token: a few KB each. */
  json: mebibyte,
  /** Any text. The largest are the overrides: 800,000 lines of 40 bytes, more than Steam has apps. */
  text: 32 * mebibyte,
  /** What is known of 20,000 apps, compressed (some 6 MB) and unpacked (some 30 MB). */
  lookupMemory: 16 * mebibyte,
  lookupMemoryText: 64 * mebibyte,
  /** 200,000 games, compressed: some 300 bytes each. */
  publishedLibrary: 128 * mebibyte,
  /** What is known of the 5,000 apps of a portion, some 3 KB each, seldom 20. */
  checkpoint: 64 * mebibyte,
} as const;
