import type { ServerApp } from '../../http/app.js'
import { etagOf, isKnown } from '../../http/etag.js'
import { errorReply } from '../../http/reply.js'
import { newTraceId } from '../../http/request-origin.js'
import type { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Random } from '../../kernel/runtime.js'
import { defaultAvatar, initialsOf, parseTransform, type ImageType } from '../../lib/images/index.js'
import { QueueFull } from '../../lib/passwords/index.js'
import type { PublicImages } from './public-images.service.js'

interface ImageRoutesOptions {
  images: PublicImages
  random: Random
}

/** The characters of ids; any other text cannot be an id. */
const ID = /^[\w-]{1,256}$/
/** The picture of an id never changes: a new picture gets a new id. */
const FOREVER = 'public, max-age=31536000, immutable'
/** Seconds; the initials may change. */
const AN_HOUR = 'public, max-age=3600'

/** Browsers show an upload as a picture or not at all, whatever it contains. */
const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
}

/**
 * Serves the pictures that `image_url` points to, to anybody: uploads at `/images/<image id>`, those of users and
 * organizations without one at `/images/default/<id>`. `?width`, `?height`, `?fit` and `?quality` ask for an upload in
 * another size; a default picture is drawn in lines and needs none.
 */
export function mountImageRoutes(app: ServerApp, options: ImageRoutesOptions): void {
  const { images, random } = options
  const fail = (error: ApiError) => errorReply(error, newTraceId(random))

  app.get('/images/default/:owner_id', async (context) => {
    const id = context.req.param('owner_id')
    const names = ID.test(id) ? await images.namesOf(id) : undefined
    if (!names) return fail(errors.resourceNotFound('user or organization', id))
    const svg = defaultAvatar(id, initialsOf(...names))
    const picture = { type: 'image/svg+xml', tag: svg, cache: AN_HOUR, data: async () => svg }
    return (
      (await answer(context.req.header('if-none-match'), picture)) ??
      fail(errors.resourceNotFound('user or organization', id))
    )
  })

  app.get('/images/:image_id', async (context) => {
    const id = context.req.param('image_id')
    const query = parseTransform(new URL(context.req.url).searchParams)
    if (!query.ok) return fail(errors.paramValueInvalid(query.param))
    // Checked even if the picture is cached: a deleted one must no longer be shown.
    const type = ID.test(id) ? await images.contentType(id) : undefined
    if (type === undefined) return fail(errors.resourceNotFound('image', id))
    const tag = `${id} ${JSON.stringify(query.transform)}`
    const picture = { type, tag, cache: FOREVER, data: () => images.content(id, type as ImageType, query.transform) }
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
}

interface Picture {
  type: string
  /** Differs for different content. */
  tag: string
  cache: string
  /** Undefined when it has just been deleted. */
  data(): Promise<Uint8Array | string | undefined>
}

async function answer(
  ifNoneMatch: string | undefined,
  { type, tag, cache, data }: Picture,
): Promise<Response | undefined> {
  const etag = etagOf(tag)
  const headers = { ...safetyHeaders, etag, 'cache-control': cache }
  if (isKnown(etag, ifNoneMatch)) return new Response(null, { status: 304, headers })
  const body = await data()
  return body === undefined
    ? undefined
    : new Response(body as BodyInit, { headers: { ...headers, 'content-type': type } })
}
