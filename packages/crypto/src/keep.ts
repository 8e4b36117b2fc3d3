/** Adds a value to the map. If the map already has `max` entries, removes the oldest. */
export function keep<Name, Value>(map: Map<Name, Value>, name: Name, value: Value, max: number): Value {
  if (map.size >= max) map.delete(map.keys().next().value!)
  map.set(name, value)
  return value
}
