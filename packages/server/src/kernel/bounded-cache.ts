import { LRUCache } from 'lru-cache'

/**
 * Keeps so many values, and of more the ones that were used last. It takes memory as it fills: with the library's own bound on
 * the count, an empty cache takes what a full one does.
 *
 * @param most values
 */
export function boundedCache<V extends {}>(most: number): LRUCache<string, V> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 })
}
