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

/** A port whose implementation is made, and the libraries below it loaded, at the first call of one of these methods. */
export function lazyPort<Port, Name extends keyof Port & string>(
  implementation: () => Promise<Port>,
  names: readonly Name[],
): Pick<Port, Name> {
  const method =
    (name: Name) =>
    async (...given: unknown[]) => {
      const port = await implementation();
      return (port[name] as (...given: unknown[]) => unknown).apply(port, given);
    };
  return Object.fromEntries(names.map((name) => [name, method(name)])) as Pick<Port, Name>;
}
