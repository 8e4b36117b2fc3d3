import { WorkQueue } from '../passwords/work-queue.js'
import type { ImageTransform } from './image-transform.js'
import type { Image } from './image-type.js'

/** What is used of the package `sharp`. Not its own types: these declarations are published, and it may not be installed. */
interface Pipeline {
  autoOrient(): Pipeline
  resize(options: {
    width?: number | undefined
    height?: number | undefined
    fit: 'cover' | 'inside'
    withoutEnlargement: boolean
  }): Pipeline
  timeout(options: { seconds: number }): Pipeline
  jpeg(options: { quality: number }): Pipeline
  webp(options: { quality: number }): Pipeline
  gif(): Pipeline
  png(): Pipeline
  stats(): Promise<unknown>
  toBuffer(): Promise<Image['data']>
}

type SharpFactory = (input: Uint8Array, options: { limitInputPixels: number; animated?: boolean }) => Pipeline

/** Milliseconds that a picture waits for its turn. */
const PATIENCE = 15_000

export interface ImageTransformerOptions {
  /** Pictures processed at a time. Default 2. */
  concurrency?: number
  /** Pictures that may wait for their turn. Default 64. */
  queueLimit?: number
  /** Gives the `sharp` package, or undefined where it is not installed. */
  loadSharp?: () => Promise<SharpFactory | undefined>
}

/** 50 megapixels: a small file can declare a size that would fill the memory once decoded. */
const MAX_INPUT_PIXELS = 50_000_000
const TIMEOUT_SECONDS = 10

/**
 * Resizes pictures through the optional package `sharp`. Without it, and for files that it cannot read, pictures are
 * served as they were uploaded.
 */
export class ImageTransformer {
  private readonly queue: WorkQueue
  private readonly load: () => Promise<SharpFactory | undefined>
  private sharp: Promise<SharpFactory | undefined> | undefined

  constructor(options: ImageTransformerOptions = {}) {
    this.queue = new WorkQueue({
      concurrency: options.concurrency ?? 2,
      limit: options.queueLimit ?? 64,
      patience: PATIENCE,
    })
    this.load = options.loadSharp ?? importSharp
  }

  /**
   * @param read reads the picture once its turn has come, so that waiting ones take no memory; undefined if it was
   *   deleted
   * @throws {QueueFull} when too many pictures wait already.
   */
  async transform(read: () => Promise<Image | undefined>, transform: ImageTransform): Promise<Image | undefined> {
    const sharp = await this.loaded()
    if (!sharp) return read()
    const { width, height, fit, quality } = transform
    return this.queue.run(async () => {
      const image = await read()
      if (!image) return undefined
      const pipeline = sharp(image.data, { limitInputPixels: MAX_INPUT_PIXELS, animated: true })
        // The metadata of a photograph says which side is up, and the metadata is not kept.
        .autoOrient()
        .resize({ width, height, fit: fit === 'crop' ? 'cover' : 'inside', withoutEnlargement: true })
        .timeout({ seconds: TIMEOUT_SECONDS })
      try {
        return { data: await encode(pipeline, image, quality).toBuffer(), type: image.type }
      } catch {
        return image
      }
    })
  }

  /** Whether the file can be decoded. Without `sharp` every file passes. */
  async isReadable(image: Image): Promise<boolean> {
    const sharp = await this.loaded()
    if (!sharp) return true
    return this.queue.run(async () => {
      try {
        await sharp(image.data, { limitInputPixels: MAX_INPUT_PIXELS }).timeout({ seconds: TIMEOUT_SECONDS }).stats()
        return true
      } catch {
        return false
      }
    })
  }

  private loaded(): Promise<SharpFactory | undefined> {
    this.sharp ??= this.load()
    return this.sharp
  }
}

function encode(pipeline: Pipeline, { type }: Image, quality: number): Pipeline {
  switch (type) {
    case 'image/jpeg':
      return pipeline.jpeg({ quality })
    case 'image/webp':
      return pipeline.webp({ quality })
    case 'image/gif':
      return pipeline.gif()
    case 'image/png':
      // A quality here would reduce the colours to a palette.
      return pipeline.png()
  }
}

/** Loaded at the first use: the library takes its time and memory, and most instances never resize a picture. */
async function importSharp(): Promise<SharpFactory | undefined> {
  try {
    const { default: sharp } = await import('sharp')
    // One thread for each picture, no cache: the queue decides how many run.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  } catch {
    return undefined
  }
}
