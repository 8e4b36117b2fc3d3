import { z } from 'zod'

/** The status of the identification that replaces all others. */
export const identificationStatus = z.enum(['verified', 'reserved', 'unverified']).default('verified')
