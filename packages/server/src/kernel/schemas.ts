import { z } from 'zod'

/** Names of people, external ids and the like. */
export const shortText = z.string().max(256)

export const metadata = z.record(z.string(), z.unknown())

/** A list in a query: at most 100 values. */
export const texts = z.array(z.string()).max(100)

/** Unix milliseconds in a query. */
export const time = z.int().min(0)
