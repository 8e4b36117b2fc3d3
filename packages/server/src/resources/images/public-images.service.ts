import { LRUCache } from 'lru-cache'
import type { Image, ImageTransform, ImageTransformer, ImageType } from '../../lib/images/index.js'
import type { PublicImageStore } from './public-images.store.js'

/** Bytes of pictures that are cached. */
const CACHE_SIZE = 64 * 1024 * 1024

/** Pictures as anybody may see them, in any instance: an id is known only to those who were shown its owner. */
export class PublicImages {
  readonly #kept = new LRUCache<string, Image>({
    maxSize: CACHE_SIZE,
    sizeCalculation: ({ data }) => data.length + 1,
  })
  readonly #underWay = new Map<string, Promise<Image | undefined>>()
  readonly namesOf: PublicImageStore['namesOf']
  /** @returns undefined if there is no picture with this id */
  readonly contentType: PublicImageStore['contentType']

  constructor(private readonly options: { store: PublicImageStore; imageTransformer: ImageTransformer }) {
    this.namesOf = (id) => options.store.namesOf(id)
    this.contentType = (id) => options.store.contentType(id)
  }

  /**
   * The bytes of the picture, in the size that is asked for.
   *
   * @returns undefined if it has just been deleted
   * @throws {QueueFull} if too many pictures are being resized
   */
  async content(id: string, type: ImageType, transform: ImageTransform | null): Promise<Uint8Array | undefined> {
    const key = transform ? `${id} ${JSON.stringify(transform)}` : id
    return (this.#kept.get(key) ?? (await this.#make(id, type, transform, key)))?.data
  }

  /** Runs once for all simultaneous requests for the same picture in the same size. */
  #make(id: string, type: ImageType, transform: ImageTransform | null, key: string): Promise<Image | undefined> {
    const started = this.#underWay.get(key)
    if (started) return started
    const load = async () => {
      const data = await this.options.store.content(id)
      return data && { data, type }
    }
    const image = (transform ? this.options.imageTransformer.transform(load, transform) : load())
      .then((made) => {
        if (made) this.#kept.set(key, made)
        return made
      })
      .finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, image)
    return image
  }
}
