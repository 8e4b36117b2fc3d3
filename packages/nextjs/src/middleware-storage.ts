import type { HandedOptions } from './handover.js'

interface Storage {
  run<Result>(value: HandedOptions, work: () => Result): Result
  getStore(): HandedOptions | undefined
}

/** Next sets this global in every runtime, so no module of Node has to be imported. */
const { AsyncLocalStorage } = globalThis as { AsyncLocalStorage?: new () => Storage }

const storage = AsyncLocalStorage && new AsyncLocalStorage()

/** Makes the middleware's options available to `clerkClient()` in its handler. */
export function runWithOptions<Result>(options: HandedOptions, work: () => Result): Result {
  return storage ? storage.run(options, work) : work()
}

export function optionsOfMiddleware(): HandedOptions | undefined {
  return storage?.getStore()
}
