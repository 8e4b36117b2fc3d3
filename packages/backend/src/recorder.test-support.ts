/** A request as it would go over the wire. */
export interface RecordedRequest {
  method: string
  path: string
  /** Sorted: the order of parameters means nothing. */
  query: string[]
  body: unknown
  headers: Record<string, string>
}

export type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | Error

/** A `fetch` that sends nothing: it writes requests down and gives the answers it was told to give, the last one again. */
export function createRecorder() {
  const requests: RecordedRequest[] = []
  let answers: Answer[] = [{ body: {} }]

  async function fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const request = new Request(input, init)
    const url = new URL(request.url)
    requests.push({
      method: request.method,
      path: url.pathname,
      query: [...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted(),
      body: await readBody(request, init.body),
      headers: Object.fromEntries(request.headers),
    })
    return toResponse(answers.length > 1 ? answers.shift()! : answers[0]!)
  }

  return {
    fetch,
    requests,
    answer(...next: Answer[]): void {
      requests.length = 0
      answers = next
    },
  }
}

async function readBody(request: Request, body: unknown): Promise<unknown> {
  if (body instanceof FormData) return Object.fromEntries(await Promise.all([...body].map(readPart)))
  const text = await request.text()
  return text === '' ? undefined : JSON.parse(text)
}

async function readPart([name, part]: [string, FormDataEntryValue]): Promise<[string, string]> {
  return [name, typeof part === 'string' ? part : `${part.type} ${await part.text()}`]
}

function toResponse(answer: Answer): Response {
  if (answer instanceof Error) throw answer
  const { status = 200, headers = {}, body } = answer
  if (status === 204) return new Response(null, { status, headers })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}
