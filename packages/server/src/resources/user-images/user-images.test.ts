import sharp from 'sharp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { ImageTransformer } from '../../lib/images/index.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { PublicImageStore } from '../images/public-images.store.js'

const MISSING = `img_${'0'.repeat(27)}`

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('profile images on %s', (dialect) => {
  const server = useTestServer(dialect)
  const users = () => server.client.users
  let png: Buffer
  let jpeg: Buffer

  beforeAll(async () => {
    const picture = sharp({ create: { width: 40, height: 20, channels: 3, background: '#369' } })
    png = await picture.clone().png().toBuffer()
    jpeg = await picture.clone().jpeg().toBuffer()
  })

  const create = (params: object = {}) => users().createUser({ emailAddress: ['ada@example.com'], ...params })
  const file = (content: Uint8Array | string, name = 'ada.png', type = 'image/png') =>
    new File([content as BlobPart], name, { type })
  const idIn = (url: string) => url.slice(url.lastIndexOf('/') + 1)
  const get = (url: string, headers: Record<string, string> = {}) => server.fetch(url, { headers })
  const images = () =>
    server.server.database.read
      .selectFrom('images')
      .select('id')
      .where('instance_id', '=', server.instance.id)
      .execute()

  function upload(userId: string, value: File | string | undefined, field = 'file') {
    const form = new FormData()
    if (value !== undefined) form.append(field, value)
    return server.call('POST', `/users/${userId}/profile_image`, form)
  }

  it('keeps an upload and serves it to anybody', async () => {
    const user = await create()

    const changed = await users().updateUserProfileImage(user.id, { file: file(png) })

    expect(changed.hasImage).toBe(true)
    expect(changed.imageUrl).toMatch(/^http:\/\/api\.test\/images\/img_\w{27}$/)
    const payload = { has_image: true, image_url: changed.imageUrl, profile_image_url: changed.imageUrl }
    expect((await server.events()).at(-1)).toMatchObject({ type: 'user.updated', payload })
    const response = await get(changed.imageUrl)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(png)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    })
  })

  it('says what the bytes are, whatever the name', async () => {
    const user = await create()

    const { body } = await upload(user.id, file(jpeg, 'ada.svg', 'image/svg+xml'))

    expect((await get(body.image_url)).headers.get('content-type')).toBe('image/jpeg')
  })

  it.each([
    ['width=10', 10, 5],
    ['height=10', 20, 10],
    ['width=10&height=10', 10, 5],
    ['width=10&height=10&fit=crop', 10, 10],
    ['width=400', 40, 20],
  ])('resizes it: ?%s', async (query, width, height) => {
    const user = await create()
    const { body } = await upload(user.id, file(png))

    for (let time = 1; time <= 2; time++) {
      const response = await get(`${body.image_url}?${query}`)
      expect(await sharp(Buffer.from(await response.arrayBuffer())).metadata()).toMatchObject({
        format: 'png',
        width,
        height,
      })
    }
  })

  it('makes a JPEG smaller where a lower quality is asked for', async () => {
    const user = await create()
    const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * index * 37) % 256)
    const noise = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg({ quality: 100 })
      .toBuffer()
    const { body } = await upload(user.id, file(noise))
    const size = async (query: string) => (await (await get(`${body.image_url}?${query}`)).arrayBuffer()).byteLength

    expect(await size('quality=10')).toBeLessThan(await size('width=64'))
    expect(await size('width=64')).toBe(await size('width=64&quality=85'))
    expect(await size('width=64')).toBeLessThan(noise.length)
  })

  it('resizes once for all who ask for the same size at once', async () => {
    const user = await create()
    const { body } = await upload(user.id, file(png))
    const transform = vi.spyOn(ImageTransformer.prototype, 'transform')
    try {
      const sizes = await Promise.all(
        Array.from(
          { length: 8 },
          async () => (await (await get(`${body.image_url}?width=9`)).arrayBuffer()).byteLength,
        ),
      )
      expect(new Set(sizes).size).toBe(1)
      await get(`${body.image_url}?width=9`)
      expect(transform).toHaveBeenCalledTimes(1)
    } finally {
      transform.mockRestore()
    }
  })

  it('reads a picture from the database once for all who ask', async () => {
    const { body } = await upload((await create()).id, file(png))
    const read = vi.spyOn(PublicImageStore.prototype, 'content')
    try {
      await Promise.all(Array.from({ length: 8 }, () => get(body.image_url)))
      expect(Buffer.from(await (await get(body.image_url)).arrayBuffer()).equals(png)).toBe(true)
      expect(read).toHaveBeenCalledTimes(1)
    } finally {
      read.mockRestore()
    }
  })

  it('answers HEAD', async () => {
    const user = await create()
    const { body } = await upload(user.id, file(png))

    const response = await server.fetch(body.image_url, { method: 'HEAD' })

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(await response.text()).toBe('')
    expect((await server.fetch(body.image_url, { method: 'POST' })).status).toBe(404)
  })

  it('answers 304 to who has it already', async () => {
    const user = await create()
    const { body } = await upload(user.id, file(png))
    const etag = (await get(body.image_url)).headers.get('etag')!
    const smaller = (await get(`${body.image_url}?width=10`)).headers.get('etag')!

    expect(etag).toMatch(/^"[\w-]+"$/)
    expect(smaller).not.toBe(etag)
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await get(body.image_url, { 'if-none-match': known })
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
      expect(await response.text()).toBe('')
    }
    expect((await get(body.image_url, { 'if-none-match': smaller })).status).toBe(200)
  })

  const badQueries = [
    'width=0',
    'width=-1',
    'width=1e9',
    'width=abc',
    'height=99999',
    'quality=0',
    'quality=101',
    'fit=cover',
    'width=',
  ]

  it.each(badQueries)('refuses ?%s', async (query) => {
    const user = await create()
    const { body } = await upload(user.id, file(png))

    const response = await get(`${body.image_url}?${query}`)

    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      errors: [{ code: 'form_param_value_invalid', meta: { param_name: query.split('=')[0] } }],
    })
  })

  const unknownPaths = [MISSING, 'default/user_0', 'a%00b', 'default/%00', '..%2f..%2fetc', 'x'.repeat(300)].map(
    (path) => `/images/${path}`,
  )

  it.each(unknownPaths)('does not find %s', async (path) => {
    const response = await get(`${API_URL}${path}`)

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ code: 'resource_not_found' }] })
  })

  it('draws a picture for who has none', async () => {
    const user = await create({ firstName: '<b>', lastName: 'Lovelace' })

    const response = await get(user.imageUrl)

    expect(user).toMatchObject({ hasImage: false, imageUrl: `${API_URL}/images/default/${user.id}` })
    expect(response.headers.get('content-type')).toBe('image/svg+xml')
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600')
    expect(await response.text()).toMatch(/^<svg .*>L<\/text><\/svg>$/)
    expect((await get(user.imageUrl, { 'if-none-match': response.headers.get('etag')! })).status).toBe(304)
    await users().updateUser(user.id, { firstName: 'Ada' })
    expect(await (await get(user.imageUrl, { 'if-none-match': response.headers.get('etag')! })).text()).toContain(
      '>AL<',
    )
  })

  it('deletes the picture that another replaces', async () => {
    const user = await create()
    const first = (await upload(user.id, file(png))).body.image_url
    await get(`${first}?width=10`)

    const second = (await upload(user.id, file(jpeg))).body.image_url

    expect(second).not.toBe(first)
    expect((await get(first)).status).toBe(404)
    expect((await get(`${first}?width=10`)).status).toBe(404)
    expect((await get(second)).status).toBe(200)
    expect(await images()).toHaveLength(1)
  })

  it('keeps one of two that come at once', async () => {
    const user = await create()

    const answers = await Promise.all([upload(user.id, file(png)), upload(user.id, file(jpeg))])

    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await images()).toHaveLength(1)
    expect((await get((await users().getUser(user.id)).imageUrl)).status).toBe(200)
  })

  it('deletes the picture', async () => {
    const user = await create()
    const { body } = await upload(user.id, file(png))

    expect(await users().deleteUserProfileImage(user.id)).toMatchObject({
      hasImage: false,
      imageUrl: `${API_URL}/images/default/${user.id}`,
    })

    expect((await get(body.image_url)).status).toBe(404)
    expect(await images()).toEqual([])
    expect(await server.call('DELETE', `/users/${user.id}/profile_image`)).toMatchObject(
      refused(404, 'image_not_found'),
    )
    expect(await server.call('DELETE', '/users/user_0/profile_image')).toMatchObject(refused(404, 'resource_not_found'))
  })

  it('deletes pictures with their user', async () => {
    const user = await create()
    const { body } = await upload(user.id, file(png))

    await users().deleteUser(user.id)

    expect((await get(body.image_url)).status).toBe(404)
    expect((await get(`${API_URL}/images/default/${user.id}`)).status).toBe(404)
  })

  describe('PATCH /users/:id with profile_image_id', () => {
    it("takes the user's own picture and copies that of another user", async () => {
      const ada = await create()
      const bob = await create({ emailAddress: ['bob@example.com'] })
      const ofAda = (await upload(ada.id, file(png))).body.image_url
      const ofBob = (await upload(bob.id, file(jpeg))).body.image_url

      expect((await users().updateUser(ada.id, { profileImageID: idIn(ofAda) })).imageUrl).toBe(ofAda)
      const { status, body } = await server.call('PATCH', `/users/${bob.id}`, { profile_image_id: idIn(ofAda) })

      expect(status).toBe(200)
      expect(body.image_url).not.toBe(ofAda)
      expect((await get(ofBob)).status).toBe(404)
      await users().deleteUser(ada.id)
      expect(Buffer.from(await (await get(body.image_url)).arrayBuffer()).equals(png)).toBe(true)
      expect(await images()).toHaveLength(1)
    })

    it('refuses one that is not there, or is of another instance', async () => {
      const user = await create()
      const { body } = await upload(user.id, file(png))
      const other = await server.server.createInstance()
      const theirs = (
        await server.call('POST', '/users', { email_address: ['eve@example.com'] }, { key: other.secretKey })
      ).body.id

      expect(await server.call('PATCH', `/users/${user.id}`, { profile_image_id: MISSING })).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'form_resource_not_found', meta: { param_name: 'profile_image_id' } }] },
      })
      expect(
        (
          await server.call(
            'PATCH',
            `/users/${theirs}`,
            { profile_image_id: idIn(body.image_url) },
            { key: other.secretKey },
          )
        ).status,
      ).toBe(422)
      expect((await users().getUser(user.id)).imageUrl).toBe(body.image_url)
    })
  })

  describe('bad uploads', () => {
    it.each([
      ['a text named .png', () => file('just text')],
      [
        'an SVG',
        () =>
          file('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'ada.svg', 'image/svg+xml'),
      ],
      ['a web page', () => file('<!doctype html><script>alert(1)</script>')],
      ['a damaged picture', () => file(png.subarray(0, 30))],
      ['an empty file', () => file('')],
    ])('refuses %s', async (_, make) => {
      const user = await create()

      expect(await upload(user.id, make())).toMatchObject(refused(400, 'request_body_invalid'))
      expect(await images()).toEqual([])
      expect(await server.events()).toHaveLength(1)
    })

    it.each([10 * 1024 * 1024 + 1, 11_000_000, 12_000_000])('refuses a picture of %i bytes', async (size) => {
      const user = await create()
      const content = Buffer.alloc(size)
      png.copy(content)

      expect(await upload(user.id, file(content))).toMatchObject(refused(413, 'image_too_large'))
      expect(await images()).toEqual([])
    })

    it('refuses a form without a file', async () => {
      const user = await create()

      for (const answer of [
        await upload(user.id, 'text'),
        await upload(user.id, undefined),
        await upload(user.id, file(png), 'image'),
      ]) {
        expect(answer).toMatchObject({
          status: 400,
          body: { errors: [{ code: 'form_param_missing', meta: { param_name: 'file' } }] },
        })
      }
    })

    it('refuses what is no form', async () => {
      const user = await create()
      const post = (body: string | Uint8Array, type: string) =>
        server.call('POST', `/users/${user.id}/profile_image`, body, { headers: { 'content-type': type } })

      expect(await post('{}', 'application/json')).toMatchObject(refused(415, 'unsupported_content_type'))
      expect(await post(png, 'image/png')).toMatchObject({ status: 415 })
      for (const body of [
        '--x\r\nrubbish',
        '',
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nno end',
      ]) {
        expect(await post(body, 'multipart/form-data; boundary=x')).toMatchObject(refused(400, 'request_body_invalid'))
      }
      expect(await post('--x--', 'multipart/form-data')).toMatchObject(refused(400, 'request_body_invalid'))
    })

    it('refuses a form of very many parts', async () => {
      const user = await create()
      const form = (parts: number) =>
        `${'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nb\r\n'.repeat(parts)}--x--\r\n`
      const post = (body: string, type: string) =>
        server.call('POST', `/users/${user.id}/profile_image`, body, { headers: { 'content-type': type } })

      for (const type of [
        'multipart/form-data; boundary=x',
        'multipart/form-data; charset=utf-8; Boundary="x"',
        'multipart/form-data; boundary="\\x"',
      ]) {
        expect(await post(form(200), type)).toMatchObject(refused(400, 'request_body_invalid'))
        expect(await post(form(20), type)).toMatchObject(refused(400, 'form_param_missing'))
      }
    })

    it("does not know unknown users, nor another instance's", async () => {
      const user = await create()
      const { secretKey: key } = await server.server.createInstance()
      const form = new FormData()
      form.append('file', file(png))

      expect((await upload('user_0', file(png))).status).toBe(404)
      expect((await server.call('POST', `/users/${user.id}/profile_image`, form, { key })).status).toBe(404)
      expect((await server.call('POST', `/users/${user.id}/profile_image`, form, { key: null })).status).toBe(401)
    })
  })
})
