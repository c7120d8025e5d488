/** Makes a value when it is first needed: what takes a while to make is not made by every process. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
