import fc from 'fast-check'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  defaultAvatar,
  type Image,
  ImageTransformer,
  initialsOf,
  MAX_IMAGE_BYTES,
  parseTransform,
  readImage,
} from './index.js'

const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#369' } })

describe('readImage', () => {
  it.each([
    ['image/png', () => picture(4, 4).png().toBuffer()],
    ['image/jpeg', () => picture(4, 4).jpeg().toBuffer()],
    ['image/gif', () => picture(4, 4).gif().toBuffer()],
    ['image/webp', () => picture(4, 4).webp().toBuffer()],
    ['image/webp', () => picture(4, 4).webp({ lossless: true }).toBuffer()],
  ])('knows %s', async (type, make) => {
    expect(readImage(await make())).toMatchObject({ ok: true, image: { type } })
  })

  it.each([
    '',
    'GIF',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<?xml version="1.0"?><svg/>',
    '<html>',
    'RIFF\0\0\0\0WAVEfmt ',
    '\0\0\x01\0',
    'BM',
    'GIF88a',
    ' GIF89a',
  ])('refuses %j', (text) => {
    expect(readImage(Buffer.from(text, 'latin1'))).toEqual({ ok: false, reason: 'type_not_supported' })
  })

  it('refuses what is too large, whatever it is', () => {
    const data = Buffer.alloc(MAX_IMAGE_BYTES + 1)
    expect(readImage(data)).toEqual({ ok: false, reason: 'too_large' })
    data.write('GIF89a')
    expect(readImage(data.subarray(1))).toEqual({ ok: false, reason: 'type_not_supported' })
    expect(readImage(data.subarray(0, -1))).toMatchObject({ ok: true })
  })
})

describe('defaultAvatar', () => {
  it('is the same for the same seed and another for another', () => {
    expect(defaultAvatar('user_1', 'AL')).toBe(defaultAvatar('user_1', 'AL'))
    expect(defaultAvatar('user_1')).not.toBe(defaultAvatar('user_2'))
    expect(defaultAvatar('user_1')).not.toContain('<text')
  })

  it('is a picture that others can read, whatever the initials', async () => {
    const texts = fc.asyncProperty(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.string({ unit: 'binary' }),
      async (initials, seed) => {
        const { format, width } = await sharp(Buffer.from(defaultAvatar(seed, initials))).metadata()
        expect({ format, width }).toEqual({ format: 'svg', width: 100 })
      },
    )
    await fc.assert(texts, {
      examples: [
        ['<>', ''],
        ["&'", ''],
        ['\0"', ''],
        ['\ud800', ''],
      ],
    })
  })

  it.each([
    [['Ada', 'Lovelace'], 'AL'],
    [['ada', null], 'A'],
    [[undefined, ' éva'], 'É'],
    [['ıbrahim'], 'I'],
    [['<script>', '-', ''], ''],
    [['𝒜da', '李'], '𝒜李'],
    [['a', 'b', 'c'], 'AB'],
  ])('takes from %j the initials %j', (names, initials) => {
    expect(initialsOf(...names)).toBe(initials)
  })
})

describe('parseTransform', () => {
  const parse = (query: string) => parseTransform(new URLSearchParams(query))

  it.each([
    ['', null],
    ['v=2', null],
    ['fit=crop', null],
    ['width=80', { width: 80, fit: 'scale-down', quality: 85 }],
    ['width=80&height=40&fit=crop&quality=100', { width: 80, height: 40, fit: 'crop', quality: 100 }],
    ['quality=1', { fit: 'scale-down', quality: 1 }],
  ])('reads %j', (query, transform) => {
    expect(parse(query)).toEqual({ ok: true, transform })
  })

  it.each([
    ['width=0', 'width'],
    ['width=2049', 'width'],
    ['width=1e3', 'width'],
    ['width=', 'width'],
    ['height=-1', 'height'],
    ['quality=101', 'quality'],
    ['fit=cover&width=1', 'fit'],
  ])('refuses %j', (query, param) => {
    expect(parse(query)).toEqual({ ok: false, param })
  })
})

describe('ImageTransformer', () => {
  const transformer = new ImageTransformer()
  let jpeg: Image

  beforeAll(async () => {
    jpeg = { data: await picture(200, 100).jpeg().toBuffer(), type: 'image/jpeg' }
  })

  const measures = async (image: Image) => {
    const { width, height, format } = await sharp(image.data).metadata()
    return [width, height, format]
  }

  it.each([
    [{ width: 50, fit: 'scale-down', quality: 85 }, [50, 25, 'jpeg']],
    [{ width: 50, height: 50, fit: 'scale-down', quality: 85 }, [50, 25, 'jpeg']],
    [{ width: 50, height: 50, fit: 'crop', quality: 85 }, [50, 50, 'jpeg']],
    [{ height: 50, fit: 'crop', quality: 85 }, [100, 50, 'jpeg']],
    [{ width: 2000, fit: 'scale-down', quality: 85 }, [200, 100, 'jpeg']],
    [{ fit: 'scale-down', quality: 10 }, [200, 100, 'jpeg']],
  ] as const)('makes of 200 by 100 with %j %j', async (transform, expected) => {
    const result = (await transformer.transform(async () => jpeg, transform))!
    expect(result.type).toBe('image/jpeg')
    expect(await measures(result)).toEqual(expected)
  })

  it.each(['png', 'gif', 'webp'] as const)('keeps %s what it is', async (format) => {
    const image: Image = { data: await picture(20, 20).toFormat(format).toBuffer(), type: `image/${format}` }
    const result = (await transformer.transform(async () => image, { width: 10, fit: 'crop', quality: 50 }))!
    expect(await measures(result)).toEqual([10, 10, format])
  })

  it('serves the original where sharp is not installed', async () => {
    const without = new ImageTransformer({ loadSharp: async () => undefined })
    expect(await without.transform(async () => jpeg, { width: 10, fit: 'crop', quality: 85 })).toBe(jpeg)
    expect(await without.isReadable(jpeg)).toBe(true)
  })

  it('tells broken files, and serves them as they are', async () => {
    const broken: Image = { data: Buffer.from('\x89PNG\r\n\x1a\nnothing more', 'latin1'), type: 'image/png' }
    expect(await transformer.isReadable(jpeg)).toBe(true)
    expect(await transformer.isReadable(broken)).toBe(false)
    expect(await transformer.isReadable({ ...jpeg, data: jpeg.data.subarray(0, 200) })).toBe(false)
    expect(await transformer.transform(async () => broken, { width: 10, fit: 'crop', quality: 85 })).toBe(broken)
  })

  it('takes a picture into memory only when its turn has come', async () => {
    const one = new ImageTransformer({ concurrency: 1 })
    let reading = 0
    let most = 0
    const read = async () => {
      most = Math.max(most, ++reading)
      await new Promise((resolve) => setImmediate(resolve))
      reading--
      return jpeg
    }
    const results = await Promise.all(
      Array.from({ length: 10 }, () => one.transform(read, { width: 10, fit: 'crop', quality: 85 })),
    )
    expect(results).toHaveLength(10)
    expect(most).toBe(1)
    expect(await one.transform(async () => undefined, { width: 10, fit: 'crop', quality: 85 })).toBeUndefined()
  })

  it('unpacks no picture of monstrous measures', async () => {
    const bomb: Image = { data: await picture(9000, 9000).png({ compressionLevel: 9 }).toBuffer(), type: 'image/png' }
    expect(bomb.data.length).toBeLessThan(1_000_000)
    expect(await transformer.isReadable(bomb)).toBe(false)
    expect(await transformer.transform(async () => bomb, { width: 10, fit: 'crop', quality: 85 })).toBe(bomb)
  })
})
