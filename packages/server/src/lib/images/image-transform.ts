export interface ImageTransform {
  /** In pixels. */
  width?: number
  height?: number
  /** `scale-down` shrinks until both measures fit; `crop` fills both and cuts off the rest. Neither enlarges. */
  fit: 'scale-down' | 'crop'
  /** 1 to 100; for JPEG and WebP. */
  quality: number
}

export type ImageTransformResult =
  /** `transform` is null when the query asks for nothing. */
  { ok: true; transform: ImageTransform | null } | { ok: false; param: 'width' | 'height' | 'fit' | 'quality' }

const MAX_PIXELS = 2048
const DEFAULT_QUALITY = 85

/** Reads `?width=&height=&fit=scale-down|crop&quality=1..100`. Other parameters are ignored. */
export function parseTransform(query: URLSearchParams): ImageTransformResult {
  const read = (name: string, max: number) => {
    const text = query.get(name)
    if (text === null) return undefined
    return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= max ? Number(text) : Number.NaN
  }
  const [width, height, quality] = [read('width', MAX_PIXELS), read('height', MAX_PIXELS), read('quality', 100)]
  const fit = query.get('fit') ?? 'scale-down'

  if (Number.isNaN(width)) return { ok: false, param: 'width' }
  if (Number.isNaN(height)) return { ok: false, param: 'height' }
  if (Number.isNaN(quality)) return { ok: false, param: 'quality' }
  if (fit !== 'scale-down' && fit !== 'crop') return { ok: false, param: 'fit' }
  if (width === undefined && height === undefined && quality === undefined) return { ok: true, transform: null }
  return { ok: true, transform: { width, height, fit, quality: quality ?? DEFAULT_QUALITY } }
}
