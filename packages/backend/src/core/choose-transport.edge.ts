import type * as OnNode from './choose-transport.js'
import { createFetchTransport } from './transport-fetch.js'

/** On an edge runtime `fetch` sends all requests: the caller's, otherwise the current `globalThis.fetch`. */
export const chooseTransport: typeof OnNode.chooseTransport = (custom) =>
  createFetchTransport(custom ?? globalThis.fetch)
