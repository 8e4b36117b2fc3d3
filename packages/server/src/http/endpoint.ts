import { z } from 'zod'
import { fieldsOf, type Field } from './fields.js'
import type { ApiVersion } from './versions.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The names after the colons of a path, each a text. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [K in Name]: string } & PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { [K in Name]: string }
    : unknown

export interface EndpointOptions<Query extends z.ZodObject, Body extends z.ZodObject> {
  /** As in the OpenAPI description of the contract. */
  operationId: string
  /** Who may call it: an application's server with a secret key, or anybody. */
  access: 'secret_key' | 'public'
  query?: Query
  body?: Body
  /** Takes a file as multipart/form-data instead of a body. */
  file?: true
  /** Parameters of the body that were taken away with a version of the API. */
  removed?: { since: ApiVersion; params: readonly string[] }
  /** Default is 200. With 204 nothing is answered. */
  status?: 200 | 201 | 202 | 204
  /**
   * How a handler's `Page` is written: `{data, total_count}`, a bare array, or the one or the other as `paginated` asks.
   * Default is an object as it is.
   */
  list?: 'page' | 'array' | 'paginated'
  /** The shape of the answer (of one item, for a list), for the OpenAPI description. */
  response?: z.ZodType
}

export interface EndpointInput<Params, Query, Body, Services> {
  params: Params
  query: Query
  body: Body
  /** The file of a multipart body, when the endpoint takes one and the request has one. */
  file: File | undefined
  /** What the instance of the caller's key can do. */
  services: Services
  version: ApiVersion
}

/** An operation that is served: a line of the API reference and the call behind it. */
export interface Endpoint extends EndpointOptions<z.ZodObject, z.ZodObject> {
  method: Method
  path: string
  queryFields: ReadonlyMap<string, Field>
  bodyFields: ReadonlyMap<string, Field>
  handler(input: EndpointInput<Record<string, string>, never, never, never>): Promise<unknown>
}

const nothing = z.object({})

/**
 * Makes the function that declares endpoints, for the services that handlers are given.
 * Bodies are strict: an unknown parameter is an error, as it most likely is a misspelt one.
 */
export function endpointFactory<Services>() {
  return function endpoint<
    Route extends `${Method} /${string}`,
    Query extends z.ZodObject = typeof nothing,
    Body extends z.ZodObject = typeof nothing,
  >(
    route: Route,
    options: EndpointOptions<Query, Body>,
    handler: (
      input: EndpointInput<
        Route extends `${string} ${infer Path}` ? PathParams<Path> : never,
        z.output<Query>,
        z.output<Body>,
        Services
      >,
    ) => Promise<unknown>,
  ): Endpoint {
    const [method, path] = route.split(' ') as [Method, string]
    return {
      ...options,
      ...(options.body ? { body: options.body.strict() } : {}),
      method,
      path,
      queryFields: fieldsOf(options.query ?? nothing),
      bodyFields: fieldsOf(options.body ?? nothing),
      handler: handler as unknown as Endpoint['handler'],
    } as Endpoint
  }
}
