import { z } from 'zod'
import type { InstanceContext } from '../instances/instance-context.js'
import type { Access, CallerOf } from '../kernel/caller.js'
import type { Limit, unlimited } from '../kernel/limits.js'
import type { OrganizationPermission } from '../kernel/organization-permission.js'
import type { Page } from '../kernel/page.js'
import type { ApiVersion } from '../kernel/versions.js'
import { camelizer, type Answer, type Camelized } from '../kernel/wire.js'
import { fieldsOf, type Field } from './fields.js'
import type { OperationApi } from './operations.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The names after the colons of a path, each a text. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [K in Name]: string } & PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { [K in Name]: string }
    : unknown

/**
 * How a handler's `Page` is written: `{data, total_count}`, a bare array, or either of them, as the parameter
 * `paginated` asks.
 */
export type ListForm = 'page' | 'array' | 'paginated'

/** An object or, for operations on several things at once, a bare array of them. */
export type BodySchema = z.ZodObject | z.ZodArray<z.ZodObject>

/** The declaration of an endpoint, apart from its route. */
export interface EndpointOptions<
  Kind extends Access,
  Query extends z.ZodObject,
  Body extends BodySchema,
  Value,
  List extends ListForm | undefined,
> {
  /** As in the OpenAPI description of the contract. */
  operationId: string
  /** Who may call it: callers of this kind, or of these. The handler's `caller` is one of them. */
  access: Kind | readonly Kind[]
  /**
   * How what is wrong with a request is answered: 422 with the parameter's name, or as the token service does, 400
   * `bad_request`. Default is `form`.
   */
  faults?: 'form' | 'bad_request'
  query?: Query
  body?: Body
  /** Its body may be as large as one with a file. */
  largeBody?: boolean
  /** Takes a file as multipart/form-data instead of a body. */
  file?: true
  /** Parameters of the body that a version of the API no longer has. */
  removed?: { since: ApiVersion; params: readonly string[] }
  /** Default is 200. With 204, and with 202 without `answer`, the answer is empty. */
  status?: 200 | 201 | 202 | 204
  /** By default the answer is a single object. */
  list?: List
  /** Frontend API: the answer without the envelope `{ response, client }`. */
  bare?: true
  /** Frontend API: the answer is the browser's client, as in the envelope. What the handler returns is not read. */
  isClient?: true
  /** The answer (for a list: one item). Omitted only with 204 and 202. */
  answer?: Answer<Value, InstanceContext>
  /** Frontend API: 403 at a satellite of a production instance. People sign in and up at the primary domain. */
  isPrimaryOnly?: Kind extends 'client' ? boolean : never
  /** How often it may be called, if the instance has rate limits switched on. */
  limit?: Limit | typeof unlimited
  /**
   * What the signed-in person needs in the organization that the path names. Checked in the database before the body is
   * read.
   */
  permission?: OrganizationPermission
}

export interface HandlerInput<Kind extends Access, Params, Query, Body, Needs> {
  params: Params
  query: Query
  body: Body
  /** The file of a multipart body, when the endpoint takes one and the request has one. */
  file: File | undefined
  caller: CallerOf<Kind>
  /** Of the caller's instance. */
  services: Needs
  version: ApiVersion
  /** For what is neither query, path nor body, such as the header `Origin`. */
  request: Request
}

/** An operation that is served: a line of the API reference and the call behind it. */
export interface Endpoint<Needs = never> extends EndpointOptions<
  Access,
  z.ZodObject,
  BodySchema,
  never,
  ListForm | undefined
> {
  api: OperationApi
  method: Method
  path: string
  queryFields: ReadonlyMap<string, Field>
  bodyFields: ReadonlyMap<string, Field>
  /** Gives the fields of a parsed query or body their camelCase names. */
  renameQuery(values: unknown): unknown
  renameBody(values: unknown): unknown
  handler: (input: HandlerInput<never, never, never, never, Needs>) => Promise<unknown>
}

const nothing = z.object({})
type Nothing = typeof nothing

type Result<Value, List> = List extends ListForm ? Page<Value> : Value

type ParamsOf<Route extends string> = Route extends `${string} ${infer Path}` ? Camelized<PathParams<Path>> : never

/**
 * Makes the function that declares endpoints of the Backend API, for the services a file's handlers need. Names are
 * converted here: handlers see camelCase. Bodies are strict: an unknown parameter is an error, since it is most likely
 * misspelt.
 */
export const endpointFactory = <Needs>() => factoryFor<Needs>('backend')

/** The same for the Frontend API, whose bodies may have unknown parameters: each client sends some of its own. */
export const frontendEndpointFactory = <Needs>() => factoryFor<Needs>('frontend')

function factoryFor<Needs>(api: OperationApi) {
  return function endpoint<
    Route extends `${Method} /${string}`,
    Kind extends Access,
    Value,
    Query extends z.ZodObject = Nothing,
    Body extends BodySchema = Nothing,
    List extends ListForm | undefined = undefined,
  >(
    route: Route,
    options: EndpointOptions<Kind, Query, Body, Value, List>,
    handler: (
      input: HandlerInput<Kind, ParamsOf<Route>, Camelized<z.output<Query>>, Camelized<z.output<Body>>, Needs>,
    ) => Promise<Result<NoInfer<Value>, List>>,
  ): Endpoint<Needs> {
    const [method, path] = route.split(' ') as [Method, string]
    const { query = nothing, body = nothing } = options
    return {
      ...(options as unknown as EndpointOptions<Access, z.ZodObject, BodySchema, never, ListForm | undefined>),
      ...(options.body ? { body: api === 'backend' ? strict(options.body) : options.body } : {}),
      api,
      method,
      path,
      queryFields: fieldsOf(query),
      bodyFields: body instanceof z.ZodObject ? fieldsOf(body) : new Map(),
      renameQuery: camelizer(query),
      renameBody: camelizer(body),
      handler: handler as unknown as Endpoint<Needs>['handler'],
    }
  }
}

function strict(body: BodySchema): BodySchema {
  if (body instanceof z.ZodObject) return body.strict()
  // A clone, because the array's own checks (its length) would be lost in a new one.
  return body.clone({ ...body._zod.def, element: body.element.strict() })
}
