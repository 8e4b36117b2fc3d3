import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { plainText } from '../document.js'
import { findPackage, readPackages, type BrowserFile, type BrowserPackage } from './packages.js'

/** `/npm/@clerk/clerk-js@6/dist/clerk.browser.js` */
const PATH = /^\/npm\/(@[\w-]+\/[\w.-]+)(?:@([^/]+))?\/(.+)$/

/** With a charset, or the typographic characters in the components' texts are misread. */
const TYPES: Record<string, string> = {
  '.js': 'application/javascript; charset=utf-8',
  '.mjs': 'application/javascript; charset=utf-8',
  '': 'text/plain; charset=utf-8',
}

/** Any page may load them, as from a CDN. */
const OPEN = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}
const FOREVER = 'public, max-age=31536000, immutable'
const FIVE_MINUTES = 'public, max-age=300'

/** Encodings by preference, with how their files end. Without compression, content is unpacked for each answer. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

type Encoding = (typeof ENCODINGS)[number][0] | 'identity'

/** Serves the browser packages, below `/npm/`. */
export class NpmFiles {
  readonly #folder: string
  #packages: BrowserPackage[] | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  async answer(request: Request, path: string): Promise<Response> {
    const [, name, selector, file] = PATH.exec(decode(path)) ?? []
    if (name === undefined || file === undefined) {
      return refuse(
        404,
        'The address of a file is /npm/<package>@<version>/<path>, such as /npm/@clerk/clerk-js@6/dist/clerk.browser.js.',
      )
    }
    this.#packages ??= readPackages(this.#folder)
    if (!this.#packages) {
      return refuse(
        503,
        'This server was built without the browser packages. Build it again while the npm registry can be reached.',
      )
    }
    const match = findPackage(this.#packages, name, selector)
    if ('reason' in match) return refuse(404, match.reason)
    const { found, isExact } = match
    // The path is only looked up: none that is not in the index reaches the file system.
    const entry = found.files.get(file)
    if (!entry) return refuse(404, `${name}@${found.version} has no file ${file} for browsers.`)
    return this.#send(request, found, entry, isExact ? FOREVER : FIVE_MINUTES)
  }

  async #send(
    request: Request,
    { name, version }: BrowserPackage,
    file: BrowserFile,
    cache: string,
  ): Promise<Response> {
    const encoding = chooseEncoding(request.headers.get('accept-encoding'))
    const etag = `"${file.hash}-${encoding}"`
    const headers = { ...OPEN, etag, 'cache-control': cache, vary: 'Accept-Encoding' }
    if (hasTag(etag, request.headers.get('if-none-match'))) return new Response(null, { status: 304, headers })
    const content = await this.#read(join(this.#folder, `${name}@${version}`, file.path), encoding)
    return new Response(content as BodyInit, {
      headers: {
        ...headers,
        'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
        'content-length': String(content.byteLength),
        ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      },
    })
  }

  async #read(path: string, encoding: Encoding): Promise<Uint8Array> {
    const [, ending] = ENCODINGS.find(([name]) => name === encoding) ?? ['', '.gz']
    const content = await readFile(path + ending)
    return encoding === 'identity' ? promisify(gunzip)(content) : content
  }
}

/** The best that the client takes (RFC 9110, section 12.5.3). */
function chooseEncoding(header: string | null): Encoding {
  const accepted = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      return [name, quality === undefined ? 1 : Number(quality)] as const
    }),
  )
  const qualityOf = (name: string) => accepted.get(name) ?? accepted.get('*') ?? 0
  const [best] = ENCODINGS.map(([name]) => name)
    .filter((name) => qualityOf(name) > 0)
    .sort((a, b) => qualityOf(b) - qualityOf(a))
  return best ?? 'identity'
}

function hasTag(etag: string, ifNoneMatch: string | null): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}

/** An `@` may come percent-encoded. A path that is not valid stays as it is, and matches nothing. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function refuse(status: number, reason: string): Response {
  return plainText(status, reason, OPEN)
}
