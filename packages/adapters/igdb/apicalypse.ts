/** IGDB's query language. */

/** A text between quotes. Line breaks and other control characters cannot be part of a name. */
export const quote = (text: string): string =>
  `"${text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .toWellFormed()
    .replace(/[\\"]/g, '\\$&')}"`;

export const anyOf = (values: readonly (string | number)[]): string =>
  `(${values.map((value) => (typeof value === 'number' ? value : quote(value))).join(',')})`;

/** The most rows IGDB gives in one answer. */
export const pageLimit = 500;

export const page = (query: { fields: string; where: string; offset: number }): string =>
  `fields ${query.fields}; where ${query.where}; sort id asc; limit ${pageLimit}; offset ${query.offset};`;

/** Searches in one request, named by their index. IGDB orders them itself and takes no `sort`. */
export const multiSearch = (
  titles: readonly string[],
  { fields, limit }: { fields: string; limit: number },
): string =>
  titles
    .map(
      (title, index) =>
        `query games "${index}" { search ${quote(title)}; fields ${fields}; limit ${limit}; };`,
    )
    .join('\n');
