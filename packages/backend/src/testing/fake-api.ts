/** An answer, and the request it is for. Query parameters that are not listed may have any value. */
export interface Fixture {
  /** Default `GET`. */
  method?: string
  /** Without the version, such as `/users/user_1`; `*` matches any one segment. */
  path: string
  /** Parameters that the query must have. */
  query?: Record<string, string>
  /** Default 200. */
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON; a string is sent unchanged. */
  body?: unknown
  /** How many times it is used before the next fixture for the same request. Default: always. */
  times?: number
}

export interface RecordedRequest {
  method: string
  /** Without the version. */
  path: string
  query: Record<string, string[]>
  headers: Record<string, string>
  /** Parsed, if it is JSON. */
  body: unknown
}

export interface FakeApi {
  /** Pass it to the SDK as `fetch`, or replace `globalThis.fetch` with it. */
  fetch: typeof globalThis.fetch
  /** The requests received, in order. */
  requests: RecordedRequest[]
}

/**
 * A Backend API that answers from fixtures and sends nothing. A request without a fixture gets a 404 that names the
 * request, so that the test shows which fixture is missing.
 */
export function createFakeApi(fixtures: Fixture[]): FakeApi {
  const requests: RecordedRequest[] = []
  const given = new Map<Fixture, number>()

  function take(request: RecordedRequest): Fixture | undefined {
    const fixture = fixtures.find(
      (candidate) => matches(candidate, request) && (given.get(candidate) ?? 0) < (candidate.times ?? Infinity),
    )
    if (fixture) given.set(fixture, (given.get(fixture) ?? 0) + 1)
    return fixture
  }

  async function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const request = await record(new Request(input, init))
    requests.push(request)
    return toResponse(take(request) ?? missing(request))
  }

  return { fetch, requests }
}

async function record(request: Request): Promise<RecordedRequest> {
  const { pathname, searchParams } = new URL(request.url)
  const text = await request.text()
  return {
    method: request.method,
    path: pathname.replace(/^\/v1(?=\/)/, ''),
    query: Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)])),
    headers: Object.fromEntries(request.headers),
    body: parse(text),
  }
}

function matches({ method = 'GET', path, query = {} }: Fixture, request: RecordedRequest): boolean {
  const [wanted, found] = [path.split('/'), request.path.split('/')]
  return (
    method.toUpperCase() === request.method &&
    wanted.length === found.length &&
    wanted.every((segment, index) => segment === '*' || segment === found[index]) &&
    Object.entries(query).every(([name, value]) => request.query[name]?.includes(value))
  )
}

function toResponse({ status = 200, headers, body }: Fixture): Response {
  const text = status === 204 || body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}

function missing({ method, path }: RecordedRequest): Fixture {
  const error = {
    code: 'fixture_missing',
    message: 'No fixture',
    long_message: `The test has no fixture for ${method} ${path}.`,
  }
  return { path, status: 404, body: { errors: [error] } }
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
