import { APIPromise, type PagePromise, type Start } from './api-promise.js'
import type { CallOptions } from './options.js'
import type { Page } from './pages.js'
import type { ApiClient, Call } from './request.js'

type Result<T> = [T] extends [Page<infer Item>] ? PagePromise<Item> : APIPromise<T>

type Called<Args extends unknown[], T> = (...args: [...args: Args, options?: CallOptions]) => Result<T>

/** Inference fills the places of signatures that are not there with the first one: a method has up to three. */
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

/** The methods of an API as a client has them: each also takes {@link CallOptions} and returns an {@link APIPromise}. */
export type CalledApi<Api> = { readonly [Name in keyof Api]: CalledMethod<Api[Name]> }

/** All APIs of a client. */
export type CalledApis<Apis> = { readonly [Name in keyof Apis]: CalledApi<Apis[Name]> }

type AnyMethod = (...args: unknown[]) => Promise<unknown>

/** What a class of APIs is at runtime: its methods look for `client` where they need it. */
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
 * Stands for one API of one client. What it stands for is private: it leads to the secret key, which nobody must see who
 * prints a client.
 */
class Callable {
  readonly #target: Target

  constructor(target: Target) {
    this.#target = target
  }

  /** Each call has a client of its own, which carries its options and remembers its answer. */
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

/** One for each class of APIs, shared by all clients: that makes a client, and so `withOptions`, cheap. */
const classes = new WeakMap<object, typeof Callable>()

/** Gives each method of each API what {@link CalledApi} says. The APIs themselves know nothing of it. */
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

/** What a method throws before there is a promise rejects the promise too. */
async function run(method: AnyMethod, own: AnyApi, args: unknown[]): Promise<unknown> {
  return method.apply(own, args)
}

/** Told by its names, which no method has among its parameters: leading parameters that may be left out can be. */
function isCallOptions(value: unknown): value is CallOptions {
  if (typeof value !== 'object' || value === null) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => OPTION_NAMES.has(name))
}
