/** The token of the API, for as long as the tab is open. Nothing else is kept in the browser. */

const key = 'savepoint-token';

export const readToken = (): string | null => sessionStorage.getItem(key);

export const keepToken = (token: string): void => sessionStorage.setItem(key, token);

export const dropToken = (): void => sessionStorage.removeItem(key);
