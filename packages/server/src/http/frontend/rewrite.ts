/** A request as its route is found, and the instance that its path names. */
export interface Rewritten {
  request: Request
  /** Undefined if the path names none. */
  instanceId: string | undefined
}

const INSTANCE = /^\/i\/([\w-]{1,128})(?=\/|$)/
const METHODS = new Set(['PUT', 'PATCH', 'DELETE'])

/**
 * Undoes what browsers' clients do to requests: `/i/<instance id>` before the path, slashes that are doubled or at the
 * end, and `_method` in the query, since they send nothing but GET and POST. A request without these comes back as it is.
 */
export function rewrite(request: Request): Rewritten {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('//') + 2)
  const query = url.indexOf('?', start)
  const path = start < 0 ? '/' : url.slice(start, query < 0 ? undefined : query)
  const search = query < 0 ? '' : url.slice(query)
  const instanceId = INSTANCE.exec(path)?.[1]
  const plain = toPlain(instanceId === undefined ? path : path.slice(`/i/${instanceId}`.length))
  const method = methodOf(request, search)
  if (plain === path && method === request.method) return { request, instanceId }
  return { request: withTarget(request, `${url.slice(0, start)}${plain}${search}`, method), instanceId }
}

function toPlain(path: string): string {
  if (!path.includes('//') && (path.length <= 1 || !path.endsWith('/'))) return path === '' ? '/' : path
  const single = path.replaceAll(/\/{2,}/g, '/')
  return single.length > 1 && single.endsWith('/') ? single.slice(0, -1) : single
}

function methodOf({ method }: Request, search: string): string {
  if (method !== 'POST' || !search.includes('_method=')) return method
  const wanted = new URLSearchParams(search).get('_method')?.toUpperCase() ?? ''
  return METHODS.has(wanted) || wanted === 'GET' ? wanted : method
}

function withTarget(request: Request, url: string, method: string): Request {
  const { headers, signal } = request
  const body = method === 'GET' ? null : request.body
  return new Request(url, { method, headers, signal, body, ...(body ? { duplex: 'half' } : {}) } as RequestInit)
}
