import { z } from 'zod'

/** What the identification is that takes the place of all others. */
export const identificationStatus = z.enum(['verified', 'reserved', 'unverified']).default('verified')
