/** Makes a value at its first use and keeps it; after a failure the next use tries again. */
export function lazy<Value>(make: () => Promise<Value> | Value): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= Promise.resolve()
      .then(make)
      .catch((error) => {
        made = undefined;
        throw error;
      });
    return made;
  };
}
