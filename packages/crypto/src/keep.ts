/** Keeps a value under a name, instead of the oldest one where there are this many already. */
export function keep<Name, Value>(map: Map<Name, Value>, name: Name, value: Value, max: number): Value {
  if (map.size >= max) map.delete(map.keys().next().value!)
  map.set(name, value)
  return value
}
