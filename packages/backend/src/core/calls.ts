import { APIPromise, type PagePromise, type Start } from './api-promise.js'
import type { CallOptions } from './options.js'
import type { Page } from './pages.js'
import type { ApiClient, Call } from './request.js'

type Result<T> = [T] extends [Page<infer Item>] ? PagePromise<Item> : APIPromise<T>

type Called<Args extends unknown[], T> = (...args: [...args: Args, options?: CallOptions]) => Result<T>

/**
 * `infer` pads a method that has fewer than three overloads by repeating the first one; the repeats are dropped here.
 */
type Overloads<A extends unknown[], T, B extends unknown[], U, C extends unknown[], V> = [A, T] extends [B, U]
  ? [B, U] extends [C, V]
    ? Called<C, V>
    : Called<B, U> & Called<C, V>
  : Called<A, T> & Called<B, U> & Called<C, V>

type CalledMethod<Method> = Method extends {
  (...args: infer A): Promise<infer T>
  (...args: infer B): Promise<infer U>
  (...args: infer C): Promise<infer V>
}
  ? Overloads<A, T, B, U, C, V>
  : Method

/** The methods of an API on a client: each also takes {@link CallOptions} and returns an {@link APIPromise}. */
export type CalledApi<Api> = { readonly [Name in keyof Api]: CalledMethod<Api[Name]> }

/** All APIs of a client. */
export type CalledApis<Apis> = { readonly [Name in keyof Apis]: CalledApi<Apis[Name]> }

type AnyMethod = (...args: unknown[]) => Promise<unknown>

/** An API object at runtime: its methods read `client` when they need it. */
interface AnyApi {
  client: ApiClient
  [name: string]: unknown
}

interface Target {
  api: AnyApi
  name: string
}

const OPTION_NAMES = new Set([
  'timeout',
  'signal',
  'maxRetries',
  'headers',
  'idempotencyKey',
] satisfies (keyof CallOptions)[] as string[])

/**
 * Wraps one API of a client. The target is a private field because it holds the secret key, which must not show when a
 * client is logged.
 */
class Callable {
  readonly #target: Target

  constructor(target: Target) {
    this.#target = target
  }

  /** Each call gets its own client, which carries the call's options and keeps its answer. */
  static invoke(callable: Callable, method: string, args: unknown[]): APIPromise<unknown> {
    const { api, name } = callable.#target
    const options = isCallOptions(args.at(-1)) ? (args.pop() as CallOptions) : undefined
    const start: Start<unknown> = (walk) => {
      const state: Call = { name: `${name}.${method}`, walk }
      const own = Object.create(api) as AnyApi
      own.client = api.client.forCall(state, options)
      return { result: run(own[method] as AnyMethod, own, args), answer: () => state.answer }
    }
    return new APIPromise(start)
  }
}

/**
 * One wrapper class for each API class, shared by all clients. This keeps creating a client, and so `withOptions`,
 * cheap.
 */
const classes = new WeakMap<object, typeof Callable>()

/** Wraps each method of each API as {@link CalledApi} describes. The APIs themselves do not know about it. */
export function callable<Apis extends object>(apis: Apis): CalledApis<Apis> {
  const all: Record<string, Callable> = {}
  for (const [name, api] of Object.entries(apis) as [string, AnyApi][]) {
    const original = Object.getPrototypeOf(api) as object
    let Class = classes.get(original)
    if (!Class) classes.set(original, (Class = callableClass(original)))
    all[name] = new Class({ api, name })
  }
  return all as unknown as CalledApis<Apis>
}

function callableClass(original: object): typeof Callable {
  const Class = class extends Callable {}
  for (const name of Object.getOwnPropertyNames(original)) {
    if (name === 'constructor') continue
    const value = function (this: Callable, ...args: unknown[]): APIPromise<unknown> {
      return Callable.invoke(this, name, args)
    }
    Object.defineProperty(Class.prototype, name, { value, writable: true, configurable: true })
  }
  return Class
}

/** `async`, so that an error thrown synchronously by the method rejects the promise. */
async function run(method: AnyMethod, own: AnyApi, args: unknown[]): Promise<unknown> {
  return method.apply(own, args)
}

/**
 * Recognised by its keys, which no method uses as parameters. Position cannot tell: leading parameters may be omitted.
 */
function isCallOptions(value: unknown): value is CallOptions {
  if (typeof value !== 'object' || value === null) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => OPTION_NAMES.has(name))
}
