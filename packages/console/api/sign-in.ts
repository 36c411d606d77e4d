/** Who needs a token says so; the dialog that asks for it listens (parts/token-dialog.tsx). */

export const tokenNeeded = 'savepoint-token-needed';
export const signedIn = 'savepoint-signed-in';

export const askForToken = (): void => {
  globalThis.dispatchEvent(new Event(tokenNeeded));
};

export const tellSignedIn = (): void => {
  globalThis.dispatchEvent(new Event(signedIn));
};
