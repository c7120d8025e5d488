/**
 * A vector of length 1 in the same direction. `gemini-embedding-001` gives unit vectors at 3,072
 * dimensions alone. A zero vector has no direction and comes back as it is.
 */
export function unitVector(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}
