import type { HandedOptions } from './handover.js'

interface Storage {
  run<Result>(value: HandedOptions, work: () => Result): Result
  getStore(): HandedOptions | undefined
}

/** Next puts the class there in every runtime, so that nothing of Node's has to be imported. */
const { AsyncLocalStorage } = globalThis as { AsyncLocalStorage?: new () => Storage }

const storage = AsyncLocalStorage && new AsyncLocalStorage()

/** Lets `clerkClient()` in the handler of a middleware find what that middleware was given. */
export function runWithOptions<Result>(options: HandedOptions, work: () => Result): Result {
  return storage ? storage.run(options, work) : work()
}

export function optionsOfMiddleware(): HandedOptions | undefined {
  return storage?.getStore()
}
