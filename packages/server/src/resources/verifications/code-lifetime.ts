/** Milliseconds a one-time code is good for. */
export const CODE_LIFETIME = 10 * 60 * 1000
