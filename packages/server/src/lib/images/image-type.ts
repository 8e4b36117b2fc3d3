/** 10 MiB: larger uploads are 413 `image_too_large`. */
export const MAX_IMAGE_BYTES = 10 * 1024 * 1024

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

export interface Image {
  data: Uint8Array
  type: ImageType
}

export type ImageResult = { ok: true; image: Image } | { ok: false; reason: 'too_large' | 'type_not_supported' }

/**
 * Reads an upload. Its first bytes say what it is: the sender can choose any name and declared type, and the result is
 * served from our own origin. SVG is refused, since it can carry scripts.
 */
export function readImage(data: Uint8Array): ImageResult {
  if (data.length > MAX_IMAGE_BYTES) return { ok: false, reason: 'too_large' }
  const type = imageTypeOf(data)
  return type ? { ok: true, image: { data, type } } : { ok: false, reason: 'type_not_supported' }
}

function imageTypeOf(data: Uint8Array): ImageType | undefined {
  const head = Buffer.from(data.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  // RIFF, four bytes of size, then the kind of content and its first chunk: VP8 with a space, L or X behind.
  if (/^RIFF.{4}WEBPVP8[ LX]$/s.test(head)) return 'image/webp'
  return undefined
}
