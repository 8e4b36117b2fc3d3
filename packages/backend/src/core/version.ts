/** The version of this package; a test compares it with package.json. */
export const VERSION = '0.1.0'

/** The dated version of the Backend API that this SDK speaks. */
export const CLERK_API_VERSION = '2026-05-12'
