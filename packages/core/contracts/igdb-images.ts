/** Where IGDB keeps its pictures. */
export const igdbImageOrigin = 'https://images.igdb.com';

const coverFolder = `${igdbImageOrigin}/igdb/image/upload/t_cover_big/`;

/** 264×374; IGDB serves other sizes of the same image id. */
export const coverUrl = (imageId: string): string => `${coverFolder}${imageId}.jpg`;

/** The image of a cover's address; null where it is none of IGDB's. */
export const imageOfCover = (url: string): string | null =>
  (url.startsWith(coverFolder) && /^(\w{1,100})\.\w+$/.exec(url.slice(coverFolder.length))?.[1]) || null;
