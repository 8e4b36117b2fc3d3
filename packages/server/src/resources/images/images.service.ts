import { errors } from '../../http/errors.js'
import { readImage, type Image, type ImageTransformer } from '../../images/index.js'
import type { Queries } from '../../storage/database.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { imageErrors } from './image-errors.js'
import { ImageStore } from './images.store.js'

/** The pictures that were uploaded for users. A user has one at the most. */
export class ImageService {
  readonly #context: InstanceContext
  readonly #store: ImageStore
  readonly #transformer: ImageTransformer

  constructor(context: InstanceContext) {
    this.#context = context
    this.#store = new ImageStore(context.database.read, context.instanceId)
    this.#transformer = context.imageTransformer
  }

  /**
   * Reads an upload. Unpacking it takes its time: to be called before the transaction opens.
   *
   * @throws {ApiError} 400 `form_param_missing` without a file, 413 `image_too_large`, 400 `request_body_invalid` for what
   *   is no picture or not a whole one
   */
  async read(file: File | undefined): Promise<Image> {
    if (!file) throw imageErrors.missing()
    const result = readImage(new Uint8Array(await file.arrayBuffer()))
    if (!result.ok) throw result.reason === 'too_large' ? errors.imageTooLarge() : imageErrors.typeNotSupported()
    if (!(await this.#transformer.isReadable(result.image))) throw imageErrors.unreadable()
    return result.image
  }

  /**
   * Keeps the picture as the user's only one.
   *
   * @returns its id
   */
  async replace(userId: string, { data, type }: Image, tx: Queries): Promise<string> {
    const { ids, instanceId, clock } = this.#context
    const id = ids.next('img')
    await this.#store.insert({ id, instanceId, userId, contentType: type, content: data, createdAt: clock.now() }, tx)
    await this.#store.deleteOthers(userId, id, tx)
    return id
  }

  /**
   * Makes a picture of the instance the user's only one. One of another user is copied: it would go with that user.
   *
   * @returns the id of the user's own picture
   * @throws {ApiError} 422 `form_resource_not_found`
   */
  async adopt(userId: string, imageId: string, tx: Queries): Promise<string> {
    const { ids, clock } = this.#context
    const ownerId = await this.#store.ownerOf(imageId, tx)
    if (ownerId === undefined) throw errors.formResourceNotFound('profile_image_id', imageId)
    const id = ownerId === userId ? imageId : ids.next('img')
    if (id !== imageId) await this.#store.copy(imageId, { id, userId, createdAt: clock.now() }, tx)
    await this.#store.deleteOthers(userId, id, tx)
    return id
  }

  async deleteAllOf(userId: string, tx: Queries): Promise<void> {
    await this.#store.deleteOfUser(userId, tx)
  }
}
