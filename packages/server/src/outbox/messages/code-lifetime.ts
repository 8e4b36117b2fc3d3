/** Milliseconds that a one-time code is valid. */
export const CODE_LIFETIME = 10 * 60 * 1000
