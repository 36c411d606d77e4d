declare const brand: unique symbol;

/** A string that somebody has checked: only the function that checks it makes one. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };
