import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { ApiError } from '../../http/api-error.js'
import type { ServerApp } from '../../http/app.js'
import { errors } from '../../http/errors.js'
import { errorReply } from '../../http/reply.js'
import { defaultAvatar, initialsOf, parseTransform } from '../../images/index.js'
import type { Image, ImageTransform, ImageTransformer, ImageType } from '../../images/index.js'
import { QueueFull } from '../../passwords/index.js'
import type { Random } from '../../runtime.js'
import type { Database } from '../../storage/database.js'
import { publicImages } from './images.store.js'

interface ImageRoutesOptions {
  database: Database
  imageTransformer: ImageTransformer
  random: Random
}

/** Bytes of resized pictures that are kept. */
const CACHE_SIZE = 32 * 1024 * 1024
/** What ids are made of; anything else is nobody's. */
const ID = /^[\w-]{1,256}$/
/** A picture never changes under its id: another one gets another. */
const FOREVER = 'public, max-age=31536000, immutable'
/** Seconds; the initials of a user may change. */
const AN_HOUR = 'public, max-age=3600'

/** Whatever an upload holds, it is shown as a picture or not at all. */
const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
}

/**
 * Serves the pictures that `image_url` points to, to anybody: uploads at `/images/<image id>`, those of users without one
 * at `/images/default/<user id>`. `?width`, `?height`, `?fit` and `?quality` ask for an upload in another size; a default
 * picture is drawn in lines and needs none.
 */
export function mountImageRoutes(app: ServerApp, options: ImageRoutesOptions): void {
  const { database, imageTransformer, random } = options
  const resized = new LRUCache<string, Image>({ maxSize: CACHE_SIZE, sizeCalculation: ({ data }) => data.length + 1 })
  const underWay = new Map<string, Promise<Image | undefined>>()
  const fail = (error: ApiError) => errorReply(error, Buffer.from(random.bytes(16)).toString('hex'))

  app.get('/images/default/:user_id', async (context) => {
    const id = context.req.param('user_id')
    const names = ID.test(id) ? await namesOf(id, database) : undefined
    if (!names) return fail(errors.resourceNotFound('user', id))
    const svg = defaultAvatar(id, initialsOf(names.first_name, names.last_name))
    const picture = { type: 'image/svg+xml', tag: svg, cache: AN_HOUR, data: async () => svg }
    return (await answer(context.req.header('if-none-match'), picture)) ?? fail(errors.resourceNotFound('user', id))
  })

  app.get('/images/:image_id', async (context) => {
    const id = context.req.param('image_id')
    const query = parseTransform(new URL(context.req.url).searchParams)
    if (!query.ok) return fail(errors.paramValueInvalid(query.param))
    // Also for what is in the cache: a deleted picture is shown no more.
    const type = ID.test(id) ? await publicImages.contentType(id, database.read) : undefined
    if (type === undefined) return fail(errors.resourceNotFound('image', id))
    const tag = `${id} ${JSON.stringify(query.transform)}`
    const picture = { type, tag, cache: FOREVER, data: () => read(id, type as ImageType, query.transform, tag) }
    try {
      return (await answer(context.req.header('if-none-match'), picture)) ?? fail(errors.resourceNotFound('image', id))
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error
      return new Response('Too many images to resize at this moment\n', {
        status: 503,
        headers: { 'retry-after': '1' },
      })
    }
  })

  async function read(
    id: string,
    type: ImageType,
    transform: ImageTransform | null,
    key: string,
  ): Promise<Uint8Array | undefined> {
    if (!transform) return publicImages.content(id, database.read)
    return (resized.get(key) ?? (await resize(id, type, transform, key)))?.data
  }

  /** Once for all who ask for the same size at once. */
  function resize(id: string, type: ImageType, transform: ImageTransform, key: string): Promise<Image | undefined> {
    const started = underWay.get(key)
    if (started) return started
    const load = async () => {
      const data = await publicImages.content(id, database.read)
      return data && { data, type }
    }
    const image = imageTransformer
      .transform(load, transform)
      .then((made) => {
        if (made) resized.set(key, made)
        return made
      })
      .finally(() => underWay.delete(key))
    underWay.set(key, image)
    return image
  }
}

interface Names {
  first_name: string | null
  last_name: string | null
}

function namesOf(userId: string, { read }: Database): Promise<Names | undefined> {
  return read
    .selectFrom('users')
    .select(['first_name', 'last_name'])
    .where('id', '=', userId)
    .$castTo<Names>()
    .executeTakeFirst()
}

interface Picture {
  type: string
  /** Another for other content. */
  tag: string
  cache: string
  /** Undefined when it has just been deleted. */
  data(): Promise<Uint8Array | string | undefined>
}

async function answer(
  ifNoneMatch: string | undefined,
  { type, tag, cache, data }: Picture,
): Promise<Response | undefined> {
  const etag = `"${createHash('sha256').update(tag).digest('base64url').slice(0, 27)}"`
  const headers = { ...safetyHeaders, etag, 'cache-control': cache }
  const known = (ifNoneMatch ?? '').split(',').map((value) => value.trim().replace(/^W\//, ''))
  if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers })
  const body = await data()
  return body === undefined
    ? undefined
    : new Response(body as BodyInit, { headers: { ...headers, 'content-type': type } })
}
