import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in a time that does not depend on where the texts differ. */
export function safeEqual(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(first!, second!)
}
