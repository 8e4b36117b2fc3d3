import { LRUCache } from 'lru-cache'

/**
 * Keeps at most so many values: the one that was used longest ago goes first. It takes memory as it fills, where the library's
 * own `max` takes all of it at the beginning.
 *
 * @param most the number of values
 */
export function boundedCache<V extends {}>(most: number): LRUCache<string, V> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 })
}
