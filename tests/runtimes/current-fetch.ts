/**
 * A `fetch` in the platform's place that another can be put into at any time. `@clerk/backend` keeps the one that it finds
 * when it is loaded: this module is imported before it.
 */
export const current = { fetch: globalThis.fetch }

globalThis.fetch = (...args) => current.fetch(...args)
